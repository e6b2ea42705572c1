"""An edit as a sentence."""

from llm_tt.intervention.components import Component
from llm_tt.intervention.edits import Ablate, Edit, Scale, SetNeuron, Steer
from llm_tt.intervention.positions import positions_in_words
from llm_tt.intervention.steering import NeuronDirection


def sentence_of(edit: Edit) -> str:
    """As in "Head L2H1 off (mean) at all positions". Tokens in it are data: show them as text."""
    return f"{_done(edit)} {positions_in_words(edit.positions)}"


def _done(edit: Edit) -> str:
    match edit:
        case Ablate():
            share = "off" if edit.strength == 1 else f"{edit.strength:.4g} off"
            return f"{_called(edit.component)} {share} ({edit.baseline})"
        case Scale():
            return f"{_called(edit.component)} times {edit.factor:.4g}"
        case SetNeuron():
            return f"{_called(edit.component)} set to {edit.value:.4g}"
        case Steer():
            return f"State {edit.component_name} moved by {edit.strength:.4g} {_whither(edit)}"


def _called(component: Component) -> str:
    match component.kind:
        case "head":
            return f"Head {component}"
        case "neuron":
            return f"Neuron {component}"
        case "mlp":
            return f"MLP {component}"
        case "edge":
            sender = (
                f"attention of layer {component.layer}"
                if component.head is None
                else f"head L{component.layer}H{component.head}"
            )
            return f"Messages of {sender} from position {component.key}"


def _whither(edit: Steer) -> str:
    if isinstance(edit.direction, NeuronDirection):
        return f"along neuron L{edit.layer}N{edit.direction.neuron}"
    words = f"toward {_token(edit.direction.toward)}"
    return words if edit.direction.away is None else f"{words} and away from {_token(edit.direction.away)}"


def _token(token: int | str) -> str:
    return f"token {token}" if isinstance(token, int) else repr(token)
