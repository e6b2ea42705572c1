"""The vector along which a state is steered."""

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.target import token_id_of
from llm_tt.errors import InterventionError, TargetError
from llm_tt.intervention.steering import NeuronDirection, Steer, TokenDirection
from llm_tt.model.language_model import LanguageModel


@torch.no_grad()
def steering_vector(model: LanguageModel, edit: Steer) -> Float[Tensor, " d_model"]:
    """What is added to the state: the direction times the strength.

    Raises:
        TargetError: a text is no single token of this model, or an id lies outside.
        InterventionError: both tokens are the same.
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
    toward = _token_id(model, tokens.toward)
    away = None if tokens.away is None else _token_id(model, tokens.away)
    if toward == away:
        raise InterventionError(
            asked=f"Steer toward {tokens.toward!r} and away from {tokens.away!r}.",
            found="Both are the same token.",
            remedy="Choose another token, or leave out what to steer away from.",
        )
    with model.lock, torch.enable_grad():
        part = torch.zeros(1, model.dimensions.d_model, dtype=model.compute_dtype, device=model.device)
        part.requires_grad_()
        (logits,) = model.read_part(part, 1.0)
        number = logits[toward] if away is None else logits[toward] - logits[away]
        (gradient,) = torch.autograd.grad(number, part)
    direction: Tensor = gradient[0] / gradient[0].norm()
    return direction


def _token_id(model: LanguageModel, token: int | str) -> int:
    try:
        return token_id_of(model, token)
    except TargetError as problem:
        raise TargetError(
            asked=f"Steer toward or away from {token!r}.", found=problem.found, remedy=problem.remedy
        ) from None
