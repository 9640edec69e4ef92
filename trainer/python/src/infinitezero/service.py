"""The gRPC server that the trainer calls: on loopback only, one call at a time."""

import ipaddress
import math
import os
import sys
import threading
from collections.abc import Callable
from concurrent import futures
from types import TracebackType
from typing import Any, Self

import grpc
import numpy as np
import numpy.typing as npt

from infinitezero import learner_pb2 as messages
from infinitezero.learner import Learner, Refused, SampleClip, Task, Weights
from infinitezero.weights import decode, encode, same_layout

SERVICE = "infinitezero.learner.v1.Learner"
# the variable in which a trainer that starts a learner says where to listen
ADDRESS = "IZ_LEARNER_ADDRESS"
# two files of weights in a message: the model's and a control variate
MAX_MESSAGE = (2 << 30) - 1


class Server:
    """A learner behind gRPC. Use it as a context manager, or call `wait`."""

    def __init__(self, learner: Learner, address: str = "127.0.0.1:0") -> None:
        host, _, _ = address.rpartition(":")
        if not ipaddress.ip_address(host.strip("[]")).is_loopback:
            raise ValueError(f"{host} is not a loopback address: data and weights stay on this machine")
        self._learner = learner
        # frameworks are not made for two fits at a time
        self._lock = threading.Lock()
        options = [("grpc.max_receive_message_length", MAX_MESSAGE), ("grpc.max_send_message_length", MAX_MESSAGE)]
        self._server = grpc.server(
            futures.ThreadPoolExecutor(max_workers=4), options=[*options, ("grpc.so_reuseport", 0)]
        )
        verbs: dict[str, tuple[Callable[[Any], Any], Any]] = {
            "Properties": (self._properties, messages.PropertiesRequest),
            "Parameters": (self._parameters, messages.ParametersRequest),
            "Fit": (self._fit, messages.FitRequest),
            "Evaluate": (self._evaluate, messages.EvaluateRequest),
            "Export": (self._export, messages.ExportRequest),
        }
        handlers = {
            verb: grpc.unary_unary_rpc_method_handler(
                self._guarded(answer),
                request_deserializer=question.FromString,
                response_serializer=lambda message: message.SerializeToString(),
            )
            for verb, (answer, question) in verbs.items()
        }
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
        bound = self._server.add_insecure_port(address)
        if bound == 0:
            raise OSError(f"{address} cannot be listened on")
        self.address = f"{host}:{bound}"
        self._server.start()

    def wait(self) -> None:
        """Blocks until the process is ended."""
        self._server.wait_for_termination()

    def stop(self) -> None:
        self._server.stop(grace=None).wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _guarded(self, answer: Callable[[Any], Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
        def guarded(question: Any, context: grpc.ServicerContext) -> Any:
            try:
                with self._lock:
                    return answer(question)
            except Refused as refusal:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(refusal))
            except Exception as error:
                # the kind and not the words: a framework's message may quote data
                context.abort(grpc.StatusCode.INTERNAL, type(error).__name__)
                raise

        return guarded

    def _properties(self, question: messages.PropertiesRequest) -> messages.PropertiesResponse:
        found = self._learner.properties()
        answer = messages.PropertiesResponse(model=found.model, framework=found.framework, examples=found.examples)
        if question.HasField("task"):
            task = question.task
            if task.epochs == 0 or task.batch == 0:
                raise Refused("a task has epochs and a batch")
            clip = SampleClip(task.privacy.clip, task.privacy.noise_multiplier)
            steps = self._learner.private_steps(task.epochs, task.batch, clip)
            if steps is not None:
                answer.steps.count, answer.steps.drawn = steps.count, steps.drawn
                answer.steps.examples, answer.steps.noise_multiplier = steps.examples, steps.noise_multiplier
        return answer

    def _parameters(self, _: messages.ParametersRequest) -> messages.ParametersResponse:
        return messages.ParametersResponse(weights=encode(self._learner.parameters()))

    def _fit(self, question: messages.FitRequest) -> messages.FitResponse:
        weights = decode(question.weights)
        if len(question.seed) != 32 or question.epochs == 0 or question.batch == 0 or not question.learning_rate > 0:
            raise Refused("a task has a seed of 32 bytes, and its epochs, batch and rate are positive")
        if not 0 <= question.calibration < math.inf:
            raise Refused("a task's calibration is zero or more")
        if question.calibration and question.HasField("privacy"):
            raise Refused("private training does not calibrate by what the classes are")
        if question.control and question.HasField("privacy"):
            raise Refused("private training keeps no control variates")
        privacy = None
        if question.HasField("privacy"):
            privacy = SampleClip(question.privacy.clip, question.privacy.noise_multiplier)
        control = decode(question.control) if question.control else None
        if control is not None and not same_layout(control, weights):
            raise Refused("the control variate has another layout than the weights")
        task = Task(
            question.round,
            question.seed,
            question.epochs,
            question.batch,
            question.learning_rate,
            privacy,
            control,
            _sent(question, weights),
            max(question.pace, 1),
            question.calibration,
        )
        fit = self._learner.fit(weights, task)
        if not same_layout(fit.weights, weights):
            raise Refused("the trained weights have another layout than the global ones")
        update = {name: values - weights[name] for name, values in fit.weights.items()}
        return messages.FitResponse(update=encode(update), examples=fit.examples, loss=fit.loss)

    def _evaluate(self, question: messages.EvaluateRequest) -> messages.EvaluateResponse:
        found = self._learner.evaluate(decode(question.weights))
        answer = messages.EvaluateResponse(examples=found.examples, loss=found.loss)
        if found.accuracy is not None:
            answer.accuracy = found.accuracy
        for name, accuracy in found.subgroups.items():
            answer.subgroups.add(name=name, accuracy=accuracy)
        return answer

    def _export(self, question: messages.ExportRequest) -> messages.ExportResponse:
        return messages.ExportResponse(model=self._learner.export(decode(question.weights), question.format))


def _sent(question: messages.FitRequest, weights: Weights) -> dict[str, npt.NDArray[np.int64]]:
    sent = {told.tensor: np.array(told.columns, dtype=np.int64) for told in question.sent}
    if len(sent) != len(question.sent):
        raise Refused("a tensor's columns are told twice")
    for name, columns in sent.items():
        if name not in weights or weights[name].ndim == 0:
            raise Refused(f"the columns of a tensor that is not there: {name!r}")
        width = weights[name].size // max(len(weights[name]), 1)
        if np.any(np.diff(columns) <= 0) or np.any(columns >= width):
            raise Refused("columns that their tensor has not, or in no order")
    return sent


def serve(learner: Learner, address: str | None = None) -> None:
    """Serves a learner until the process is ended.

    At this address, or where the trainer that started it says, or at 127.0.0.1:50151.
    """
    told = os.environ.get(ADDRESS)
    if told is not None:
        threading.Thread(target=_end_with_the_trainer, daemon=True).start()
    address = address or told or "127.0.0.1:50151"
    with Server(learner, address) as server:
        print(f"listening on {server.address}", flush=True)
        server.wait()


def _end_with_the_trainer() -> None:
    """The trainer holds the other end of standard input: it ends when the trainer does, however that ends."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os._exit(0)
