"""Which parts there are in a forward pass: a name may point outside of it."""

from dataclasses import dataclass
from typing import NoReturn

from llm_tt.errors import CapabilityError, TargetError
from llm_tt.tracing.parts import Part

_NUMBERS = {
    "state": (),
    "residual": (),
    "messages": ("key",),
    "message": ("key", "head"),
    "head": ("head",),
    "mlp": (),
    "neuron": ("neuron",),
}
"""What each kind names beside its layer and position."""


@dataclass(frozen=True, slots=True)
class PartLimits:
    """The sizes of a forward pass, as far as names of parts depend on them."""

    n_layers: int
    n_heads: int
    n_positions: int
    n_neurons: int | None
    """None where single neurons are not available, and where nobody asks for them."""
    has_mid_states: bool
    """Whether there are states between attention and MLP: not in parallel blocks."""

    def check(self, part: Part) -> None:
        """Refuse a part that is not there.

        Raises:
            TargetError: its layer, head, position, key or neuron lies outside.
            CapabilityError: it is a neuron, and the model has no single neurons.
        """
        is_embedding = part.kind == "state" and part.stage == "embed"
        if not is_embedding:
            _check_number(part, "layer", part.layer, self.n_layers)
        _check_number(part, "position", part.position, self.n_positions)
        self._check_stage(part)
        for name in _NUMBERS[part.kind]:
            number = getattr(part, name)
            if name == "head":
                _check_number(part, name, number, self.n_heads)
            elif name == "neuron":
                self._check_neuron(part)
            elif number is None or not 0 <= number <= part.position:
                _refuse(
                    part,
                    f"Position {part.position} reads no messages from position {number}.",
                    f"Choose a position from 0 to {part.position}: messages never come from behind.",
                )

    def _check_stage(self, part: Part) -> None:
        if part.kind not in ("state", "residual"):
            return
        if part.stage not in (("embed", "mid", "post") if part.kind == "state" else ("mid", "post")):
            _refuse(part, "It does not say which state is meant.", "Name a stage: mid or post.")
        if part.stage == "embed" and part.layer != -1:
            _refuse(part, f"The embedding is in front of all layers, not in layer {part.layer}.", "Say -1.")
        if part.stage == "mid" and not self.has_mid_states:
            _refuse(
                part,
                "In this model attention and MLP are added at once: there is no state between them.",
                "Choose the state that leaves the layer, such as L2.post@4.",
            )

    def _check_neuron(self, part: Part) -> None:
        if self.n_neurons is None:
            raise CapabilityError(
                asked=f"Find {part} in the model.",
                found="Single neurons are not available for this model: its MLP is no sum of them.",
                remedy="The MLP as a whole can be read.",
            )
        _check_number(part, "neuron", part.neuron, self.n_neurons)


def _check_number(part: Part, name: str, number: int | None, size: int) -> None:
    if number is None or not 0 <= number < size:
        _refuse(part, f"There is no {name} {number}.", f"Choose a {name} from 0 to {size - 1}.")


def _refuse(part: Part, found: str, remedy: str) -> NoReturn:
    raise TargetError(asked=f"Find {part} in the model.", found=found, remedy=remedy)
