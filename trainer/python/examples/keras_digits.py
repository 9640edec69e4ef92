"""A small network in Keras on the digits of scikit-learn: on TensorFlow, or on PyTorch with KERAS_BACKEND=torch."""

import keras
import numpy as np
from digits import digits

from infinitezero import Evaluation, Fit, Learner, Properties, Task, Weights, serve


class KerasLearner(Learner):
    """Any Keras model that classifies."""

    def __init__(self) -> None:
        keras.utils.set_random_seed(0)
        self.data = digits()
        layers = [keras.Input((64,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10)]
        self.model = keras.Sequential(layers)
        self.loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def properties(self) -> Properties:
        return Properties(
            "MLP 64-32-10", f"Keras {keras.__version__} on {keras.backend.backend()}", len(self.data.labels)
        )

    def parameters(self) -> Weights:
        return {f"{place:03}": np.array(values) for place, values in enumerate(self.model.get_weights())}

    def load(self, weights: Weights) -> None:
        self.model.set_weights([weights[name] for name in sorted(weights)])

    def fit(self, weights: Weights, task: Task) -> Fit:
        task.plain()
        task.uncalibrated()
        self.load(weights)
        self.model.compile(keras.optimizers.SGD(task.learning_rate), self.loss)
        random = task.generator()
        loss = 0.0
        for _ in range(task.epochs):
            order = random.permutation(len(self.data.labels))
            features, labels = self.data.features[order], self.data.labels[order]
            history = self.model.fit(features, labels, batch_size=task.batch, shuffle=False, verbose=0)
            loss = float(history.history["loss"][-1])
        return Fit(self.parameters(), len(self.data.labels), loss)

    def evaluate(self, weights: Weights) -> Evaluation:
        self.load(weights)
        scores = self.model.predict(self.data.test_features, verbose=0)
        loss = float(self.loss(self.data.test_labels, scores))
        accuracy = float((scores.argmax(1) == self.data.test_labels).mean())
        return Evaluation(len(self.data.test_labels), loss, accuracy)


if __name__ == "__main__":
    serve(KerasLearner())
