"""A small network in PyTorch on the digits of scikit-learn; with DP-SGD where a task asks for it."""

import secrets

import numpy as np
import torch
from digits import digits
from perceptron_onnx import perceptron
from torch import nn

from infinitezero import (
    Evaluation,
    Fit,
    Learner,
    PrivateSteps,
    Properties,
    Refused,
    SampleClip,
    Task,
    Weights,
    serve,
)


class TorchLearner(Learner):
    """Any `nn.Module` that classifies."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.data = digits()
        self.model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))

    def properties(self) -> Properties:
        return Properties("MLP 64-32-10", f"PyTorch {torch.__version__}", len(self.data.labels))

    def parameters(self) -> Weights:
        return {name: value.detach().numpy().copy() for name, value in self.model.state_dict().items()}

    def load(self, weights: Weights) -> None:
        self.model.load_state_dict({name: torch.from_numpy(values.copy()) for name, values in weights.items()})

    def private_steps(self, epochs: int, batch: int, privacy: SampleClip) -> PrivateSteps:
        return PrivateSteps.poisson(len(self.data.labels), epochs, batch, privacy)

    def fit_privately(self, task: Task, privacy: SampleClip) -> Fit:
        """What `private_steps` promises. Samples and noise come from the machine's entropy: a seed would undo it."""
        random = secrets.SystemRandom()
        examples = len(self.data.labels)
        steps = self.private_steps(task.epochs, task.batch, privacy)
        parameters = list(self.model.parameters())
        losses = [0.0]
        for _ in range(steps.count):
            sums = [torch.zeros_like(parameter) for parameter in parameters]
            for row in (row for row in range(examples) if random.randrange(examples) < steps.drawn):
                scores = self.model(torch.from_numpy(self.data.features[row : row + 1]))
                loss = nn.functional.cross_entropy(scores, torch.from_numpy(self.data.labels[row : row + 1]))
                gradients = torch.autograd.grad(loss, parameters)
                norm = float(torch.sqrt(sum((part.double().square().sum() for part in gradients), torch.tensor(0.0))))
                share = min(1.0, privacy.clip / max(norm, 1e-30)) * (1 - 1e-4)
                for total, part in zip(sums, gradients, strict=True):
                    total.add_(share * part)
                losses.append(loss.item())
            deviation = privacy.clip * privacy.noise_multiplier
            with torch.no_grad():
                for parameter, total in zip(parameters, sums, strict=True):
                    noise = [random.gauss(0.0, deviation) for _ in range(total.numel())]
                    # divided by the expected size: how many were drawn is a secret too
                    noisy = total + torch.tensor(noise).reshape(total.shape)
                    parameter.sub_(task.learning_rate / task.batch * noisy)
        return Fit(self.parameters(), examples, float(np.mean(losses)))

    def hold(self, task: Task) -> None:
        """Takes the gradient off what the round does not send, so that what is sent fits what stays."""
        gradients = {name: parameter.grad for name, parameter in self.model.named_parameters()}
        for name, columns in task.sent.items():
            gradient = gradients[name]
            if gradient is not None:
                flat = gradient.view(len(gradient), -1)
                sent = flat[:, columns] * task.pace
                flat.zero_()
                flat[:, columns] = sent

    def fit(self, weights: Weights, task: Task) -> Fit:
        self.load(weights)
        if task.privacy is not None:
            return self.fit_privately(task, task.privacy)
        task.plain()
        optimiser = torch.optim.SGD(self.model.parameters(), lr=task.learning_rate)
        random = task.generator()
        offsets = torch.from_numpy(task.offsets(self.data.labels, classes=10))
        loss = 0.0
        for _ in range(task.epochs):
            losses = []
            order = random.permutation(len(self.data.labels))
            for rows in np.array_split(order, -(-len(order) // task.batch)):
                optimiser.zero_grad()
                scores = self.model(torch.from_numpy(self.data.features[rows]))
                batch_loss = nn.functional.cross_entropy(scores + offsets, torch.from_numpy(self.data.labels[rows]))
                batch_loss.backward()
                self.hold(task)
                optimiser.step()
                losses.append(batch_loss.item())
            loss = float(np.mean(losses))
        return Fit(self.parameters(), len(self.data.labels), loss)

    def evaluate(self, weights: Weights) -> Evaluation:
        self.load(weights)
        with torch.no_grad():
            scores = self.model(torch.from_numpy(self.data.test_features))
            labels = torch.from_numpy(self.data.test_labels)
            loss = nn.functional.cross_entropy(scores, labels).item()
            accuracy = (scores.argmax(1) == labels).float().mean().item()
        return Evaluation(len(labels), loss, accuracy)

    def export(self, weights: Weights, format: str) -> bytes:
        if format != "onnx":
            raise Refused("this learner writes onnx only")
        return perceptron([(weights[f"{place}.weight"].T, weights[f"{place}.bias"]) for place in (0, 2)])


if __name__ == "__main__":
    serve(TorchLearner())
