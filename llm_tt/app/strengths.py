"""How far the slider of an intervention goes."""

from dataclasses import dataclass
from typing import Final

from llm_tt.intervention.edits import Ablate, Edit, Scale, SetNeuron, Steer
from llm_tt.render.round_numbers import round_up
from llm_tt.tracing.trace import ForwardTrace

STEPS = 100
"""Places of a slider whose ends depend on the model."""


@dataclass(frozen=True, slots=True)
class StrengthRange:
    """A plain value, as a slider takes it."""

    low: float
    high: float
    step: float

    def around(self, value: float) -> "StrengthRange":
        """Wide enough for a value that came from a file or a link."""
        return StrengthRange(min(self.low, value), max(self.high, value), self.step)


_FIXED: Final = {Ablate: StrengthRange(0.0, 1.0, 0.05), Scale: StrengthRange(-2.0, 4.0, 0.1)}
"""Ends that no model and no prompt changes."""


def range_of(edit: Edit, trace: ForwardTrace) -> StrengthRange:
    """Ablation goes from nothing to all; what is set or added, to a few times what is usual here."""
    match edit:
        case Ablate() | Scale():
            found = _FIXED[type(edit)]
        case SetNeuron() | Steer():
            reach = round_up(3 * usual_size(edit, trace))
            found = StrengthRange(-reach, reach, 2 * reach / STEPS)
    return found.around(edit.strength_value)


def usual_size(edit: SetNeuron | Steer, trace: ForwardTrace) -> float:
    """A neuron's strongest activation here; for what is added to states, the length of the layer's states."""
    layer = min(edit.layer, trace.n_layers - 1)
    if isinstance(edit, SetNeuron) and trace.mlp_activations is not None:
        neuron = min(edit.neuron, trace.mlp_activations.shape[-1] - 1)
        size = trace.mlp_activations[layer, :, neuron].abs().max()
    else:
        size = trace.resid_post[layer].norm(dim=-1).median()
    return max(float(size), 0.1)
