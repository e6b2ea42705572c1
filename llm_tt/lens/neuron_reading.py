"""Which tokens a neuron responds to, from its input weights alone: no prompt, no run."""

from dataclasses import dataclass

import torch
from torch import Tensor

from llm_tt.errors import CapabilityError
from llm_tt.lens.promotion import TokenChanges
from llm_tt.lens.token_products import token_products
from llm_tt.lens.token_ranking import strongest_tokens
from llm_tt.model.check_up import Capability
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.part_limits import PartLimits
from llm_tt.tracing.parts import Part


@dataclass(frozen=True, slots=True)
class InputTokens:
    """The tokens that lie most along a direction, and most against it; plain values.

    `changes` are inner products of the direction and the token's embedding, before the norm's factor.
    """

    excites: TokenChanges
    inhibits: TokenChanges


@dataclass(frozen=True, slots=True)
class NeuronReading:
    """What a neuron reads from the stream."""

    activated: InputTokens
    """By its activation function."""
    factor: InputTokens | None
    """In gated MLPs, by the factor that the activation is multiplied with; None in plain ones."""


@torch.no_grad()
def neuron_input_tokens(model: LanguageModel, layer: int, neuron: int, top: int = 10) -> NeuronReading:
    """The tokens whose embeddings excite and inhibit a neuron most.

    Raises:
        CapabilityError: this model's MLPs are no sums of neurons.
        TargetError: there is no such layer or neuron.
    """
    check_neuron(model, layer, neuron, f"Read what neuron {neuron} of layer {layer} responds to.")
    inputs = model.neuron_inputs(layer)
    assert inputs is not None
    directions = [inputs.activated[neuron]]
    if inputs.factor is not None:
        directions.append(inputs.factor[neuron])
    activated, *factor = token_products(model, torch.stack(directions))
    return NeuronReading(
        _input_tokens(model, activated, top), _input_tokens(model, factor[0], top) if factor else None
    )


def check_neuron(model: LanguageModel, layer: int, neuron: int, asked: str) -> None:
    """Refuse what is no neuron of this model.

    Raises:
        CapabilityError: this model's MLPs are no sums of neurons.
        TargetError: there is no such layer or neuron.
    """
    if not model.self_test.has(Capability.NEURONS):
        raise CapabilityError(
            asked=asked,
            found=f"Single neurons are not available for {model.spec.source}: its MLP is no sum of them.",
            remedy="The MLP as a whole can be read.",
        )
    sizes = model.dimensions
    PartLimits(sizes.n_layers, sizes.n_heads, 1, sizes.d_mlp, has_mid_states=True).check(
        Part("neuron", layer, 0, neuron=neuron)
    )


def _input_tokens(model: LanguageModel, products: Tensor, top: int) -> InputTokens:
    def tokens(numbers: Tensor) -> TokenChanges:
        best = strongest_tokens(numbers, top)
        token_ids = tuple(best.tolist())
        return TokenChanges(token_ids, model.token_strings(token_ids), tuple(products[best].tolist()))

    return InputTokens(excites=tokens(products), inhibits=tokens(-products))
