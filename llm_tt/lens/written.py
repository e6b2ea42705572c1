"""The vector that each part of a forward pass writes into the stream."""

import torch
from einops import einsum
from jaxtyping import Float
from torch import Tensor

from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.part_limits import PartLimits
from llm_tt.tracing.parts import Part
from llm_tt.tracing.trace import ForwardTrace


def check_part(trace: ForwardTrace, part: Part) -> None:
    """Refuse a part that is not in a trace.

    Raises:
        TargetError: its layer, head, position, key or neuron lies outside.
        CapabilityError: it is a neuron, and the model has no single neurons.
    """
    neurons = trace.mlp_activations
    PartLimits(
        n_layers=trace.n_layers,
        n_heads=len(trace.patterns[0]),
        n_positions=len(trace.prompt),
        n_neurons=None if neurons is None else neurons.shape[-1],
        has_mid_states=trace.resid_mid is not None,
    ).check(part)


@torch.no_grad()
def written_by(model: LanguageModel, trace: ForwardTrace, part: Part) -> Float[Tensor, " d_model"]:
    """What a part writes; of a residual edge, the state it carries over; of a state, the state itself.

    The heads of a layer and the attention bias are what attention adds, the neurons and the MLP's bias what
    the MLP adds; the bias is in the MLP's own vector, and in no head's. In an edited trace what an edit put
    in place of messages is in no head's vector either; what it put in place of an MLP is in the MLP's.

    Raises:
        TargetError: there is no such part.
        CapabilityError: it is a neuron, and the model has no single neurons.
    """
    check_part(trace, part)
    layer, position = part.layer, part.position
    match part.kind:
        case "state":
            return _state(trace, part)
        case "residual":
            return _carried_over(trace, part)
        case "mlp":
            return trace.mlp_out[layer, position]
        case "neuron":
            assert trace.mlp_activations is not None
            neuron_out = model.layer_weights(layer).neuron_out
            assert neuron_out is not None
            amount = trace.mlp_activations[layer, position, part.neuron] * trace.mlp_scale[layer, position]
            return neuron_out[part.neuron] * amount
        case "messages" | "message" | "head":
            return _attention(model, trace, part)


def _state(trace: ForwardTrace, part: Part) -> Tensor:
    if part.stage == "embed":
        return trace.stream[0, part.position]
    if part.stage == "mid":
        assert trace.resid_mid is not None
        return trace.resid_mid[part.layer, part.position]
    return trace.resid_post[part.layer, part.position]


def _carried_over(trace: ForwardTrace, part: Part) -> Tensor:
    if part.stage == "mid" or trace.resid_mid is None:
        return trace.resid_pre[part.layer, part.position]
    return trace.resid_mid[part.layer, part.position]


def _attention(model: LanguageModel, trace: ForwardTrace, part: Part) -> Tensor:
    """Mix the values first: one product with the output matrix, however many messages."""
    heads = slice(None) if part.head is None else slice(part.head, part.head + 1)
    keys = slice(None) if part.key is None else slice(part.key, part.key + 1)
    pattern = trace.patterns[part.layer][heads, part.position, keys]
    if trace.changes is not None and part.layer in trace.changes.message_factor:
        pattern = pattern * trace.changes.message_factor[part.layer][heads, part.position, keys]
    values = trace.layer_values(part.layer)[keys, heads]
    mixed = einsum(pattern, values, "head key, key head d_head -> head d_head")
    head_out = model.layer_weights(part.layer).head_out[heads]
    written = einsum(mixed, head_out, "head d_head, head d_head d_model -> d_model")
    return written * trace.attention_scale[part.layer, part.position]
