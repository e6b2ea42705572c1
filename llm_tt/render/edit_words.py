"""Interventions in a few words, with the prompt's tokens in them."""

from collections.abc import Sequence

from llm_tt.intervention.components import Component
from llm_tt.intervention.edits import Ablate, Edit, Scale, SetNeuron, Steer
from llm_tt.intervention.positions import Positions
from llm_tt.intervention.steering import NeuronDirection
from llm_tt.render.part_words import NO_NAMES, Names, named
from llm_tt.render.position_axis import position_name
from llm_tt.render.visible_text import visible_token


def edit_title(edit: Edit, tokens: Sequence[str], names: Names = NO_NAMES) -> str:
    """What is changed, without how much and where: L2H1 off, L2N33 set, L2.post toward ·Mary."""
    match edit:
        case Ablate():
            return f"{component_name(edit.component, tokens, names)} off"
        case Scale():
            return f"{component_name(edit.component, tokens, names)} scaled"
        case SetNeuron():
            return f"{named(edit.component_name, names)} set"
        case Steer():
            return f"{edit.component_name} {_whither(edit, names)}"


def component_name(component: Component, tokens: Sequence[str], names: Names = NO_NAMES) -> str:
    """A component's name; of an edge, with the token that it comes from."""
    if component.kind != "edge" or component.key is None:
        return named(str(component), names)
    sender = f"L{component.layer}" + (".attention" if component.head is None else f"H{component.head}")
    return f"{sender} from {_position(component.key, tokens)}"


def positions_label(positions: Positions, tokens: Sequence[str]) -> str:
    """Where an edit acts, as menus name it."""
    match positions:
        case "all":
            return "everywhere"
        case "prompt":
            return "in the prompt"
        case "generated":
            return "in new tokens"
        case _:
            return "at " + ", ".join(_position(position, tokens) for position in positions)


def _position(position: int, tokens: Sequence[str]) -> str:
    if position < len(tokens):
        return position_name(position, tokens[position])
    return f"({position}), not in this prompt"


def _whither(edit: Steer, names: Names) -> str:
    if isinstance(edit.direction, NeuronDirection):
        return "along " + named(f"L{edit.layer}N{edit.direction.neuron}", names)
    words = f"toward {_token(edit.direction.toward)}"
    return words if edit.direction.away is None else f"{words}, away from {_token(edit.direction.away)}"


def _token(token: int | str) -> str:
    return f"token {token}" if isinstance(token, int) else visible_token(token)
