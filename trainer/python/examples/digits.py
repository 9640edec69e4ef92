"""The 1,797 digits inside scikit-learn, as one client has them: part to train on, part held out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.datasets import load_digits

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    features: Floats
    labels: Integers
    test_features: Floats
    test_labels: Integers


def digits() -> Split:
    """8 x 8 pixels between 0 and 1; every fifth is held out."""
    bunch = load_digits()
    features = (bunch.data / 16.0).astype(np.float32)
    labels = bunch.target.astype(np.int64)
    test = np.arange(len(labels)) % 5 == 4
    return Split(features[~test], labels[~test], features[test], labels[test])
