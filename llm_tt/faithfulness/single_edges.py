"""The exhaustive truth on small models: every message and every MLP cut once, alone, in batches."""

from dataclasses import dataclass

import torch
from jaxtyping import Int
from torch import Tensor

from llm_tt.attribution.baseline import Baseline, BaselineName, baseline_of
from llm_tt.attribution.target import Target
from llm_tt.axes import EdgeWeights, PositionWeights
from llm_tt.faithfulness.keep import Keep
from llm_tt.faithfulness.masked_run import Attention, masked_logits
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.trace import ForwardTrace

EDGES_AT_ONCE = 512


@dataclass(frozen=True, slots=True, eq=False)
class EdgeEffects:
    """What the target loses when one edge is cut: positive where the edge spoke for it.

    Edges of positions behind the target's cannot matter and are 0.
    """

    attention: EdgeWeights
    mlp: PositionWeights


def single_edge_effects(
    model: LanguageModel,
    trace: ForwardTrace,
    target: Target,
    *,
    baseline: BaselineName | Baseline = "mean",
    attention: Attention = "recomputed",
) -> EdgeEffects:
    """Cut every edge once. Takes layers * heads * positions² / 2 forward passes, so small models only."""
    n_layers, n_heads = trace.n_layers, len(trace.patterns[0])
    length = len(trace.prompt)
    compared = baseline_of(model, baseline)
    whole = float(target.measure(trace.logits[target.position]))
    messages = trace.stream.new_zeros(n_layers, n_heads, length, length)
    mlp = trace.stream.new_zeros(n_layers, length)

    def measure(keep: Keep) -> Tensor:
        logits = masked_logits(model, trace, target.position, keep, compared, attention)
        return whole - target.measure(logits)

    reach = torch.arange(target.position + 1, device=trace.stream.device)
    query, key = torch.tril_indices(len(reach), len(reach), device=reach.device)
    for layer in range(n_layers):
        for head in range(n_heads):
            for start in range(0, len(query), EDGES_AT_ONCE):
                part = slice(start, start + EDGES_AT_ONCE)
                effects = measure(_without_messages(trace, layer, head, query[part], key[part]))
                messages[layer, head, query[part], key[part]] = effects
        mlp[layer, reach] = measure(_without_mlps(trace, layer, reach))
    return EdgeEffects(messages, mlp)


def _without_messages(
    trace: ForwardTrace, layer: int, head: int, query: Int[Tensor, " copy"], key: Int[Tensor, " copy"]
) -> Keep:
    """One message less in each copy."""
    copy = torch.arange(len(query), device=query.device)

    def attention(asked: int) -> Tensor:
        mask = _all_messages(trace, len(copy))
        if asked != layer:
            return mask
        mask = mask.clone()
        mask[copy, head, query, key] = False
        return mask

    return Keep(len(copy), attention, lambda _: _all_mlps(trace, len(copy)))


def _without_mlps(trace: ForwardTrace, layer: int, position: Int[Tensor, " copy"]) -> Keep:
    """One MLP less in each copy."""
    copy = torch.arange(len(position), device=position.device)

    def mlp(asked: int) -> Tensor:
        mask = _all_mlps(trace, len(copy))
        if asked != layer:
            return mask
        mask = mask.clone()
        mask[copy, position] = False
        return mask

    return Keep(len(copy), lambda _: _all_messages(trace, len(copy)), mlp)


def _all_messages(trace: ForwardTrace, copies: int) -> Tensor:
    return torch.ones((), dtype=torch.bool, device=trace.stream.device).expand(
        copies, *trace.patterns[0].shape
    )


def _all_mlps(trace: ForwardTrace, copies: int) -> Tensor:
    return torch.ones((), dtype=torch.bool, device=trace.stream.device).expand(copies, len(trace.prompt))
