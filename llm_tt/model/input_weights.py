"""The input side of a block's neurons, and the embedding, as plain matrices, whatever the family.

What a neuron's activation function reads is, per position,

    (norm(state) @ W + b) = state @ direction / divisor + constant

with the norm's weight, and the mean that it removes, folded into the direction. Where a block has no norm
of its own in front of the MLP, attention's norm serves both (parallel blocks), or there is none (OLMo 2).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from transformer_lens.model_bridge import TransformerBridge

from llm_tt.model.frozen_norm import frozen_norm
from llm_tt.model.language_model import NeuronInputs

TOKENS_AT_ONCE = 1 << 14


def neuron_inputs(bridge: TransformerBridge, layer: int, dtype: torch.dtype) -> NeuronInputs:
    """The directions that the neurons of one layer read from the stream."""
    block = bridge.blocks[layer]
    norm = frozen_norm(bridge, getattr(block, "ln2", getattr(block, "ln1", None)), dtype)

    def directions(weight: Tensor) -> Tensor:
        return norm.fold_into(weight.detach().to(dtype).T)

    gate: Tensor | None = getattr(block.mlp, "W_gate", None)
    if gate is None:
        return NeuronInputs(activated=directions(block.mlp.W_in), factor=None)
    return NeuronInputs(activated=directions(gate), factor=directions(block.mlp.W_in))


@torch.no_grad()
def embedding(
    bridge: TransformerBridge, token_ids: Sequence[int] | None, factor: float, dtype: torch.dtype
) -> Float[Tensor, "token d_model"]:
    """Tokens as they enter the stream: some families scale them, and BLOOM has a norm there.

    `factor` is what the model multiplies them with outside of its embedding. A view of the weights for a
    range of tokens that nothing is done to.
    """
    weight: Tensor = bridge.embed.weight.detach()
    wanted = range(len(weight)) if token_ids is None else token_ids
    probe = torch.arange(min(8, len(weight)), device=weight.device)
    if torch.equal(_embed(bridge, probe, factor), weight[probe]):
        if isinstance(wanted, range) and wanted.step == 1:
            return weight[wanted.start : wanted.stop].to(dtype)
        return weight[list(wanted)].to(dtype)
    asked = torch.tensor(list(wanted), device=weight.device)
    return torch.cat([_embed(bridge, some, factor).to(dtype) for some in torch.split(asked, TOKENS_AT_ONCE)])


def _embed(bridge: TransformerBridge, token_ids: Tensor, factor: float) -> Tensor:
    embedded: Tensor = bridge.embed(token_ids[None]) * factor
    if hasattr(bridge, "embed_ln"):
        embedded = bridge.embed_ln(embedded)
    return embedded[0]
