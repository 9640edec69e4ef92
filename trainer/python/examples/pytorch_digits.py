"""A small network in PyTorch on the digits of scikit-learn."""

import numpy as np
import torch
from digits import digits
from torch import nn

from infinitezero import Evaluation, Fit, Learner, Properties, Task, Weights, serve


class TorchLearner(Learner):
    """Any `nn.Module` that classifies."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.data = digits()
        self.model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))

    def properties(self) -> Properties:
        return Properties("MLP 64-32-10", f"PyTorch {torch.__version__}", len(self.data.labels))

    def parameters(self) -> Weights:
        return {name: value.detach().numpy().copy() for name, value in self.model.state_dict().items()}

    def load(self, weights: Weights) -> None:
        self.model.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in weights.items()})

    def fit(self, weights: Weights, task: Task) -> Fit:
        task.plain()
        self.load(weights)
        optimiser = torch.optim.SGD(self.model.parameters(), lr=task.learning_rate)
        random = task.generator()
        loss = 0.0
        for _ in range(task.epochs):
            losses = []
            order = random.permutation(len(self.data.labels))
            for rows in np.array_split(order, -(-len(order) // task.batch)):
                optimiser.zero_grad()
                scores = self.model(torch.from_numpy(self.data.features[rows]))
                batch_loss = nn.functional.cross_entropy(scores, torch.from_numpy(self.data.labels[rows]))
                batch_loss.backward()
                optimiser.step()
                losses.append(batch_loss.item())
            loss = float(np.mean(losses))
        return Fit(self.parameters(), len(self.data.labels), loss)

    def evaluate(self, weights: Weights) -> Evaluation:
        self.load(weights)
        with torch.no_grad():
            scores = self.model(torch.from_numpy(self.data.test_features))
            labels = torch.from_numpy(self.data.test_labels)
            loss = nn.functional.cross_entropy(scores, labels).item()
            accuracy = (scores.argmax(1) == labels).float().mean().item()
        return Evaluation(len(labels), loss, accuracy)


if __name__ == "__main__":
    serve(TorchLearner())
