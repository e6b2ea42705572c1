"""`Steer`: a direction added to the stream."""

from dataclasses import dataclass, field
from typing import Unpack

from llm_tt.intervention.components import Component
from llm_tt.intervention.edit_values import EditValue, Named, Where, checked_token
from llm_tt.intervention.positions import Positions


@dataclass(frozen=True, slots=True)
class NeuronDirection:
    """The direction that a neuron of the same layer writes along, in its own length."""

    neuron: int


@dataclass(frozen=True, slots=True)
class TokenDirection:
    """The direction of length 1 along which a last state's logit of a token rises most.

    With `away`, the difference from that token's logit.
    """

    toward: int | str
    """Id or text, as it was given."""
    away: int | str | None = None

    def __post_init__(self) -> None:
        checked_token(self.toward)
        if self.away is not None:
            checked_token(self.away)


@dataclass(frozen=True, slots=True, repr=False)
class Steer(EditValue):
    """Add a direction to the state that leaves a layer.

    It is added beside what the MLP writes: edits of the MLP do not touch it, in whatever order they stand.
    """

    kind = "steer"
    number_name = "strength"

    layer: int
    direction: NeuronDirection | TokenDirection
    strength: float
    positions: Positions = field(default="all", kw_only=True)

    def __post_init__(self) -> None:
        self._check()
        neuron = self.direction.neuron if isinstance(self.direction, NeuronDirection) else 0
        Component("neuron", self.layer, neuron=neuron)  # checks the numbers

    @classmethod
    def neuron(cls, layer: int, neuron: int, strength: float, **options: Unpack[Where]) -> "Steer":
        """Along a neuron's output direction, `strength` times its length.

        That is so much more activation, unless the family has a norm behind its MLPs.
        """
        return cls(layer, NeuronDirection(neuron), strength, **options)

    @classmethod
    def tokens(
        cls,
        layer: int,
        toward: int | str,
        away: int | str | None = None,
        *,
        strength: float,
        **options: Unpack[Where],
    ) -> "Steer":
        """Toward a token's prediction, and away from another's; `strength` is the length of the step."""
        return cls(layer, TokenDirection(toward, away), strength, **options)

    @property
    def component_name(self) -> str:
        """The state that is moved, as in names of parts."""
        return f"L{self.layer}.post"

    def _own_json(self) -> dict[str, object]:
        whither: dict[str, object]
        if isinstance(self.direction, NeuronDirection):
            whither = {"neuron": self.direction.neuron}
        else:
            whither = {"toward": self.direction.toward}
            if self.direction.away is not None:
                whither["away"] = self.direction.away
        return {"layer": self.layer, **whither, "strength": self.strength}

    def _call(self) -> tuple[str, list[object]]:
        if isinstance(self.direction, NeuronDirection):
            return ".neuron", [self.layer, self.direction.neuron, self.strength]
        away = [] if self.direction.away is None else [self.direction.away]
        return ".tokens", [self.layer, self.direction.toward, *away, Named(f"strength={self.strength!r}")]
