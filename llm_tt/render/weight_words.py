"""Weights of parts as text: shares in per cent, contributions in the target's unit."""

from collections.abc import Sequence

from llm_tt.attribution.contributions import EdgeContributions


def unit_of(shares: EdgeContributions) -> str | None:
    """The unit of signed weights; None where weights are shares."""
    if shares.target is None or not shares.is_signed:
        return None
    if shares.target.contrast_id is None and shares.target.metric == "logprob":
        return "nats"
    return "logits"


def weight_text(weight: float, unit: str | None) -> str:
    """12.3 %, or +0.42 logits."""
    if unit is None:
        return f"{100 * weight:.1f} %"
    return f"{weight:+.3f} {unit}".replace("-", "\N{MINUS SIGN}")


def weight_column(weights: Sequence[float], unit: str | None) -> list[float]:
    """Weights as a table shows them under `weight_heading`: shares as numbers out of 100."""
    return [100 * weight for weight in weights] if unit is None else list(weights)


def weight_heading(unit: str | None) -> str:
    """The heading of a column of weights."""
    return "share %" if unit is None else unit
