"""The built-in models as ONNX: ONNX Runtime gives what libtorch gave, and what `iz-trainer serve` answers."""

import json
import os
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FOLDER = os.environ.get("IZ_EXPORTED")
TRAINER = os.environ.get("IZ_TRAINER")


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


@pytest.mark.skipif(TRAINER is None, reason="IZ_TRAINER names no iz-trainer (scripts/python builds one)")
@pytest.mark.parametrize("hidden", ["[]", "[7,5]"])
def test_the_dense_learner_answers_what_its_export_says(hidden: str, tmp_path: Path) -> None:
    runtime = pytest.importorskip("onnxruntime")
    begin = [str(TRAINER), "--format", "json", "--home", str(tmp_path)]

    def run(*arguments: str) -> Any:
        answer = subprocess.run([*begin, *arguments], check=True, capture_output=True, text=True, timeout=120)
        return json.loads(answer.stdout.splitlines()[-1])

    settings = [
        "data.label=y",
        'data.features=["x1","x2"]',
        'data.classes=["a","b","c"]',
        "serve.listen=127.0.0.1:0",
        f"learner.hidden={hidden}",
        "data.means=[3.0,-1.0]",
        "data.scales=[2.0,4.0]",
    ]
    run("init", *(part for setting in settings for part in ("--set", setting)))
    rows = "".join(f"{row % 7},{row * 3 % 11 - 5},{'abc'[row % 3]}\n" for row in range(60))
    (tmp_path / "data.csv").write_text("x1,x2,y\n" + rows)
    name = run("models", "new", "--name", "toy")["initial"]
    model = tmp_path / "model"
    model.mkdir()
    # the same file with other numbers: first weights may be zeros
    file = (tmp_path / "blobs" / name[:2] / name).read_bytes()
    header = 8 + int.from_bytes(file[:8], "little")
    random = np.random.default_rng(5)
    values = random.normal(size=(len(file) - header) // 4).astype("<f4")
    weights = model / "model.safetensors"
    weights.write_bytes(file[:header] + values.tobytes())
    run("export", str(model), "--onnx", "--weights", str(weights))

    inputs = random.normal(size=(20, 2)).astype(np.float32) * 3
    serving = subprocess.Popen([*begin, "serve", "--model", str(model)], stdout=subprocess.PIPE, text=True)
    try:
        assert serving.stdout is not None
        url = json.loads(serving.stdout.readline())["url"]
        body = json.dumps({"model": "model", "inputs": inputs.tolist()}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{url}/v1/predictions", body), timeout=60) as response:
            answered = json.load(response)
    finally:
        serving.kill()
        serving.wait()
    probabilities = np.array([row["probabilities"] for row in answered["data"]])

    session = runtime.InferenceSession(str(model / "model.onnx"), providers=["CPUExecutionProvider"])
    # the graph begins behind the settings' means and scales
    ready = ((inputs - [3, -1]) / [2, 4]).astype(np.float32)
    (scores,) = session.run(["scores"], {session.get_inputs()[0].name: ready})
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    assert probabilities.std() > 0.01
    assert np.abs(raised / raised.sum(axis=1, keepdims=True) - probabilities).max() <= 1e-4
