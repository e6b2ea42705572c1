"""Which components matter over many prompts: how much, which way, and how surely."""

from dataclasses import asdict, dataclass

import numpy as np
from jaxtyping import Bool, Float

from llm_tt.attribution.method_list import WITHOUT_TARGET
from llm_tt.faithfulness.statistics import Interval
from llm_tt.summaries.component_values import ComponentValues, MeasuredPart
from llm_tt.summaries.resampling import PERCENTILES, intervals, intervals_of, means_of_draws


@dataclass(frozen=True, slots=True)
class ComponentSummary:
    """One component over all prompts; intervals are of prompts drawn again."""

    component: MeasuredPart
    place: int
    """By mean share; 1 is the strongest."""
    place_low: int
    place_high: int
    """The middle 95 % of its places when prompts are drawn again."""
    share: Interval
    contribution: Interval
    """With its sign, in the metric's unit; of ifr the flow through it."""
    towards: float | None
    """Of the prompts that list it, those where it speaks for the target; None of methods without signs."""
    median_rank: float | None
    """Among those of its kind, in the prompts that list it."""
    listed: float
    """In how many of the prompts it is listed: heads and MLPs in all, neurons where they are strong."""

    def to_json(self) -> dict[str, object]:
        """Plain values, one level deep but for the intervals."""
        told = asdict(self)
        return {**told.pop("component"), **told}


@dataclass(frozen=True, slots=True)
class Summary:
    """All components of a kind, the strongest first."""

    method: str
    group: str | None
    """None: all prompts."""
    n_prompts: int
    rows: tuple[ComponentSummary, ...]

    def named(self, component: str) -> ComponentSummary | None:
        """The row of a component."""
        return next((row for row in self.rows if row.component.name == component), None)


def summarize(values: ComponentValues) -> Summary:
    """Means, intervals, signs and places."""
    if not values.components:
        return Summary(values.method, values.group, len(values.entries), ())
    means, drawn = values.shares.mean(0), means_of_draws(values.shares)
    shares, contributions = intervals_of(means, drawn), intervals(values.contributions)
    low, high = np.percentile(places_of(drawn), PERCENTILES, axis=0, method="nearest")
    places = places_of(means[None])[0]
    is_listed = ~np.isnan(values.ranks)
    rows = []
    for column in np.argsort(places):
        listed = is_listed[:, column]
        signs, ranks = values.contributions[listed, column], values.ranks[listed, column]
        rows.append(
            ComponentSummary(
                component=values.components[column],
                place=int(places[column]),
                place_low=int(low[column]),
                place_high=int(high[column]),
                share=shares[column],
                contribution=contributions[column],
                towards=_share_of(signs > 0) if values.method not in WITHOUT_TARGET else None,
                median_rank=float(np.median(ranks)) if listed.any() else None,
                listed=float(listed.mean()),
            )
        )
    return Summary(values.method, values.group, len(values.entries), tuple(rows))


def places_of(means: Float[np.ndarray, "draw component"]) -> np.ndarray:
    """The place of each component in each draw, 1 the strongest; of equal ones the first comes first."""
    order = np.argsort(-means, axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(1, means.shape[1] + 1)[None], axis=1)
    return places


def _share_of(is_true: Bool[np.ndarray, " prompt"]) -> float | None:
    return float(is_true.mean()) if len(is_true) else None
