"""The numbers of a comparison: both predictions, both graphs, and how alike they are."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from torch import Tensor

from llm_tt.attribution.divergence import divergence
from llm_tt.comparison.components import ComponentChange, component_sums
from llm_tt.comparison.difference import main_threshold
from llm_tt.comparison.explained_run import ExplainedRun
from llm_tt.comparison.paired_graphs import PairedGraphs
from llm_tt.comparison.rank_correlation import rank_correlation
from llm_tt.lens.token_ranking import rank_logits, ranks_of


@dataclass(frozen=True, slots=True)
class RunNumbers:
    """One side; a plain value."""

    prediction: str
    """The likeliest token after the target's position."""
    probability: float
    """Its probability."""
    target: str
    contrast: str | None
    target_logit: float
    target_probability: float
    target_rank: int
    """1 is the best."""
    measured: float
    """What is explained: the target's logit, or its difference from the contrast's."""
    n_edges: int
    """Edges that the graph keeps at its threshold."""
    threshold: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two graphs over common columns are; a plain value. None where nothing can be said."""

    overlap: float | None
    """Edges that both keep, as a share of those that at least one keeps."""
    edge_correlation: float | None
    """Of the sizes of edges that both keep, in ranks (Spearman)."""
    component_correlation: float | None
    """Of what heads and MLPs bring over all columns by edges that one of both keeps, in ranks."""
    largest_changes: tuple[ComponentChange, ...]
    """Heads and MLPs at a column; empty where the two are in different units."""


@dataclass(frozen=True, slots=True)
class ComparisonNumbers:
    """Both sides, and what lies between them."""

    first: RunNumbers
    second: RunNumbers
    kl: float
    """Of the second prediction from the first, in nats."""
    likeness: Likeness | None
    """None where the models have other sizes, so that their edges are not the same ones."""


def numbers_of(
    first: ExplainedRun,
    second: ExplainedRun,
    pair: PairedGraphs | None,
    *,
    threshold: float | None = None,
    top: int = 20,
) -> ComparisonNumbers:
    """The numbers of two runs with one vocabulary, and of the edges that survive a threshold.

    In one unit both graphs are cut at the same threshold, otherwise to equally many edges.
    """
    thresholds = _thresholds(first, second, pair, threshold)
    ours, theirs = (_logits(run) for run in (first, second))
    return ComparisonNumbers(
        _side(first, thresholds[0]),
        _side(second, thresholds[1]),
        float(divergence(ours, theirs.to(ours))),
        None if pair is None else _likeness(pair, thresholds, top),
    )


def _thresholds(
    first: ExplainedRun, second: ExplainedRun, pair: PairedGraphs | None, threshold: float | None
) -> tuple[float, float]:
    ours, theirs = (first.graph, second.graph) if pair is None else (pair.first, pair.second)
    at = main_threshold(ours) if threshold is None else threshold
    if pair is not None and pair.is_one_unit:
        return at, at
    n_edges = int(np.count_nonzero((ours.survival >= at) & (ours.survival > 0)))
    return at, theirs.threshold_for(density=min(max(n_edges, 1) / theirs.n_candidates, 1.0))


def _side(run: ExplainedRun, threshold: float) -> RunNumbers:
    logits, target = _logits(run), run.target
    best = rank_logits(run.model, logits, top=1)
    named = [target.token_id, *([] if target.contrast_id is None else [target.contrast_id])]
    strings = run.model.token_strings(named)
    survival = run.graph.survival
    return RunNumbers(
        prediction=best.token_strings[0],
        probability=best.probabilities[0],
        target=strings[0],
        contrast=strings[1] if len(strings) > 1 else None,
        target_logit=float(logits[target.token_id]),
        target_probability=float(logits.softmax(-1)[target.token_id]),
        target_rank=ranks_of(logits, [target.token_id])[0],
        measured=float(target.measure(logits)),
        n_edges=int(np.count_nonzero((survival >= threshold) & (survival > 0))),
        threshold=threshold,
    )


def _likeness(pair: PairedGraphs, thresholds: tuple[float, float], top: int) -> Likeness:
    kept: list[Bool[np.ndarray, " edge"]] = [
        (graph.survival >= threshold) & (graph.survival > 0)
        for graph, threshold in zip((pair.first, pair.second), thresholds, strict=True)
    ]
    in_both, in_one = kept[0] & kept[1], kept[0] | kept[1]
    n_kept = int(np.count_nonzero(in_one))
    sizes = [np.abs(graph.weight[in_both]) for graph in (pair.first, pair.second)]
    sums = component_sums(pair, in_one)
    return Likeness(
        overlap=int(np.count_nonzero(in_both)) / n_kept if n_kept else None,
        edge_correlation=rank_correlation(*sizes),
        component_correlation=rank_correlation(*sums.wholes),
        largest_changes=sums.largest_changes(top) if pair.is_one_unit else (),
    )


def _logits(run: ExplainedRun) -> Float[Tensor, " d_vocab"]:
    return run.trace.logits[run.target.position]
