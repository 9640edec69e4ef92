"""Weights as the bytes of a safetensors file, checked on the way in and out."""

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from infinitezero.learner import Refused, Weights


def encode(weights: Weights) -> bytes:
    """The file. Refuses values that are no numbers: they would only be refused on the other side."""
    arrays = {name: np.ascontiguousarray(values, dtype=np.float32) for name, values in weights.items()}
    check(arrays)
    return save(arrays)


def decode(data: bytes) -> dict[str, np.ndarray]:
    """The weights of a file."""
    try:
        arrays = load(data)
    except SafetensorError as error:
        raise Refused(f"the weights are no safetensors file: {error}") from error
    for name, values in arrays.items():
        if values.dtype != np.float32:
            raise Refused(f"tensor {name!r} holds {values.dtype}, and only float32 is read")
    check(arrays)
    return arrays


def check(weights: Weights) -> None:
    """Refuses values that are no numbers."""
    for name, values in weights.items():
        if not np.isfinite(values).all():
            raise Refused(f"tensor {name!r} has a value that is not a number or infinite")


def same_layout(one: Weights, other: Weights) -> bool:
    """Whether the names and shapes are the same."""
    return {name: values.shape for name, values in one.items()} == {
        name: values.shape for name, values in other.items()
    }
