"""Whether edits fit a model and a prompt, said before anything runs."""

from collections.abc import Sequence

from llm_tt.attribution.target import token_id_of
from llm_tt.intervention.components import Component, check_component
from llm_tt.intervention.edits import Edit
from llm_tt.intervention.positions import check_inside
from llm_tt.intervention.steering import NeuronDirection, Steer
from llm_tt.model.language_model import LanguageModel


def check_edits(model: LanguageModel, edits: Sequence[Edit], n_positions: int) -> None:
    """Refuse edits of what a model does not have, and at positions behind a prompt.

    Raises:
        TargetError: a layer, head, neuron, token or position that there is not.
        CapabilityError: a neuron, and the model has no single neurons.
    """
    for edit in edits:
        check_component(model, _component_of(edit))
        if isinstance(edit, Steer) and not isinstance(edit.direction, NeuronDirection):
            for token in (edit.direction.toward, edit.direction.away):
                if token is not None:
                    token_id_of(model, token)
    check_positions(edits, n_positions)


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


def _component_of(edit: Edit) -> Component:
    """What has to be there: of a step along tokens, only the layer."""
    if not isinstance(edit, Steer):
        return edit.component
    if isinstance(edit.direction, NeuronDirection):
        return Component("neuron", edit.layer, neuron=edit.direction.neuron)
    return Component("mlp", edit.layer)
