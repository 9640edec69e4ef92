"""The models of `iz-learn` as ONNX: ONNX Runtime gives the scores that libtorch gave."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

FOLDER = os.environ.get("IZ_EXPORTED")


@pytest.mark.skipif(FOLDER is None, reason="IZ_EXPORTED names no folder of exported models (scripts/python makes one)")
@pytest.mark.parametrize("name", ["logistic", "mlp", "cnn", "lstm"])
def test_scores_agree(name: str) -> None:
    runtime = pytest.importorskip("onnxruntime")
    folder = Path(str(FOLDER))
    session = runtime.InferenceSession(str(folder / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    case = json.loads((folder / f"{name}.json").read_text())
    kind = np.int64 if name == "lstm" else np.float32
    examples = np.array(case["features"], dtype=kind).reshape(case["shape"])
    (scores,) = session.run(["scores"], {session.get_inputs()[0].name: examples})
    expected = np.array(case["scores"], dtype=np.float32)
    assert np.isfinite(expected).all()
    assert expected.std() > 1e-3
    assert np.abs(scores.reshape(-1) - expected).max() <= 1e-4
