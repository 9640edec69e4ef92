"""Linear layers with ReLU between them as an ONNX file: input `features`, output `scores`."""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

Layer = tuple[np.ndarray, np.ndarray]


def perceptron(layers: list[Layer]) -> bytes:
    """Each layer as its weight (inputs x outputs) and its bias."""
    nodes, tensors, last = [], [], "features"
    for place, (weight, bias) in enumerate(layers):
        names = [f"weight{place}", f"bias{place}"]
        tensors += [
            numpy_helper.from_array(np.ascontiguousarray(part), name)
            for part, name in zip((weight, bias), names, strict=True)
        ]
        output = "scores" if place + 1 == len(layers) else f"hidden{place}"
        nodes.append(helper.make_node("Gemm", [last, *names], [output]))
        if output != "scores":
            nodes.append(helper.make_node("Relu", [output], [f"{output}.relu"]))
            output = f"{output}.relu"
        last = output
    floats = TensorProto.FLOAT
    features = helper.make_tensor_value_info("features", floats, ["examples", layers[0][0].shape[0]])
    scores = helper.make_tensor_value_info("scores", floats, ["examples", layers[-1][0].shape[1]])
    graph = helper.make_graph(nodes, "model", [features], [scores], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    checker.check_model(model)
    return bytes(model.SerializeToString())
