"""The service with a learner that needs no framework."""

import os
import subprocess
import sys
from pathlib import Path

import grpc
import numpy as np
import pytest
from client import Client

from infinitezero import Evaluation, Fit, Learner, Properties, Server, Task, Weights
from infinitezero import learner_pb2 as messages
from infinitezero.weights import encode


class Line(Learner):
    """Adds the learning rate to its weights, and does as it is told to go wrong."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.task: Task | None = None

    def properties(self) -> Properties:
        return Properties("line", "none", 3)

    def parameters(self) -> Weights:
        return {"a": np.zeros((2, 3), dtype=np.float32), "b": np.ones(3, dtype=np.float32)}

    def fit(self, weights: Weights, task: Task) -> Fit:
        self.task = task
        if self.fault == "plain":
            task.plain()
        if self.fault == "crash":
            raise RuntimeError("row 17 of alice.csv")
        fitted = {name: values + np.float32(task.learning_rate) for name, values in weights.items()}
        if self.fault == "nan":
            fitted["b"][1] = np.nan
        if self.fault == "layout":
            fitted["c"] = fitted.pop("b")
        return Fit(fitted, 3, 0.5)

    def evaluate(self, weights: Weights) -> Evaluation:
        return Evaluation(4, float(weights["b"].sum()), 0.25, {"north": 0.5})


def refused(learner: Learner, expected: str, **task: object) -> grpc.StatusCode:
    with Server(learner) as server, Client(server.address) as client:
        with pytest.raises(grpc.RpcError) as error:
            client.fit(client.parameters(), **task)
        assert expected in error.value.details()
        # the service goes on
        assert client.properties().examples == 3
        code: grpc.StatusCode = error.value.code()
        return code


def test_the_four_verbs() -> None:
    learner = Line()
    with Server(learner) as server, Client(server.address) as client:
        found = client.properties()
        assert (found.model, found.framework, found.examples) == ("line", "none", 3)
        weights = client.parameters()
        fit = client.fit(weights, round=5, learning_rate=0.5, privacy=messages.SampleClip(clip=1, noise_multiplier=2))
        assert (fit.examples, fit.loss) == (3, 0.5)
        assert learner.task is not None
        assert (learner.task.round, learner.task.epochs, learner.task.batch) == (5, 1, 16)
        assert learner.task.privacy is not None
        assert learner.task.privacy.noise_multiplier == 2
        from infinitezero.weights import decode  # noqa: PLC0415

        update = decode(fit.update)
        assert all(np.array_equal(values, np.full_like(values, 0.5)) for values in update.values())
        evaluation = client.evaluate(weights)
        assert (evaluation.examples, evaluation.loss, evaluation.accuracy) == (4, 3.0, 0.25)
        assert [(group.name, group.accuracy) for group in evaluation.subgroups] == [("north", 0.5)]


def test_what_a_round_sends_is_told_by_columns() -> None:
    learner = Line()
    with Server(learner) as server, Client(server.address) as client:
        client.fit(client.parameters(), sent=[messages.SentColumns(tensor="a", columns=[0, 2])], pace=4)
        assert learner.task is not None
        assert {name: columns.tolist() for name, columns in learner.task.sent.items()} == {"a": [0, 2]}
        assert learner.task.pace == 4


@pytest.mark.parametrize(("tensor", "columns"), [("c", [0]), ("a", [3]), ("b", [1]), ("a", [1, 1]), ("a", [2, 0])])
def test_columns_that_are_not_there_are_refused(tensor: str, columns: list[int]) -> None:
    sent = [messages.SentColumns(tensor=tensor, columns=columns)]
    assert refused(Line(), "columns", sent=sent) is grpc.StatusCode.INVALID_ARGUMENT


def test_a_tensor_that_is_told_twice_is_refused() -> None:
    sent = [messages.SentColumns(tensor="a", columns=[place]) for place in (0, 1)]
    assert refused(Line(), "twice", sent=sent) is grpc.StatusCode.INVALID_ARGUMENT


def test_offsets_follow_from_shares_and_absent_classes_have_one() -> None:
    labels = np.repeat(np.array([0, 2]), [300, 299])
    offsets = Task(1, bytes(32), 1, 1, 0.1, calibration=0.5).offsets(labels, 3)
    assert np.allclose(offsets, 0.5 * np.log(np.array([300.5, 0.5, 299.5]) / 600.5), atol=1e-6)
    assert not Task(1, bytes(32), 1, 1, 0.1).offsets(labels, 3).any()


def test_calibration_is_told_and_private_training_goes_without() -> None:
    learner = Line()
    with Server(learner) as server, Client(server.address) as client:
        client.fit(client.parameters(), calibration=0.75)
        assert learner.task is not None
        assert learner.task.calibration == 0.75
    clip = messages.SampleClip(clip=1, noise_multiplier=1)
    assert refused(Line(), "private", calibration=1.0, privacy=clip) is grpc.StatusCode.INVALID_ARGUMENT


def test_a_control_variate_is_told_and_private_training_goes_without() -> None:
    learner = Line()
    other = encode({"other": np.zeros(1, dtype=np.float32)})
    with Server(learner) as server, Client(server.address) as client:
        weights = client.parameters()
        control = encode(weights)
        client.fit(weights, control=control)
        assert learner.task is not None
        assert learner.task.control is not None
        assert learner.task.control.keys() == learner.parameters().keys()
    clip = messages.SampleClip(clip=1, noise_multiplier=1)
    assert refused(Line(), "private", control=control, privacy=clip) is grpc.StatusCode.INVALID_ARGUMENT
    assert refused(Line(), "another layout", control=other) is grpc.StatusCode.INVALID_ARGUMENT


def test_the_same_task_draws_the_same() -> None:
    def task(byte: int) -> Task:
        return Task(1, bytes([byte] * 32), 1, 1, 0.1)

    assert task(1).generator().permutation(50).tolist() == task(1).generator().permutation(50).tolist()
    assert task(1).generator().permutation(50).tolist() != task(2).generator().permutation(50).tolist()


def test_what_a_learner_cannot_do_it_refuses() -> None:
    clip = messages.SampleClip(clip=1, noise_multiplier=1)
    assert refused(Line("plain"), "clip and noise", privacy=clip) is grpc.StatusCode.INVALID_ARGUMENT
    assert refused(Line("nan"), "tensor 'b'") is grpc.StatusCode.INVALID_ARGUMENT
    assert refused(Line("layout"), "another layout") is grpc.StatusCode.INVALID_ARGUMENT


def test_a_crash_tells_its_kind_and_no_data() -> None:
    learner = Line("crash")
    assert refused(learner, "RuntimeError") is grpc.StatusCode.INTERNAL
    with Server(learner) as server, Client(server.address) as client:
        with pytest.raises(grpc.RpcError) as error:
            client.fit(client.parameters())
        assert "alice" not in error.value.details()


@pytest.mark.parametrize(
    "task",
    [
        {"seed": b"short"},
        {"epochs": 0},
        {"batch": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"calibration": -1.0},
        {"calibration": float("nan")},
    ],
)
def test_a_task_that_makes_no_sense_is_refused(task: dict[str, object]) -> None:
    assert refused(Line(), "a task", **task) is grpc.StatusCode.INVALID_ARGUMENT


def test_weights_that_are_none_are_refused() -> None:
    with Server(Line()) as server, Client(server.address) as client:
        for data in [b"", b"\xff" * 40]:
            with pytest.raises(grpc.RpcError) as error:
                client.call("Evaluate", messages.EvaluateRequest(weights=data), messages.EvaluateResponse)
            assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_who_trains_without_privacy_tells_no_cost_and_no_other_format() -> None:
    with Server(Line()) as server, Client(server.address) as client:
        privacy = messages.SampleClip(clip=1, noise_multiplier=1)
        assert not client.properties(messages.PrivateTask(epochs=1, batch=1, privacy=privacy)).HasField("steps")
        with pytest.raises(grpc.RpcError) as error:
            client.properties(messages.PrivateTask(epochs=0, batch=1, privacy=privacy))
        assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        with pytest.raises(grpc.RpcError) as error:
            client.export(client.parameters(), "onnx")
        assert "writes no onnx" in error.value.details()


def test_a_learner_that_a_trainer_starts_listens_where_it_is_told_and_ends_with_it() -> None:
    code = "import test_service; from infinitezero import serve; serve(test_service.Line())"
    environment = {**os.environ, "IZ_LEARNER_ADDRESS": "127.0.0.1:0", "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("listening on ").strip()
        with Client(address) as client:
            assert client.properties().examples == 3
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=240) == 0
    finally:
        process.kill()
        process.wait()


def test_only_loopback_is_listened_on() -> None:
    with pytest.raises(ValueError, match="loopback"):
        Server(Line(), "0.0.0.0:0")
