"""`ForwardTrace`: everything that one forward pass over one prompt left behind."""

from dataclasses import dataclass, fields

import torch
from einops import repeat
from jaxtyping import Float
from torch import Tensor

from llm_tt.axes import AttentionPattern, KeyValueHeads, NeuronActivations, PositionScale, ResidualStream
from llm_tt.model.prompt import Prompt
from llm_tt.tracing.changes import Changes


@dataclass(frozen=True, slots=True, eq=False)
class ForwardTrace:
    """One prompt's forward pass, never with a batch axis; float32 or better, on the model's device.

    With `weights = model.layer_weights(layer)`, at every layer and position:

        resid_pre + attention_out            = resid_mid     (one sum with mlp_out in parallel blocks)
        resid_mid + mlp_out                  = resid_post
        attention_out = (sum over keys and heads of pattern * value @ weights.head_out
                         + weights.attention_bias) * attention_scale
        mlp_out       = (mlp_activations @ weights.neuron_out + weights.mlp_bias) * mlp_scale

    Of an edited run everything is as the edits left it, but two things are in `changes`: a message is
    pattern * value * message_factor, and both sums also have what came from outside. An MLP that was scaled
    has its factor in `mlp_scale`. `patterns` stay the attention that was paid.
    """

    prompt: Prompt
    stream: Float[Tensor, "layer_plus_one pos d_model"]
    """The state before each block, and last the state after the last one."""
    resid_mid: ResidualStream | None
    """State between attention and MLP; None where a block adds both at once."""
    attention_out: ResidualStream
    """Exactly what attention adds to the stream."""
    mlp_out: ResidualStream
    """Exactly what the MLP adds to the stream."""
    patterns: tuple[Float[Tensor, "head query key"], ...]
    """Attention pattern of each layer: the run's own tensors, because copying these costs the most."""
    key_value_heads: KeyValueHeads
    """Values as stored; `values` and `layer_values` share them out to the heads of each group."""
    mlp_activations: NeuronActivations | None
    """None where single neurons are not available (a mixture of experts)."""
    attention_scale: PositionScale
    """1 / rms of the norm behind attention; 1 in families without one."""
    mlp_scale: PositionScale
    """1 / rms of the norm behind the MLP; 1 in families without one. Times the factor of an edited MLP."""
    final_norm_scale: Float[Tensor, " pos"]
    """1 / rms or 1 / standard deviation of the final norm."""
    logits: Float[Tensor, "pos d_vocab"]
    changes: Changes | None = None
    """What an intervention did; None where the model ran as it is."""

    @property
    def resid_pre(self) -> ResidualStream:
        """State that enters each block; a view."""
        return self.stream[:-1]

    @property
    def resid_post(self) -> ResidualStream:
        """State that leaves each block; a view."""
        return self.stream[1:]

    @property
    def n_bytes(self) -> int:
        """Memory that this trace holds."""
        held = [getattr(self, field.name) for field in fields(self)]
        own = sum(value.nbytes for value in (*held, *self.patterns) if isinstance(value, Tensor))
        return own if self.changes is None else own + self.changes.n_bytes

    @property
    def n_layers(self) -> int:
        """How many blocks the model has."""
        return len(self.patterns)

    @property
    def attention_pattern(self) -> AttentionPattern:
        """The patterns of all layers as one tensor: a copy, so loops over layers take `patterns[layer]`."""
        return torch.stack(self.patterns)

    @property
    def values(self) -> Float[Tensor, "layer key head d_head"]:
        """Values of every head, value bias included; a copy where heads share keys and values."""
        return _share_out(self.key_value_heads, len(self.patterns[0]))

    def layer_values(self, layer: int) -> Float[Tensor, "key head d_head"]:
        """Values of one layer's heads; only this layer is copied where heads share keys and values."""
        return _share_out(self.key_value_heads[layer], len(self.patterns[0]))


def _share_out(values: Float[Tensor, "*rest kv_head d_head"], n_heads: int) -> Tensor:
    n_kv_heads = values.shape[-2]
    if n_kv_heads == n_heads:
        return values
    return repeat(values, "... kv_head d_head -> ... (kv_head group) d_head", group=n_heads // n_kv_heads)
