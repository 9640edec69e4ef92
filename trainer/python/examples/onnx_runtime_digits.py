"""Training by ONNX Runtime alone: one step of gradient descent is itself an ONNX graph, made here node by node.

The stock runtime only runs graphs forward. So the backward pass of softmax regression is written out as nodes, and a
step is one run.
"""

import numpy as np
import onnxruntime
from digits import digits
from onnx import TensorProto, checker, helper
from perceptron_onnx import perceptron

from infinitezero import Evaluation, Fit, Learner, Properties, Refused, Task, Weights, serve

FEATURES, CLASSES = 64, 10


def step_graph() -> bytes:
    """weight, bias, features, one-hot labels and the rate in; new weight, new bias and the loss out."""
    floats = TensorProto.FLOAT

    def value(name: str, shape: list[int | str]) -> object:
        return helper.make_tensor_value_info(name, floats, shape)

    nodes = [
        helper.make_node("Gemm", ["features", "weight", "bias"], ["scores"]),
        helper.make_node("LogSoftmax", ["scores"], ["logs"], axis=1),
        # the loss: minus the mean logarithm of the right class
        helper.make_node("Mul", ["logs", "labels"], ["right"]),
        helper.make_node("ReduceSum", ["right", "classes_axis"], ["each"], keepdims=0),
        helper.make_node("ReduceMean", ["each"], ["mean"], keepdims=0),
        helper.make_node("Neg", ["mean"], ["loss"]),
        # its gradient at the scores: (softmax - labels) / examples
        helper.make_node("Exp", ["logs"], ["shares"]),
        helper.make_node("Sub", ["shares", "labels"], ["errors"]),
        helper.make_node("Shape", ["features"], ["shape"]),
        helper.make_node("Gather", ["shape", "zero"], ["count"]),
        helper.make_node("Cast", ["count"], ["examples"], to=floats),
        helper.make_node("Div", ["errors", "examples"], ["gradient"]),
        helper.make_node("Gemm", ["features", "gradient"], ["weight_gradient"], transA=1),
        helper.make_node("ReduceSum", ["gradient", "examples_axis"], ["bias_gradient"], keepdims=0),
        helper.make_node("Mul", ["weight_gradient", "rate"], ["weight_step"]),
        helper.make_node("Mul", ["bias_gradient", "rate"], ["bias_step"]),
        helper.make_node("Sub", ["weight", "weight_step"], ["new_weight"]),
        helper.make_node("Sub", ["bias", "bias_step"], ["new_bias"]),
    ]
    constants = [
        helper.make_tensor("classes_axis", TensorProto.INT64, [1], [1]),
        helper.make_tensor("examples_axis", TensorProto.INT64, [1], [0]),
        helper.make_tensor("zero", TensorProto.INT64, [], [0]),
    ]
    inputs = [
        value("weight", [FEATURES, CLASSES]),
        value("bias", [CLASSES]),
        value("features", ["examples", FEATURES]),
        value("labels", ["examples", CLASSES]),
        value("rate", []),
    ]
    outputs = [value("new_weight", [FEATURES, CLASSES]), value("new_bias", [CLASSES]), value("loss", [])]
    outputs.append(value("scores", ["examples", CLASSES]))
    graph = helper.make_graph(nodes, "step", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    checker.check_model(model)
    return bytes(model.SerializeToString())


class OnnxRuntimeLearner(Learner):
    """Softmax regression whose every step is one run of a graph."""

    def __init__(self) -> None:
        self.data = digits()
        self.session = onnxruntime.InferenceSession(step_graph(), providers=["CPUExecutionProvider"])
        self.weights: Weights = {
            "weight": np.zeros((FEATURES, CLASSES), dtype=np.float32),
            "bias": np.zeros(CLASSES, dtype=np.float32),
        }

    def properties(self) -> Properties:
        return Properties("softmax regression", f"ONNX Runtime {onnxruntime.__version__}", len(self.data.labels))

    def parameters(self) -> Weights:
        return self.weights

    def run(
        self, weights: Weights, rows: np.ndarray, labels: np.ndarray, rate: float
    ) -> tuple[Weights, float, np.ndarray]:
        one_hot = np.eye(CLASSES, dtype=np.float32)[labels]
        inputs = {**weights, "features": rows, "labels": one_hot, "rate": np.array(rate, dtype=np.float32)}
        weight, bias, loss, scores = self.session.run(["new_weight", "new_bias", "loss", "scores"], inputs)
        return {"weight": weight, "bias": bias}, float(loss), scores

    def fit(self, weights: Weights, task: Task) -> Fit:
        task.plain()
        task.uncalibrated()
        random = task.generator()
        loss = 0.0
        for _ in range(task.epochs):
            losses = []
            order = random.permutation(len(self.data.labels))
            for rows in np.array_split(order, -(-len(order) // task.batch)):
                weights, batch_loss, _ = self.run(
                    weights, self.data.features[rows], self.data.labels[rows], task.learning_rate
                )
                losses.append(batch_loss)
            loss = float(np.mean(losses))
        self.weights = weights
        return Fit(weights, len(self.data.labels), loss)

    def evaluate(self, weights: Weights) -> Evaluation:
        _, loss, scores = self.run(weights, self.data.test_features, self.data.test_labels, 0.0)
        accuracy = float((scores.argmax(1) == self.data.test_labels).mean())
        return Evaluation(len(self.data.test_labels), loss, accuracy)

    def export(self, weights: Weights, format: str) -> bytes:
        if format != "onnx":
            raise Refused("this learner writes onnx only")
        return perceptron([(weights["weight"], weights["bias"])])


if __name__ == "__main__":
    serve(OnnxRuntimeLearner())
