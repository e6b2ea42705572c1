"""Whether edits fit a model and a prompt, said before anything runs."""

from collections.abc import Sequence

from llm_tt.attribution.target import token_id_of
from llm_tt.errors import InterventionError, TargetError
from llm_tt.intervention.components import Component, check_component
from llm_tt.intervention.edits import Edit
from llm_tt.intervention.positions import check_inside
from llm_tt.intervention.steering import NeuronDirection, Steer, TokenDirection
from llm_tt.model.language_model import LanguageModel


def check_edits(model: LanguageModel, edits: Sequence[Edit], n_positions: int) -> None:
    """Refuse edits of what a model does not have, and at positions behind a prompt.

    Raises:
        TargetError: a layer, head, neuron, token or position that there is not.
        CapabilityError: a neuron, and the model has no single neurons.
        InterventionError: a step from a token to itself.
    """
    check_parts(model, edits)
    check_positions(edits, n_positions)


def check_parts(model: LanguageModel, edits: Sequence[Edit]) -> None:
    """The same without the positions, which may still be written."""
    for edit in edits:
        if not isinstance(edit, Steer):
            check_component(model, edit.component)
        elif isinstance(edit.direction, NeuronDirection):
            check_component(model, Component("neuron", edit.layer, neuron=edit.direction.neuron))
        else:
            _check_layer(model, edit)
            token_ids_of(model, edit.direction)


def token_ids_of(model: LanguageModel, tokens: TokenDirection) -> tuple[int, int | None]:
    """Both tokens as ids.

    Raises:
        TargetError: a text is no single token of this model, or an id lies outside.
        InterventionError: both are the same.
    """
    toward = _token_id(model, tokens.toward)
    away = None if tokens.away is None else _token_id(model, tokens.away)
    if toward == away:
        raise InterventionError(
            asked=f"Steer toward {tokens.toward!r} and away from {tokens.away!r}.",
            found="Both are the same token.",
            remedy="Choose another token, or leave out what to steer away from.",
        )
    return toward, away


def _token_id(model: LanguageModel, token: int | str) -> int:
    try:
        return token_id_of(model, token)
    except TargetError as problem:
        raise TargetError(
            asked=f"Steer toward or away from {token!r}.", found=problem.found, remedy=problem.remedy
        ) from None


def check_positions(edits: Sequence[Edit], n_positions: int) -> None:
    """Refuse edits at positions behind a prompt.

    Raises:
        TargetError: there is one.
    """
    for edit in edits:
        asked = f"Change {edit.component_name} in a prompt."
        if not isinstance(edit.positions, str):
            check_inside(asked, edit.positions, n_positions)
        if not isinstance(edit, Steer) and edit.component.key is not None:
            check_inside(asked, [edit.component.key], n_positions)


def _check_layer(model: LanguageModel, edit: Steer) -> None:
    n_layers = model.dimensions.n_layers
    if edit.layer >= n_layers:
        raise TargetError(
            asked=f"Find {edit.component_name} in the model.",
            found=f"There is no layer {edit.layer}.",
            remedy=f"Choose a layer from 0 to {n_layers - 1}.",
        )
