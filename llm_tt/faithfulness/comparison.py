"""Which method finds the edges that matter? Rankings of edges, tried on one prompt after the other.

Each ranking is cut to the same numbers of messages and MLPs and run masked; and each is compared with the
truth, the effect of every single edge. Random edges are the floor, the truth itself is the ceiling.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from llm_tt.attribution.baseline import Baseline, BaselineName, baseline_of
from llm_tt.attribution.method_list import WITH_TARGET, WITHOUT_TARGET, Method
from llm_tt.attribution.methods import attribute_target
from llm_tt.attribution.target import Target, resolve_target
from llm_tt.errors import AttributionError
from llm_tt.faithfulness.keep import EdgeScores, strongest
from llm_tt.faithfulness.masked_run import Attention
from llm_tt.faithfulness.random_edges import random_scores
from llm_tt.faithfulness.several_runs import run_together
from llm_tt.faithfulness.single_edges import single_edge_effects
from llm_tt.faithfulness.statistics import area_of_distance, area_of_retained, spearman
from llm_tt.graph.building import build_graph
from llm_tt.graph.dense import dense_edges
from llm_tt.graph.flow_graph import Aggregate
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.forward import capture
from llm_tt.tracing.trace import ForwardTrace

DENSITIES = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Shares of all messages and MLPs that are kept."""

RANKINGS: dict[str, tuple[Method, Aggregate]] = {
    **{name: (name, "threshold") for name in WITHOUT_TARGET},
    **{f"{name}-flow": (name, "flow") for name in WITHOUT_TARGET},
    **{name: (name, "threshold") for name in WITH_TARGET},
}
"""What can be compared, by name: a method, and how its graph weighs edges."""
FLOOR, CEILING = "random", "single edges"


@dataclass(frozen=True, slots=True)
class TwoAnswers:
    """A prompt with a right and a wrong next token."""

    prompt: str
    answer: str
    contrast: str


@dataclass(frozen=True, slots=True)
class Result:
    """One ranking on one prompt."""

    ranking: str
    prompt: str
    spearman: float | None
    """Correlation of ranks with the size of single-edge effects; None where these were not computed."""
    retained: tuple[float, ...]
    """At each density."""
    retained_area: float
    """CPR: higher is better."""
    distance_area: float
    """CMD: lower is better."""


def compare_rankings(  # noqa: PLR0913 (what is compared, on what, and how)
    model: LanguageModel,
    questions: Iterable[TwoAnswers],
    rankings: Sequence[str] = tuple(RANKINGS),
    *,
    with_truth: bool = True,
    baseline: BaselineName | Baseline = "mean",
    attention: Attention = "recomputed",
    report: Callable[[str], None] = lambda _: None,
) -> list[Result]:
    """Every ranking, the floor and (with truth) the ceiling on every question the model tells apart.

    Questions on which the whole model has no more than the empty graph are left out.
    """
    unknown = set(rankings) - set(RANKINGS)
    if unknown:
        raise AttributionError(
            asked=f"Compare {', '.join(map(repr, sorted(unknown)))}.",
            found=f"What can be compared is {', '.join(RANKINGS)}.",
            remedy="Choose from these.",
        )
    compared = baseline_of(model, baseline)
    results: list[Result] = []
    for question in questions:
        trace = capture(model, question.prompt)
        target = resolve_target(model, trace, token=question.answer, contrast=question.contrast)
        scores = {name: _scores(model, trace, target, name, compared) for name in rankings}
        generator = torch.Generator().manual_seed(len(results))
        scores[FLOOR] = random_scores(next(iter(scores.values())), target.position, generator)
        truth = None
        if with_truth:
            effects = single_edge_effects(model, trace, target, baseline=compared, attention=attention)
            truth = EdgeScores(effects.attention.abs().cpu(), effects.mlp.abs().cpu())
            scores[CEILING] = truth
        results += _try_out(model, trace, target, scores, truth, compared, attention)
        report(question.prompt)
    return results


def _scores(
    model: LanguageModel, trace: ForwardTrace, target: Target, name: str, baseline: Baseline
) -> EdgeScores:
    """Survival: how strong an edge is that still hangs together with the target."""
    method, aggregate = RANKINGS[name]
    shares = attribute_target(model, trace, method, target, baseline=baseline)
    graph = build_graph(shares, target.position, aggregate=aggregate)
    laid_out = dense_edges(graph, graph.survival)
    return EdgeScores(laid_out.attention, laid_out.mlp)


def _try_out(  # noqa: PLR0913 (as above)
    model: LanguageModel,
    trace: ForwardTrace,
    target: Target,
    scores: dict[str, EdgeScores],
    truth: EdgeScores | None,
    baseline: Baseline,
    attention: Attention,
) -> list[Result]:
    columns = {name: flat_column(given, target.position) for name, given in scores.items()}
    runs = [strongest(given, _thresholds(columns[name])) for name, given in scores.items()]
    _, outcomes = run_together(model, trace, target, runs, baseline, attention)
    results = []
    for name, kept in zip(scores, outcomes, strict=True):
        retained = tuple(outcome.retained for outcome in kept if outcome.retained is not None)
        if len(retained) < len(DENSITIES):
            continue
        agreement = None if truth is None else spearman(columns[name], flat_column(truth, target.position))
        results.append(
            Result(
                ranking=name,
                prompt=trace.prompt.text,
                spearman=agreement,
                retained=retained,
                retained_area=area_of_retained(DENSITIES, retained),
                distance_area=area_of_distance(DENSITIES, retained),
            )
        )
    return results


def flat_column(scores: EdgeScores, position: int) -> np.ndarray:
    """The scores of all messages and MLPs that could reach a position, as one column."""
    length = position + 1
    query, key = torch.tril_indices(length, length)
    messages = scores.attention[:, :, query, key]
    return torch.cat([messages.flatten(), scores.mlp[:, :length].flatten()]).double().numpy()


def _thresholds(column: np.ndarray) -> torch.Tensor:
    """The score of the last edge that is kept at each density; equal scores stay together."""
    ordered = np.sort(column)[::-1]
    last = [max(1, round(density * len(column))) - 1 for density in DENSITIES]
    return torch.from_numpy(ordered[last].copy())
