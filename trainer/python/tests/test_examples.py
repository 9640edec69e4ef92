"""Each example through the whole service: rounds make it better, and the same task gives the same answer.

A framework that is not installed is skipped by name; `scripts/python` says which ones it installs.
"""

import dataclasses
import importlib

import grpc
import numpy as np
import pytest
from client import Client
from digits import digits

from infinitezero import Learner, Server
from infinitezero import learner_pb2 as messages
from infinitezero.weights import decode

EXAMPLES = [
    ("pytorch_digits", "TorchLearner", "torch", 0.2, 0.85),
    ("transformers_text", "TransformersLearner", "transformers", 0.5, 0.1),
    ("keras_digits", "KerasLearner", "keras", 0.2, 0.85),
    ("onnx_runtime_digits", "OnnxRuntimeLearner", "onnxruntime", 0.2, 0.85),
]


@pytest.mark.parametrize(
    ("module", "name", "framework"),
    [("pytorch_digits", "TorchLearner", "torch"), ("onnx_runtime_digits", "OnnxRuntimeLearner", "onnxruntime")],
)
def test_an_export_is_the_model(module: str, name: str, framework: str) -> None:
    pytest.importorskip(framework)
    runtime = pytest.importorskip("onnxruntime")
    learner: Learner = getattr(importlib.import_module(module), name)()
    with Server(learner) as server, Client(server.address) as client:
        weights = client.parameters()
        weights = {key: values + decode(client.fit(weights).update)[key] for key, values in weights.items()}
        session = runtime.InferenceSession(client.export(weights, "onnx"), providers=["CPUExecutionProvider"])
        data = digits()
        (scores,) = session.run(["scores"], {"features": data.test_features})
        exponents = np.exp(scores - scores.max(1, keepdims=True))
        right = exponents[np.arange(len(scores)), data.test_labels] / exponents.sum(1)
        found = client.evaluate(weights)
        assert abs(found.loss + float(np.log(right).mean())) <= 1e-4
        assert found.accuracy == pytest.approx((scores.argmax(1) == data.test_labels).mean())
        with pytest.raises(grpc.RpcError) as error:
            client.export(weights, "pmml")
        assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_private_training_does_what_is_paid_for() -> None:
    pytest.importorskip("torch")
    learner: Learner = importlib.import_module("pytorch_digits").TorchLearner()
    with Server(learner) as server, Client(server.address) as client:
        privacy = messages.SampleClip(clip=1.0, noise_multiplier=0.5)
        steps = client.properties(messages.PrivateTask(epochs=2, batch=64, privacy=privacy)).steps
        examples = client.properties().examples
        assert (steps.count, steps.drawn, steps.examples) == (2 * -(-examples // 64), 64, examples)
        weights = client.parameters()
        before = client.evaluate(weights)
        one = decode(client.fit(weights, epochs=2, batch=64, learning_rate=2.0, privacy=privacy).update)
        after = client.evaluate({key: values + one[key] for key, values in weights.items()})
        assert after.loss < before.loss
        # with the same seed: the noise is not drawn from it
        other = decode(client.fit(weights, epochs=2, batch=64, learning_rate=2.0, privacy=privacy).update)
        assert any(not np.array_equal(one[key], other[key]) for key in one)


def test_what_a_round_does_not_send_stays_as_it_is() -> None:
    pytest.importorskip("torch")
    learner: Learner = importlib.import_module("pytorch_digits").TorchLearner()
    with Server(learner) as server, Client(server.address) as client:
        sent = [messages.SentColumns(tensor="0.weight", columns=[30, 40])]
        one = {"sent": sent, "epochs": 1, "batch": 10_000}
        weights = client.parameters()
        update = decode(client.fit(weights, **one).update)
        changed = np.flatnonzero(np.abs(update["0.weight"]).sum(0))
        assert set(changed) <= {30, 40}
        assert len(changed) > 0
        assert np.abs(update["2.weight"]).sum() > 0
        faster = decode(client.fit(weights, **one, pace=4).update)
        # a single step: four times as far there, and as far elsewhere
        assert np.allclose(faster["0.weight"], 4 * update["0.weight"], atol=1e-6)
        assert np.allclose(faster["2.weight"], update["2.weight"], atol=1e-6)


def test_a_learner_of_few_classes_forgets_the_others_less_when_calibrated() -> None:
    pytest.importorskip("torch")
    learner = importlib.import_module("pytorch_digits").TorchLearner()
    whole = learner.data
    few = whole.labels < 2
    learner.data = dataclasses.replace(whole, features=whole.features[few], labels=whole.labels[few])
    with Server(learner) as server, Client(server.address) as client:
        weights = client.parameters()
        moved = [
            np.abs(decode(client.fit(weights, epochs=3, calibration=calibration).update)["2.bias"][2:]).max()
            for calibration in (0.0, 1.0)
        ]
        assert moved[1] < 0.1 * moved[0]


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
