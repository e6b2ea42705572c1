"""What the graph is told after it was drawn: measured faithfulness, and how its nodes read."""

from typing import Final

import numpy as np
import torch

from llm_tt.faithfulness.curve import FaithfulnessCurve
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.lens.promotion import NUMBERS_AT_ONCE, promoted_by_each
from llm_tt.lens.state_reading import state_logits, states_of
from llm_tt.lens.token_ranking import strongest_tokens
from llm_tt.model.check_up import Capability
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part
from llm_tt.tracing.progress import Progress
from llm_tt.tracing.trace import ForwardTrace

MAX_NODES: Final = 2400
"""States and MLPs that are read ahead; beyond that, those that survive longest."""

N_TOKENS: Final = 3


FEWEST_EDGES: Final = 12
"""Where the meter's scale begins; less than that is hardly a graph."""

N_POINTS: Final = 12


def densities_of_meter(graph: FlowGraph) -> tuple[float, ...]:
    """Where faithfulness is measured: evenly over the slider, which counts edges by their logarithm."""
    fewest = min(FEWEST_EDGES / graph.n_candidates, 1.0)
    return tuple(np.geomspace(fewest, 1.0, N_POINTS).tolist())


def curve_news(curve: FaithfulnessCurve, what: str) -> dict[str, object]:
    """The points of a curve as the meter needs them; `what` names what is kept: "the prediction"."""
    return {
        "what": what,
        "points": [
            {
                "edges": point.n_edges,
                "retained": point.graph.retained,
                "random": point.random.retained,
                "kl": point.graph.kl,
                "sameTop": point.graph.same_top_token,
            }
            for point in curve.points
        ],
    }


def reads_every_state(trace: ForwardTrace) -> bool:
    """Whether `node_labels` reads all there is, whatever the target."""
    return len(states_of(trace, 0)) * len(trace.prompt) <= MAX_NODES


@torch.no_grad()
def node_labels(
    model: LanguageModel, trace: ForwardTrace, graph: FlowGraph, progress: Progress | None = None
) -> dict[str, list[str]]:
    """The strongest tokens of states, and what MLPs promote most, by the name of each.

    Empty where the logit lens is off.
    """
    if not model.self_test.has(Capability.LENS):
        return {}
    states = _states_worth_reading(graph)
    labels: dict[str, list[str]] = {}
    rows = max(1, NUMBERS_AT_ONCE // model.dimensions.d_vocab)
    for start in range(0, len(states), rows):
        some = states[start : start + rows]
        best = strongest_tokens(state_logits(model, trace, some), N_TOKENS)
        for state, token_ids in zip(some, best.tolist(), strict=True):
            labels[str(state)] = _visible(model.token_strings(token_ids))
        if progress is not None:
            progress((start + len(some)) / (len(states) + 1))
    mlps = [Part("mlp", state.layer, state.position) for state in states if state.stage == "post"]
    vectors = trace.mlp_out[[part.layer for part in mlps], [part.position for part in mlps]]
    promoted = promoted_by_each(model, trace, vectors, [part.position for part in mlps], N_TOKENS)
    labels |= {str(part): _visible(tokens) for part, tokens in zip(mlps, promoted, strict=True)}
    if progress is not None:
        progress(1.0)
    return labels


def _states_worth_reading(graph: FlowGraph) -> list[Part]:
    """All states while they are few; else those whose edges survive longest."""
    lattice = graph.lattice
    longest = np.zeros(lattice.n_nodes, graph.survival.dtype)
    np.maximum.at(longest, graph.source, graph.survival)
    np.maximum.at(longest, graph.target, graph.survival)
    if lattice.n_nodes > MAX_NODES:  # as `reads_every_state` says
        nodes = np.sort(np.argsort(-longest, kind="stable")[:MAX_NODES])
    else:
        nodes = np.arange(lattice.n_nodes)
    places = [lattice.place_of(int(node)) for node in nodes]
    return [Part("state", place.layer, place.position, stage=place.stage) for place in places]


def _visible(tokens: tuple[str, ...]) -> list[str]:
    return [visible_token(token) for token in tokens]
