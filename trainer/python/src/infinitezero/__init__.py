"""Brings a model in any framework to a round: subclass `Learner`, then `serve` it."""

from infinitezero.learner import (
    Evaluation,
    Fit,
    Learner,
    PrivateSteps,
    Properties,
    Refused,
    SampleClip,
    Task,
    Weights,
)
from infinitezero.service import Server, serve

__all__ = [
    "Evaluation",
    "Fit",
    "Learner",
    "PrivateSteps",
    "Properties",
    "Refused",
    "SampleClip",
    "Server",
    "Task",
    "Weights",
    "serve",
]
