"""The vector along which a state is steered."""

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.errors import InterventionError
from llm_tt.intervention.checking import token_ids_of
from llm_tt.intervention.steering import NeuronDirection, Steer, TokenDirection
from llm_tt.model.language_model import LanguageModel


@torch.no_grad()
def steering_vector(model: LanguageModel, edit: Steer) -> Float[Tensor, " d_model"]:
    """What is added to the state: the direction times the strength.

    Raises:
        TargetError: a text is no single token of this model, or an id lies outside.
        InterventionError: both tokens are the same, or the model reads nothing for them.
    """
    if isinstance(edit.direction, NeuronDirection):
        neuron_out = model.layer_weights(edit.layer).neuron_out
        assert neuron_out is not None
        direction = neuron_out[edit.direction.neuron]
    else:
        direction = token_direction(model, edit.direction)
    return direction.to(model.device) * edit.strength


def token_direction(model: LanguageModel, tokens: TokenDirection) -> Float[Tensor, " d_model"]:
    """Of length 1: the gradient of what a part of the last state adds to the logit, or to the difference."""
    toward, away = token_ids_of(model, tokens)
    with model.lock, torch.enable_grad():
        part = torch.zeros(1, model.dimensions.d_model, dtype=model.compute_dtype, device=model.device)
        part.requires_grad_()
        (logits,) = model.read_part(part, 1.0)
        number = logits[toward] if away is None else logits[toward] - logits[away]
        (gradient,) = torch.autograd.grad(number, part)
    length: Tensor = gradient[0].norm()
    if not bool(length > 0):
        raise InterventionError(
            asked=f"Steer toward {tokens.toward!r}.",
            found="No direction changes that: its row of the unembedding is empty, or like the other.",
            remedy="Choose another token.",
        )
    direction: Tensor = gradient[0] / length
    return direction
