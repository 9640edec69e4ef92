"""Each example through the whole service: rounds make it better, and the same task gives the same answer.

A framework that is not installed is skipped by name; `scripts/python` says which ones it installs.
"""

import importlib

import numpy as np
import pytest
from client import Client

from infinitezero import Learner, Server
from infinitezero.weights import decode

EXAMPLES = [
    ("pytorch_digits", "TorchLearner", "torch", 0.2, 0.85),
    ("transformers_text", "TransformersLearner", "transformers", 0.5, 0.1),
    ("keras_digits", "KerasLearner", "tensorflow", 0.2, 0.85),
    ("onnx_runtime_digits", "OnnxRuntimeLearner", "onnxruntime", 0.2, 0.85),
]


@pytest.mark.parametrize(("module", "name", "framework", "rate", "goal"), EXAMPLES)
def test_rounds_make_it_better(module: str, name: str, framework: str, rate: float, goal: float) -> None:
    pytest.importorskip(framework, reason=f"{framework} is not installed")
    learner: Learner = getattr(importlib.import_module(module), name)()
    with Server(learner) as server, Client(server.address) as client:
        weights = client.parameters()
        before = client.evaluate(weights)
        for place in range(4):
            fit = client.fit(weights, round=place, seed=bytes([place] * 32), epochs=2, learning_rate=rate)
            if place == 0:
                again = client.fit(weights, round=place, seed=bytes([place] * 32), epochs=2, learning_rate=rate)
                one, other = decode(fit.update), decode(again.update)
                assert all(np.allclose(one[key], other[key], atol=1e-5) for key in one)
            weights = {key: values + decode(fit.update)[key] for key, values in weights.items()}
        after = client.evaluate(weights)
        assert after.loss < 0.7 * before.loss
        assert after.accuracy > goal
