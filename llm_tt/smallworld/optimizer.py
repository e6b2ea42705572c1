"""Muon on the matrices of the layers, AdamW on everything else."""

import torch
from torch import Tensor, nn

BETAS = (0.9, 0.98)
MOMENTUM = 0.95
MATRIX_DECAY = 0.05
OTHER_DECAY = 0.01
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
"""Coefficients of the quintic iteration that makes a matrix nearly orthogonal (Jordan et al. 2024)."""


class MixedOptimizer:
    """Two optimizers behind one step; its state is plain tensors by name, saved without pickle."""

    def __init__(self, model: nn.Module) -> None:
        named = list(model.named_parameters())
        self._matrices = {name: p for name, p in named if p.ndim == 2 and ".h." in name}
        self._momenta = {name: torch.zeros_like(p) for name, p in self._matrices.items()}
        self._others = {name: p for name, p in named if name not in self._matrices}
        self._adamw = torch.optim.AdamW(list(self._others.values()), betas=BETAS, weight_decay=OTHER_DECAY)

    def step(self, matrix_rate: float, other_rate: float) -> None:
        """Clip, update, and forget the gradients."""
        nn.utils.clip_grad_norm_(list(self._others.values()), 1.0)
        for group in self._adamw.param_groups:
            group["lr"] = other_rate
        self._adamw.step()
        with torch.no_grad():
            for name, parameter in self._matrices.items():
                self._muon_step(parameter, self._momenta[name], matrix_rate)
        for parameter in (*self._matrices.values(), *self._others.values()):
            parameter.grad = None

    @staticmethod
    def _muon_step(parameter: Tensor, momentum: Tensor, rate: float) -> None:
        if parameter.grad is None:
            return
        momentum.mul_(MOMENTUM).add_(parameter.grad)
        update = orthogonalised(parameter.grad.add(momentum, alpha=MOMENTUM))
        scale = max(1.0, parameter.shape[1] / parameter.shape[0]) ** 0.5  # GPT-2 keeps its matrices [in, out]
        parameter.mul_(1 - rate * MATRIX_DECAY).add_(update, alpha=-rate * scale)

    def state(self) -> dict[str, Tensor]:
        """All running averages by name."""
        tensors = {f"muon.{name}": momentum for name, momentum in self._momenta.items()}
        for name, parameter in self._others.items():
            for key, value in self._adamw.state.get(parameter, {}).items():
                tensors[f"adamw.{key}.{name}"] = value
        return tensors

    def load_state(self, tensors: dict[str, Tensor]) -> None:
        """Continue from a saved `state`."""
        for name, momentum in self._momenta.items():
            momentum.copy_(tensors[f"muon.{name}"])
        for name, parameter in self._others.items():
            keys = ("step", "exp_avg", "exp_avg_sq")
            if f"adamw.step.{name}" in tensors:
                self._adamw.state[parameter] = {key: tensors[f"adamw.{key}.{name}"].clone() for key in keys}


def orthogonalised(matrix: Tensor) -> Tensor:
    """The nearest matrix, roughly, whose singular values are one."""
    a, b, c = NEWTON_SCHULZ
    tall = matrix.shape[0] > matrix.shape[1]
    x: Tensor = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x
