"""What all kinds of edits share: checked numbers, a repr that can be evaluated, copies, and JSON."""

import math
from dataclasses import fields, replace
from typing import Any, ClassVar, Final, TypedDict, TypeVar

from llm_tt.errors import InterventionError
from llm_tt.intervention.components import Component
from llm_tt.intervention.positions import Positions, checked_positions
from llm_tt.tracing.parts import Part

LARGEST: Final = 1e6
"""Of factors, activations and strengths: far beyond what a model can stand."""

LONGEST_TOKEN: Final = 200
"""Characters of a token given as text."""


_Edit = TypeVar("_Edit", bound="EditValue")


class Where(TypedDict, total=False):
    """The option of every edit."""

    positions: Positions


class EditValue:
    """A frozen dataclass with `positions`, and with one number that a slider would move."""

    __slots__ = ()

    kind: ClassVar[str]
    number_name: ClassVar[str]
    """The field with that number."""
    positions: Positions

    @property
    def component_name(self) -> str:
        """What is changed, as in names of parts."""
        raise NotImplementedError

    @property
    def strength_value(self) -> float:
        """The number that a slider would move."""
        value: float = getattr(self, self.number_name)
        return value

    def with_strength(self: _Edit, value: float) -> _Edit:
        """The same with another number."""
        changed: dict[str, Any] = {self.number_name: value}
        return replace(self, **changed)  # type: ignore[type-var]

    def at(self: _Edit, positions: Positions) -> _Edit:
        """The same at other positions."""
        return replace(self, positions=positions)  # type: ignore[type-var]

    def to_json(self) -> dict[str, object]:
        """As files have it; defaults are left out."""
        options = {
            name: list(value) if isinstance(value, tuple) else value for name, value in _options(self).items()
        }
        return {"kind": self.kind, **self._own_json(), **options}

    def _own_json(self) -> dict[str, object]:
        raise NotImplementedError

    def _call(self) -> tuple[str, list[object]]:
        """The constructor that makes it, and its arguments that are no options."""
        raise NotImplementedError

    def __repr__(self) -> str:
        constructor, arguments = self._call()
        written = [
            *(argument if isinstance(argument, Named) else repr(argument) for argument in arguments),
            *(f"{name}={value!r}" for name, value in _options(self).items()),
        ]
        return f"{type(self).__name__}{constructor}({', '.join(written)})"

    def _check(self, smallest: float = -LARGEST, largest: float = LARGEST) -> None:
        """Refuse numbers out of range; positions in order, numbers as floats."""
        object.__setattr__(self, "positions", checked_positions(self.positions))
        value = self.strength_value
        if not (math.isfinite(value) and smallest <= value <= largest):
            raise InterventionError(
                asked=f"Change {self.component_name} with the {self.number_name} {value}.",
                found=f"A {self.number_name} is a number from {smallest:g} to {largest:g}.",
                remedy="Choose one of these.",
            )
        object.__setattr__(self, self.number_name, float(value))


class Named(str):
    """An argument as it stands in a call, with its name."""

    __slots__ = ()


def of_component(component: Component) -> tuple[str, list[object]]:
    """The constructor and arguments with which an edit of a component begins."""
    match component.kind:
        case "head":
            return ".head", [component.layer, component.head]
        case "neuron":
            return ".neuron", [component.layer, component.neuron]
        case "mlp":
            return ".mlp", [component.layer]
        case "edge":
            return ".edge", [component.layer, component.key]


def head_of_edge(component: Component) -> list[object]:
    """The argument with which an edit of an edge ends."""
    if component.kind != "edge" or component.head is None:
        return []
    return [Named(f"head={component.head}")]


def writer_of(part: Part) -> Component:
    """What writes a part.

    Raises:
        InterventionError: nothing writes it on its own.
    """
    component = Component.of(part)
    if component is None:
        raise InterventionError(
            asked=f"Switch off {part}.",
            found="That is a state or a residual edge: a sum of what heads and MLPs wrote before.",
            remedy="Choose a head, a message, an MLP or a neuron; or steer the state.",
        )
    return component


def checked_token(token: int | str) -> None:
    """Refuse what no model can have as a token."""
    if (isinstance(token, int) and token >= 0) or (
        isinstance(token, str) and 0 < len(token) <= LONGEST_TOKEN
    ):
        return
    raise InterventionError(
        asked="Steer toward a token.",
        found=f"{str(token)[:LONGEST_TOKEN]!r} is no token.",
        remedy="Give its id, or its text.",
    )


def _options(edit: EditValue) -> dict[str, object]:
    """What is said by name and differs from the default."""
    said = {
        field.name: (getattr(edit, field.name), field.default)
        for field in fields(edit)  # type: ignore[arg-type]
        if field.kw_only
    }
    return {name: value for name, (value, default) in said.items() if value != default}
