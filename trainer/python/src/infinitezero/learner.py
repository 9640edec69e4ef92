"""What a round asks of a model: four verbs."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Weights = Mapping[str, npt.NDArray[np.float32]]
"""A model's weights by name."""


class Refused(Exception):
    """A learner's way of saying that it cannot do what it is asked: told to the trainer in these words."""


@dataclass(frozen=True)
class Properties:
    """What a learner is."""

    model: str
    framework: str
    examples: int


@dataclass(frozen=True)
class SampleClip:
    """DP-SGD's two numbers: the largest norm of one example's gradient, and the noise of a step in such norms."""

    clip: float
    noise_multiplier: float


@dataclass(frozen=True)
class Task:
    """One learner's work in one round."""

    round: int
    seed: bytes
    epochs: int
    batch: int
    learning_rate: float
    privacy: SampleClip | None = None
    control: Weights | None = None

    def generator(self) -> np.random.Generator:
        """The random source that the seed gives: the same task draws the same. Not for noise."""
        return np.random.default_rng(np.frombuffer(self.seed, dtype=np.uint32))

    def plain(self) -> None:
        """Refuses what a learner without private training and control variates cannot do."""
        if self.privacy is not None:
            raise Refused("this learner does not clip and noise single examples")
        if self.control is not None:
            raise Refused("this learner keeps no control variate")


@dataclass(frozen=True)
class Fit:
    """What a local step gives: the local weights (the difference to the global ones is taken by the service)."""

    weights: Weights
    examples: int
    loss: float
    control_delta: Weights | None = None


@dataclass(frozen=True)
class Evaluation:
    """How good weights are on held-out examples."""

    examples: int
    loss: float
    accuracy: float | None = None
    subgroups: Mapping[str, float] = field(default_factory=dict)


class Learner(ABC):
    """A model with the data on this device."""

    @abstractmethod
    def properties(self) -> Properties: ...

    @abstractmethod
    def parameters(self) -> Weights:
        """The weights as they are now."""

    @abstractmethod
    def fit(self, weights: Weights, task: Task) -> Fit:
        """Trains from the global weights."""

    @abstractmethod
    def evaluate(self, weights: Weights) -> Evaluation:
        """Measures weights on data that is held out on this device."""
