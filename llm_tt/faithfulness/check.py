"""`check_faithfulness`: how much of a prediction a graph keeps when everything else is cut."""

from dataclasses import dataclass

import numpy as np
import torch

from llm_tt.attribution.baseline import Baseline, BaselineName, baseline_of
from llm_tt.attribution.target import Target, resolve_target
from llm_tt.errors import GraphError
from llm_tt.faithfulness.keep import EdgeScores, strongest
from llm_tt.faithfulness.masked_run import Attention
from llm_tt.faithfulness.measures import Outcome, mean_retained
from llm_tt.faithfulness.random_edges import random_graphs
from llm_tt.faithfulness.several_runs import run_together
from llm_tt.graph.belonging import require_its_prompt
from llm_tt.graph.dense import kept_edges
from llm_tt.graph.edges import EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.language_model import LanguageModel
from llm_tt.notebook import ShownInNotebooks
from llm_tt.tracing.trace import ForwardTrace

RANDOM_GRAPHS = 5
ASKED = "Check how much of the prediction the graph keeps."


@dataclass(frozen=True, slots=True)
class Faithfulness(ShownInNotebooks):
    """A graph's card. `retained` is 1 for the whole model, 0 for the empty graph; it may leave that range."""

    target: Target
    n_edges: int
    density: float
    whole_metric: float
    """The target's number in the whole model."""
    empty_metric: float
    """The same with every message and every MLP cut."""
    graph: Outcome
    """Only the graph's edges are kept."""
    complement: Outcome
    """Only the graph's edges are cut."""
    random_retained: float | None
    """Mean of `retained` over random graphs with as many messages and MLPs."""
    random_complement: float | None
    """The same with as many random messages and MLPs cut, instead of the graph's."""

    @property
    def retained(self) -> float | None:
        """How much of the target the graph keeps; None where there was nothing to keep."""
        return self.graph.retained

    @property
    def kl(self) -> float:
        """Divergence of the graph's prediction from the whole model's, in nats."""
        return self.graph.kl

    @property
    def same_top_token(self) -> bool:
        """Whether the graph alone still predicts the model's token."""
        return self.graph.same_top_token


def check_faithfulness(  # noqa: PLR0913 (what is checked, and the options of a masked run)
    model: LanguageModel,
    trace: ForwardTrace,
    graph: FlowGraph,
    *,
    target: Target | None = None,
    baseline: BaselineName | Baseline = "mean",
    attention: Attention = "recomputed",
    seed: int = 0,
) -> Faithfulness:
    """Run the model with only the graph's edges, with all others, and with random ones.

    Args:
        model: The model that the trace was taken from.
        trace: One forward pass.
        graph: A pruned graph of it. Residual edges are never cut, whether the graph has them or not.
        target: What is measured. By default what the graph explains; for graphs that explain no token, the
            log-probability of the model's own prediction.
        baseline: What a cut message or MLP brings instead.
        attention: Whether patterns are "recomputed" from what is left, or "frozen" as in the full run.
        seed: Of the random graphs.

    Raises:
        GraphError: the graph has no edges, or is of another prompt.
    """
    _refuse_if_empty(graph)
    target = target_of(model, trace, graph, target)
    present = presence(graph)
    sizes = [cuttable(graph)] * RANDOM_GRAPHS
    runs = [
        *(strongest(present, torch.ones(1), cut=way) for way in (False, True)),
        *(random_graphs(present, graph.target_position, sizes, seed, cut=way) for way in (False, True)),
    ]
    reference, outcomes = run_together(model, trace, target, runs, baseline_of(model, baseline), attention)
    return Faithfulness(
        target=target,
        n_edges=graph.n_edges,
        density=graph.density,
        whole_metric=reference.whole_metric,
        empty_metric=reference.empty_metric,
        graph=outcomes[0][0],
        complement=outcomes[1][0],
        random_retained=mean_retained(outcomes[2]),
        random_complement=mean_retained(outcomes[3]),
    )


def _refuse_if_empty(graph: FlowGraph) -> None:
    if graph.n_edges == 0:
        raise GraphError(
            asked=ASKED,
            found="The graph has no edges: nothing reaches the target at this threshold.",
            remedy="Lower the threshold, or say density= or mass=.",
        )


def target_of(model: LanguageModel, trace: ForwardTrace, graph: FlowGraph, target: Target | None) -> Target:
    """What a graph is measured by.

    Raises:
        GraphError: the graph is of another prompt.
    """
    require_its_prompt(graph, trace, ASKED)
    return (
        target
        or graph.explains
        or resolve_target(model, trace, position=graph.target_position, metric="logprob")
    )


def presence(graph: FlowGraph) -> EdgeScores:
    """1 for every message and MLP of the graph, 0 for all others."""
    laid_out = kept_edges(graph)
    return EdgeScores(laid_out.attention.float(), laid_out.mlp.float())


def cuttable(graph: FlowGraph) -> int:
    """How many messages and MLPs a graph has."""
    return int(np.count_nonzero(graph.kind != EdgeKind.RESIDUAL))
