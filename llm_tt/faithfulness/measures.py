"""What is compared between a masked run and the whole model, as plain values."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.divergence import divergence
from llm_tt.attribution.target import Target

TOO_CLOSE = 1e-6
"""With less than this between the whole model and the empty graph there is nothing to retain."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One masked run beside the whole model."""

    metric: float
    """The target's number in the masked run."""
    retained: float | None
    """(this - empty graph) / (whole model - empty graph); None where these two do not differ."""
    kl: float
    """Kullback-Leibler divergence from the whole model's prediction, in nats."""
    same_top_token: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Both ends of the scale: the whole model and the empty graph."""

    target: Target
    whole: Float[Tensor, " d_vocab"]
    empty: Float[Tensor, " d_vocab"]

    @property
    def whole_metric(self) -> float:
        """The target's number in the whole model."""
        return float(self.target.measure(self.whole))

    @property
    def empty_metric(self) -> float:
        """The target's number when every edge is cut."""
        return float(self.target.measure(self.empty))

    def compare(self, logits: Float[Tensor, "copy d_vocab"]) -> list[Outcome]:
        """Each run against both ends."""
        metrics = self.target.measure(logits).tolist()
        divergences = divergence(self.whole.expand_as(logits), logits).tolist()
        same = (logits.argmax(-1) == self.whole.argmax()).tolist()
        span = self.whole_metric - self.empty_metric
        return [
            Outcome(
                metric=metric,
                retained=None if abs(span) < TOO_CLOSE else (metric - self.empty_metric) / span,
                kl=divergence,
                same_top_token=top,
            )
            for metric, divergence, top in zip(metrics, divergences, same, strict=True)
        ]


def mean_retained(outcomes: list[Outcome]) -> float | None:
    """Mean over several runs; None where there was nothing to retain."""
    values = [outcome.retained for outcome in outcomes if outcome.retained is not None]
    return float(torch.tensor(values).mean()) if values else None
