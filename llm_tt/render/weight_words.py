"""Weights of parts as text: shares in per cent, contributions in the target's unit."""

import math
from collections.abc import Mapping, Sequence
from typing import cast

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.render.number_words import percent_text, signed_text


def unit_of(shares: EdgeContributions) -> str | None:
    """The unit of signed weights; None where weights are shares."""
    if shares.target is None or not shares.is_signed:
        return None
    if shares.target.contrast_id is None and shares.target.metric == "logprob":
        return "nats"
    return "logits"


def decimals_for(largest: float) -> int:
    """Decimals that leave three figures of the largest number of a list: two for 2.39, four for 0.0278."""
    if largest <= 0:
        return 2
    return min(6, max(2, 2 - math.floor(math.log10(largest))))


def weight_text(weight: float, unit: str | None) -> str:
    """12.3 %, or +0.420 logits."""
    if unit is None:
        return percent_text(weight)
    return f"{signed_text(weight, decimals_for(abs(weight)))} {unit}"


def weight_column(weights: Sequence[float], unit: str | None) -> list[float]:
    """Weights as a table shows them under `weight_heading`: shares as numbers out of 100."""
    return [100 * weight for weight in weights] if unit is None else list(weights)


def weight_heading(unit: str | None) -> str:
    """The heading of a column of weights."""
    return "share %" if unit is None else unit


def weight_format(columns: Mapping[str, Sequence[object]], unit: str | None) -> str:
    """How a table writes its column of weights, in the manner of printf."""
    if unit is None:
        return "%.1f"
    largest = max((abs(cast(float, weight)) for weight in columns[unit]), default=0.0)
    return f"%+.{decimals_for(largest)}f"
