"""Faithfulness over many densities at once: what moves with the slider."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from llm_tt.attribution.baseline import BASELINE_SHARE, Baseline, BaselineName, baseline_of, is_known
from llm_tt.attribution.target import Target
from llm_tt.faithfulness.check import target_of
from llm_tt.faithfulness.keep import EdgeScores, strongest
from llm_tt.faithfulness.masked_run import Attention
from llm_tt.faithfulness.measures import Outcome
from llm_tt.faithfulness.random_edges import random_graphs
from llm_tt.faithfulness.several_runs import run_together
from llm_tt.graph.dense import dense_edges
from llm_tt.graph.edges import EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress, silent, within
from llm_tt.tracing.trace import ForwardTrace

DENSITIES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
"""Closer together where graphs are drawn."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One density."""

    density: float
    """As asked for; 1 is the graph of all edges that reach the target."""
    threshold: float
    n_edges: int
    graph: Outcome
    random: Outcome
    """A random graph with as many messages and MLPs."""


@dataclass(frozen=True, slots=True)
class FaithfulnessCurve:
    """Points from sparse to dense, between the whole model and the empty graph."""

    target: Target
    whole_metric: float
    empty_metric: float
    points: tuple[CurvePoint, ...]


def faithfulness_curve(  # noqa: PLR0913 (as `check_faithfulness`)
    model: LanguageModel,
    trace: ForwardTrace,
    graph: FlowGraph,
    densities: Sequence[float] = DENSITIES,
    *,
    target: Target | None = None,
    baseline: BaselineName | Baseline = "mean",
    attention: Attention = "recomputed",
    seed: int = 0,
    progress: Progress | None = None,
) -> FaithfulnessCurve:
    """The graph cut to each density, and a random one of equal size: all in one batch.

    Arguments as in `check_faithfulness`; `graph` is the whole graph. `progress` is called with the finished
    share, layer by layer; what it raises stops the runs.
    """
    target = target_of(model, trace, graph, target)
    laid_out = dense_edges(graph, graph.survival)
    scores = EdgeScores(laid_out.attention, laid_out.mlp)
    thresholds = [graph.threshold_for(density=density) for density in densities]
    can_be_cut = graph.survival[graph.kind != EdgeKind.RESIDUAL]
    runs = [
        strongest(scores, torch.tensor(thresholds)),
        random_graphs(scores, graph.target_position, [_count(can_be_cut, t) for t in thresholds], seed),
    ]
    telling = progress or silent
    begin = 0.0 if is_known(model, baseline) else BASELINE_SHARE
    compared = baseline_of(model, baseline, within(telling, 0.0, begin))
    reference, (kept, random) = run_together(
        model, trace, target, runs, compared, attention, within(telling, begin, 1.0)
    )
    points = zip(densities, thresholds, kept, random, strict=True)
    return FaithfulnessCurve(
        target=target,
        whole_metric=reference.whole_metric,
        empty_metric=reference.empty_metric,
        points=tuple(
            CurvePoint(density, threshold, _count(graph.survival, threshold), outcome, chance)
            for density, threshold, outcome, chance in points
        ),
    )


def _count(survival: np.ndarray, threshold: float) -> int:
    return int(np.count_nonzero((survival >= threshold) & (survival > 0)))
