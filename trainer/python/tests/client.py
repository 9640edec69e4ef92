"""The trainer's side, for tests: calls a verb and gives its answer."""

from types import TracebackType
from typing import Any, Self

import grpc
import numpy as np

from infinitezero import Weights
from infinitezero import learner_pb2 as messages
from infinitezero.service import MAX_MESSAGE, SERVICE
from infinitezero.weights import decode, encode


class Client:
    def __init__(self, address: str) -> None:
        options = [("grpc.max_receive_message_length", MAX_MESSAGE), ("grpc.max_send_message_length", MAX_MESSAGE)]
        self.channel = grpc.insecure_channel(address, options=options)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.channel.close()

    def call(self, verb: str, question: Any, answer: Any) -> Any:
        method = self.channel.unary_unary(
            f"/{SERVICE}/{verb}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answer.FromString,
        )
        return method(question, timeout=600)

    def properties(self, task: messages.PrivateTask | None = None) -> messages.PropertiesResponse:
        question = messages.PropertiesRequest(task=task)
        found: messages.PropertiesResponse = self.call("Properties", question, messages.PropertiesResponse)
        return found

    def export(self, weights: Weights, format: str) -> bytes:
        question = messages.ExportRequest(weights=encode(weights), format=format)
        found: messages.ExportResponse = self.call("Export", question, messages.ExportResponse)
        return found.model

    def parameters(self) -> dict[str, np.ndarray]:
        return decode(self.call("Parameters", messages.ParametersRequest(), messages.ParametersResponse).weights)

    def fit(self, weights: Weights, **task: Any) -> messages.FitResponse:
        settings = {"seed": bytes(range(32)), "epochs": 1, "batch": 16, "learning_rate": 0.1, **task}
        question = messages.FitRequest(weights=encode(weights), **settings)
        found: messages.FitResponse = self.call("Fit", question, messages.FitResponse)
        return found

    def evaluate(self, weights: Weights) -> messages.EvaluateResponse:
        question = messages.EvaluateRequest(weights=encode(weights))
        found: messages.EvaluateResponse = self.call("Evaluate", question, messages.EvaluateResponse)
        return found
