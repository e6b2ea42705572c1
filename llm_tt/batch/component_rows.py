"""The rows of one prompt under one method, as columns: what heads, MLPs, neurons and messages contributed."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.neurons import neuron_totals
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.relations import KeyRelations
from llm_tt.graph.building import build_graph
from llm_tt.graph.dense import dense_edges
from llm_tt.graph.edges import EdgeKind
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.check_up import Capability
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.trace import ForwardTrace

Columns = dict[str, list[str] | np.ndarray]
"""By name; what a kind of component has no use for is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class ComponentTotals:
    """What each component contributed at all positions together, in the target's unit; of ifr the flow."""

    heads: Float[np.ndarray, "layer head"]
    mlps: Float[np.ndarray, " layer"]

    @property
    def size(self) -> float:
        """The sizes of all, added up."""
        return float(np.abs(self.heads).sum() + np.abs(self.mlps).sum())

    @classmethod
    def of(cls, shares: EdgeContributions, target_position: int) -> "ComponentTotals":
        """Contributions to one target add up as they are; shares of sums first become flow to the target."""
        if shares.is_signed:
            attention, mlp = shares.attention, shares.mlp
        else:
            flow = build_graph(shares, target_position, aggregate="flow")
            laid_out = dense_edges(flow, flow.weight)
            attention, mlp = laid_out.attention, laid_out.mlp
        return cls(_numbers(attention.sum((2, 3))), _numbers(mlp.sum(1)))


def head_rows(totals: ComponentTotals, trace: ForwardTrace, relations: KeyRelations) -> Columns:
    """One row a head, with what it attends to."""
    n_layers, n_heads = totals.heads.shape
    layer, head = np.divmod(np.arange(n_layers * n_heads), n_heads)
    columns = _measured(totals.heads.reshape(-1), totals.size) | {
        "component": [f"L{one}H{other}" for one, other in zip(layer.tolist(), head.tolist(), strict=True)],
        "layer": layer,
        "head": head,
    }
    attention = [relations.attention(pattern.cpu()) for pattern in trace.patterns]
    for relation in attention[0]:
        columns[f"attends_{relation}"] = _numbers(torch.cat([given[relation] for given in attention]))
    for relation, chance in relations.chance().items():
        columns[f"chance_{relation}"] = np.full(len(layer), chance)
    return columns


def mlp_rows(totals: ComponentTotals) -> Columns:
    """One row an MLP."""
    layer = np.arange(len(totals.mlps))
    return _measured(totals.mlps, totals.size) | {
        "component": [f"L{one}.mlp" for one in layer.tolist()],
        "layer": layer,
    }


def neuron_rows(
    model: LanguageModel,
    trace: ForwardTrace,
    shares: EdgeContributions,
    totals: ComponentTotals,
    options: BatchOptions,
) -> Columns | None:
    """The strongest neurons; None where there are none, or shares that do not add up over positions."""
    if options.neurons == 0 or not shares.is_signed or not model.self_test.has(Capability.NEURONS):
        return None
    contributed = _numbers(neuron_totals(model, trace, shares, baseline=options.baseline))
    flat = contributed.reshape(-1)
    strongest = _strongest(np.abs(flat), options.neurons)
    layer, neuron = np.divmod(strongest, contributed.shape[1])
    return _measured(flat[strongest], totals.size) | {
        "component": [f"L{one}N{other}" for one, other in zip(layer.tolist(), neuron.tolist(), strict=True)],
        "layer": layer,
        "neuron": neuron,
    }


def edge_rows(
    graph: FlowGraph, totals: ComponentTotals, relations: KeyRelations, options: BatchOptions
) -> Columns | None:
    """The strongest messages that the graph keeps."""
    messages = graph.keep(graph.kind == EdgeKind.ATTENTION)
    strongest = _strongest(messages.survival, options.edges)
    if len(strongest) == 0:
        return None
    messages = messages.keep(np.isin(np.arange(messages.n_edges), strongest))
    layer, head, key, query = messages.layer, messages.head, messages.key, messages.query
    named = zip(layer.tolist(), head.tolist(), key.tolist(), query.tolist(), strict=True)
    return _measured(messages.weight, totals.size) | {
        "component": [f"L{layer}H{head}@{key}-{query}" for layer, head, key, query in named],
        "layer": layer,
        "head": head,
        "key": key,
        "query": query,
        "relation": relations.of_edges(torch.from_numpy(query).long(), torch.from_numpy(key).long()),
    }


def _measured(contribution: np.ndarray, size: float) -> Columns:
    """Share, sign and rank; of equally strong ones the first comes first."""
    strength = np.abs(contribution)
    rank = np.empty(len(strength), np.int64)
    rank[np.argsort(-strength, kind="stable")] = np.arange(1, len(strength) + 1)
    return {
        "contribution": contribution,
        "share": strength / size if size > 0 else np.zeros_like(strength),
        "sign": np.sign(contribution),
        "rank": rank,
    }


def _strongest(strength: np.ndarray, n: int) -> Int[np.ndarray, " kept"]:
    kept: np.ndarray = np.argsort(-strength, kind="stable")[:n]
    return kept


def _numbers(tensor: torch.Tensor) -> np.ndarray:
    numbers: np.ndarray = tensor.double().cpu().numpy()
    return numbers
