"""`Sampling`: which token comes next, the same on every machine and in every run."""

from dataclasses import dataclass
from typing import Final, NoReturn

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.errors import InterventionError

LARGEST_TEMPERATURE: Final = 100.0
SMALLEST_TEMPERATURE: Final = 1e-3
"""Above 0: less leaves the range of numbers, and is as good as 0."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are chosen; at temperature 0 always the most likely one.

    Else every token's logarithm of probability gets noise of its own (Gumbel's), and the largest sum wins: a
    draw from the distribution. The noise depends on the seed, the step and the token alone, so two runs with
    the same seed differ only where their predictions do.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    """Only the most likely tokens that together have this probability; never fewer than one."""
    seed: int = 0

    def __post_init__(self) -> None:
        if 0 < self.temperature < SMALLEST_TEMPERATURE:
            _refuse("temperature", self.temperature, f"0, or from {SMALLEST_TEMPERATURE:g} on")
        limits = {"temperature": LARGEST_TEMPERATURE, "top_p": 1.0, "seed": 2**63 - 1}
        for name, largest in limits.items():
            value = getattr(self, name)
            if not 0 <= value <= largest:
                _refuse(name, value, f"from 0 to {largest:g}")

    def choose(self, logits: Float[Tensor, " d_vocab"], step: int) -> int:
        """The token that comes next, `step` counting the new tokens from 0."""
        if self.temperature == 0:
            return int(logits.argmax())
        logs = (logits.cpu().double() / self.temperature).log_softmax(-1)
        logs = logs.masked_fill(~self._nucleus(logs), -torch.inf)
        noise = np.random.default_rng([self.seed, step]).gumbel(size=len(logs))
        return int((logs + torch.as_tensor(noise)).argmax())

    def _nucleus(self, logs: Tensor) -> Tensor:
        """Which tokens may be chosen."""
        if self.top_p == 1:
            return torch.ones_like(logs, dtype=torch.bool)
        ordered = logs.sort(descending=True, stable=True)
        before = ordered.values.exp().cumsum(0) - ordered.values.exp()
        kept = before < self.top_p
        kept[0] = True
        return torch.zeros_like(kept).scatter(0, ordered.indices, kept)


def _refuse(name: str, value: float | int, range_in_words: str) -> NoReturn:
    raise InterventionError(
        asked=f"Sample with the {name} {value}.",
        found=f"A {name} is a number {range_in_words}.",
        remedy="Choose one of these.",
    )
