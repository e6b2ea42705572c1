"""The four kinds of edits, as plain values: what is changed, where, and how strongly.

    Ablate.head(2, 3)                                a head brings what it usually brings
    Scale.mlp(1, 0.5, positions=(13,))               an MLP writes half at one position
    SetNeuron(2, 33, 4.0)                            a neuron's activation is 4
    Steer.tokens(2, " Mary", " John", strength=3.0)  the state behind layer 2 moves toward a token

Edits of one component follow each other in the order of their list: half of a half is a quarter.
"""

from dataclasses import dataclass, field
from typing import Final, Unpack

from llm_tt.attribution.baseline import BaselineName
from llm_tt.errors import InterventionError
from llm_tt.intervention.components import Component
from llm_tt.intervention.edit_values import (
    EditValue,
    Where,
    head_of_edge,
    of_component,
    writer_of,
)
from llm_tt.intervention.positions import Positions
from llm_tt.intervention.steering import Steer as Steer
from llm_tt.tracing.parts import Part


class Ablation(Where, total=False):
    """The options of `Ablate`."""

    baseline: BaselineName
    strength: float


@dataclass(frozen=True, slots=True, repr=False)
class Ablate(EditValue):
    """Take away what a component brings because of this prompt.

    With strength s it brings (1 - s) of its own and s of the baseline: of "zero" nothing, of "mean" what it
    usually brings in ordinary texts. A message then carries the head's usual value with the attention that
    was paid, an MLP writes its usual output, a neuron has its usual activation.
    """

    kind = "ablate"
    number_name = "strength"

    component: Component
    positions: Positions = field(default="all", kw_only=True)
    baseline: BaselineName = field(default="mean", kw_only=True)
    strength: float = field(default=1.0, kw_only=True)

    def __post_init__(self) -> None:
        self._check(0.0, 1.0)
        if self.baseline not in ("mean", "zero"):
            raise InterventionError(
                asked=f"Replace {self.component} by the baseline {self.baseline!r}.",
                found='Baselines are "mean" (over ordinary texts) and "zero".',
                remedy="Choose one of these.",
            )

    @classmethod
    def head(cls, layer: int, head: int, **options: Unpack[Ablation]) -> "Ablate":
        """A head off."""
        return cls(Component("head", layer, head=head), **options)

    @classmethod
    def neuron(cls, layer: int, neuron: int, **options: Unpack[Ablation]) -> "Ablate":
        """A neuron off."""
        return cls(Component("neuron", layer, neuron=neuron), **options)

    @classmethod
    def mlp(cls, layer: int, **options: Unpack[Ablation]) -> "Ablate":
        """An MLP off."""
        return cls(Component("mlp", layer), **options)

    @classmethod
    def edge(cls, layer: int, key: int, head: int | None = None, **options: Unpack[Ablation]) -> "Ablate":
        """The messages from a position off, of one head or of all; `positions` are those they go to."""
        return cls(Component("edge", layer, head=head, key=key), **options)

    @classmethod
    def part(cls, part: Part, *, baseline: BaselineName = "mean", strength: float = 1.0) -> "Ablate":
        """One part of a pass off, at its own position.

        Raises:
            InterventionError: nothing writes it on its own: a state, or a residual edge.
        """
        return cls(writer_of(part), positions=(part.position,), baseline=baseline, strength=strength)

    @property
    def layer(self) -> int:
        """Where it acts."""
        return self.component.layer

    @property
    def component_name(self) -> str:
        """As in names of parts."""
        return str(self.component)

    def _own_json(self) -> dict[str, object]:
        return {"component": str(self.component)}

    def _call(self) -> tuple[str, list[object]]:
        constructor, arguments = of_component(self.component)
        return constructor, [*arguments, *head_of_edge(self.component)]


@dataclass(frozen=True, slots=True, repr=False)
class Scale(EditValue):
    """Multiply what a component brings: 0 takes it away, 2 doubles it, -1 turns it around."""

    kind = "scale"
    number_name = "factor"

    component: Component
    factor: float
    positions: Positions = field(default="all", kw_only=True)

    def __post_init__(self) -> None:
        self._check()

    @classmethod
    def head(cls, layer: int, head: int, factor: float, **options: Unpack[Where]) -> "Scale":
        """What a head brings."""
        return cls(Component("head", layer, head=head), factor, **options)

    @classmethod
    def neuron(cls, layer: int, neuron: int, factor: float, **options: Unpack[Where]) -> "Scale":
        """A neuron's activation."""
        return cls(Component("neuron", layer, neuron=neuron), factor, **options)

    @classmethod
    def mlp(cls, layer: int, factor: float, **options: Unpack[Where]) -> "Scale":
        """What an MLP adds to the stream, behind any norm of its own."""
        return cls(Component("mlp", layer), factor, **options)

    @classmethod
    def edge(
        cls, layer: int, key: int, factor: float, head: int | None = None, **options: Unpack[Where]
    ) -> "Scale":
        """The messages from a position, of one head or of all; `positions` are those they go to."""
        return cls(Component("edge", layer, head=head, key=key), factor, **options)

    @classmethod
    def part(cls, part: Part, factor: float) -> "Scale":
        """One part of a pass, at its own position.

        Raises:
            InterventionError: nothing writes it on its own: a state, or a residual edge.
        """
        return cls(writer_of(part), factor, positions=(part.position,))

    @property
    def layer(self) -> int:
        """Where it acts."""
        return self.component.layer

    @property
    def component_name(self) -> str:
        """As in names of parts."""
        return str(self.component)

    def _own_json(self) -> dict[str, object]:
        return {"component": str(self.component), "factor": self.factor}

    def _call(self) -> tuple[str, list[object]]:
        constructor, arguments = of_component(self.component)
        return constructor, [*arguments, self.factor, *head_of_edge(self.component)]


@dataclass(frozen=True, slots=True, repr=False)
class SetNeuron(EditValue):
    """Give a neuron an activation: the number that multiplies its output direction.

    Of gated MLPs that is the activation function's value times the other factor.
    """

    kind = "set"
    number_name = "value"

    layer: int
    neuron: int
    value: float
    positions: Positions = field(default="all", kw_only=True)

    def __post_init__(self) -> None:
        Component("neuron", self.layer, neuron=self.neuron)  # checks the numbers
        self._check()

    @property
    def component(self) -> Component:
        """The neuron."""
        return Component("neuron", self.layer, neuron=self.neuron)

    @property
    def component_name(self) -> str:
        """As in names of parts."""
        return str(self.component)

    def _own_json(self) -> dict[str, object]:
        return {"component": str(self.component), "value": self.value}

    def _call(self) -> tuple[str, list[object]]:
        return "", [self.layer, self.neuron, self.value]


Edit = Ablate | Scale | SetNeuron | Steer

EDIT_KINDS: Final = ("ablate", "scale", "set", "steer")
"""As files call them."""
