"""A tiny GPT-2 of Hugging Face Transformers, built from its configuration, on the licence that comes with Python."""

import sysconfig
from pathlib import Path

import numpy as np
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from infinitezero import Evaluation, Fit, Learner, Properties, Task, Weights, serve

LENGTH = 32


def text() -> str:
    """The licence of Python, or where it was left out, what `this` says."""
    licence = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if licence.exists():
        return licence.read_text(encoding="utf-8")
    import this  # noqa: PLC0415

    return "".join(this.d.get(letter, letter) for letter in this.s) * 8


class TransformersLearner(Learner):
    """Any causal model; bytes are its tokens."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        tokens = np.frombuffer(text().encode("ascii", "replace"), dtype=np.uint8).astype(np.int64)
        count = min(len(tokens) // LENGTH, 400)
        rows = torch.from_numpy(tokens[: count * LENGTH].reshape(count, LENGTH))
        test = torch.arange(count) % 5 == 4
        self.rows, self.test = rows[~test], rows[test]
        config = GPT2Config(
            vocab_size=256,
            n_positions=LENGTH,
            n_embd=32,
            n_layer=2,
            n_head=2,
            resid_pdrop=0,
            embd_pdrop=0,
            attn_pdrop=0,
        )
        self.model = GPT2LMHeadModel(config)

    def properties(self) -> Properties:
        return Properties("GPT-2, 2 layers of 32", "Transformers", len(self.rows))

    def parameters(self) -> Weights:
        # the head is the embedding: named_parameters has it once
        return {name: value.detach().numpy().copy() for name, value in self.model.named_parameters()}

    def load(self, weights: Weights) -> None:
        with torch.no_grad():
            for name, value in self.model.named_parameters():
                value.copy_(torch.from_numpy(weights[name].copy()))

    def fit(self, weights: Weights, task: Task) -> Fit:
        task.plain()
        task.uncalibrated()
        self.load(weights)
        optimiser = torch.optim.SGD(self.model.parameters(), lr=task.learning_rate)
        random = task.generator()
        loss = 0.0
        for _ in range(task.epochs):
            losses = []
            order = random.permutation(len(self.rows))
            for rows in np.array_split(order, -(-len(order) // task.batch)):
                batch = self.rows[torch.from_numpy(rows)]
                optimiser.zero_grad()
                answer = self.model(input_ids=batch, labels=batch)
                answer.loss.backward()
                optimiser.step()
                losses.append(answer.loss.item())
            loss = float(np.mean(losses))
        return Fit(self.parameters(), len(self.rows), loss)

    def evaluate(self, weights: Weights) -> Evaluation:
        self.load(weights)
        with torch.no_grad():
            answer = self.model(input_ids=self.test, labels=self.test)
            hits = answer.logits[:, :-1].argmax(-1) == self.test[:, 1:]
        return Evaluation(len(self.test), answer.loss.item(), hits.float().mean().item())


if __name__ == "__main__":
    serve(TransformersLearner())
