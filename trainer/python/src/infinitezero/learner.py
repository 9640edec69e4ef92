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
class PrivateSteps:
    """What private training does: steps on examples that are drawn independently, each with the same probability."""

    count: int
    drawn: int
    """An example is drawn with probability drawn / examples."""
    examples: int
    noise_multiplier: float

    @staticmethod
    def poisson(examples: int, epochs: int, batch: int, privacy: SampleClip) -> "PrivateSteps":
        """As many steps as plain training would take, with batches of this size on average."""
        return PrivateSteps(epochs * -(-examples // batch), min(batch, examples), examples, privacy.noise_multiplier)


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
    """The server's control variate, where the round has one: see `FitRequest` in `learner.proto`."""
    sent: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    """What the round sends of large tensors, by columns: places in a row, all further dimensions taken together.

    All others it sends whole. What changes elsewhere is dropped.
    """
    pace: int = 1
    """Steps on these columns are so many times as long."""
    calibration: float = 0.0
    """While training, scores are moved by `offsets`; zero for not at all."""

    def generator(self) -> np.random.Generator:
        """The random source that the seed gives: the same task draws the same. Not for noise."""
        return np.random.default_rng(np.frombuffer(self.seed, dtype=np.uint32))

    def offsets(self, labels: npt.NDArray[np.int64], classes: int) -> npt.NDArray[np.float32]:
        """What is added to the scores of each class: `calibration` times the logarithm of its share of the labels.

        A class without examples counts as half an example.
        """
        counted = np.bincount(labels, minlength=classes) + 0.5
        offsets: npt.NDArray[np.float32] = (self.calibration * np.log(counted / counted.sum())).astype(np.float32)
        return offsets

    def uncalibrated(self) -> None:
        """Refuses what a learner that does not move its scores cannot do."""
        if self.calibration:
            raise Refused("this learner does not calibrate its scores")

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

    def private_steps(self, epochs: int, batch: int, privacy: SampleClip) -> PrivateSteps | None:
        """What `fit` will do for a private task: it is paid for before. None for a learner without private training."""
        return None

    def export(self, weights: Weights, format: str) -> bytes:
        """Weights as a file of another format, such as "onnx", for people."""
        raise Refused(f"this learner writes no {format}")
