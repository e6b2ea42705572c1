"""`Component`: what an edit changes, as a `Part` without the position where it writes.

L2H1                  a head
L2N33                 a neuron
L2.mlp                an MLP as a whole
L2H1@1-               one head's messages from position 1
L2.attention@1-       all messages of a layer from position 1

So we write them; `Component.named` also reads the other spellings of `component_names`, such as 2.1.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from llm_tt.errors import CapabilityError, InterventionError, TargetError
from llm_tt.model.check_up import Capability
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.component_names import canonical, remedy_for
from llm_tt.tracing.parts import Part

ComponentKind = Literal["head", "neuron", "mlp", "edge"]

_PATTERNS: Final[dict[ComponentKind, str]] = {
    "head": r"L(?P<layer>\d+)H(?P<head>\d+)",
    "neuron": r"L(?P<layer>\d+)N(?P<neuron>\d+)",
    "mlp": r"L(?P<layer>\d+)\.mlp",
    "edge": r"L(?P<layer>\d+)(?:H(?P<head>\d+)|\.attention)@(?P<key>\d+)-",
}

_NEEDED: Final[dict[ComponentKind, tuple[str, ...]]] = {
    "head": ("head",),
    "neuron": ("neuron",),
    "mlp": (),
    "edge": ("key",),
}
"""What each kind names beside its layer; an edge may also name a head."""

_OF_PARTS: Final[dict[str, ComponentKind]] = {
    "head": "head",
    "neuron": "neuron",
    "mlp": "mlp",
    "message": "edge",
    "messages": "edge",
}

_KINDS: Final = ("L{a}H{b}", "L{a}.mlp", "L{a}N{b}", "L{a}H{b}@{c}-", "L{a}.attention@{c}-")
"""What may have been meant by a name that means nothing."""

_LONGEST: Final = 100
"""Characters of a name; Python reads no number of thousands of digits."""


@dataclass(frozen=True, slots=True)
class Component:
    """A plain value; fields that its kind has no use for are None."""

    kind: ComponentKind
    layer: int
    head: int | None = None
    """Of an edge, None means all heads of the layer."""
    neuron: int | None = None
    key: int | None = None
    """Where an edge's messages come from."""

    def __post_init__(self) -> None:
        named = {name for name in ("head", "neuron", "key") if getattr(self, name) is not None}
        needed = set(_NEEDED[self.kind])
        allowed = needed | ({"head"} if self.kind == "edge" else set())
        numbers = [self.layer, *(getattr(self, name) for name in named)]
        if not needed <= named <= allowed or any(number < 0 for number in numbers):
            raise InterventionError(
                asked=f"Change part of layer {self.layer}.",
                found=f"These numbers name no {self.kind}: {_listed(self)}.",
                remedy="Numbers count from 0; a head has a head, a neuron a neuron, an edge a key.",
            )

    @classmethod
    def named(cls, text: str) -> "Component":
        """The component with a name.

        Raises:
            InterventionError: it is no name of a component.
        """
        component = cls._read(text)
        if component is None:
            usual = "Names look like L2H1, L2N33, L2.mlp, L2H1@1- or L2.attention@1-."
            raise InterventionError(
                asked=f"Change {text[:_LONGEST]!r} in the model.",
                found="That is no name of something that can be changed.",
                remedy=remedy_for(text, _KINDS, cls.is_name, usual),
            )
        return component

    @classmethod
    def is_name(cls, text: str) -> bool:
        """Whether a text names a component."""
        return cls._read(text) is not None

    @classmethod
    def _read(cls, text: str) -> "Component | None":
        name = canonical(text)
        for kind, pattern in _PATTERNS.items():
            match = re.fullmatch(pattern, name, re.ASCII) if len(name) <= _LONGEST else None
            if match is not None:
                return cls(kind, **{field: int(found) for field, found in match.groupdict().items() if found})
        return None

    @classmethod
    def of(cls, part: Part) -> "Component | None":
        """What writes a part; None for states and residual edges, which nothing writes on its own."""
        kind = _OF_PARTS.get(part.kind)
        if kind is None:
            return None
        return cls(kind, part.layer, head=part.head, neuron=part.neuron, key=part.key)

    def __str__(self) -> str:
        """The name."""
        layer = f"L{self.layer}"
        match self.kind:
            case "head":
                return f"{layer}H{self.head}"
            case "neuron":
                return f"{layer}N{self.neuron}"
            case "mlp":
                return f"{layer}.mlp"
            case "edge":
                return f"{layer}{'.attention' if self.head is None else f'H{self.head}'}@{self.key}-"


def check_component(model: LanguageModel, component: Component) -> None:
    """Refuse what a model does not have.

    Raises:
        TargetError: its layer, head or neuron lies outside.
        CapabilityError: it is a neuron, and the model has no single neurons.
    """
    sizes = model.dimensions
    _check_number(component, "layer", component.layer, sizes.n_layers)
    if component.head is not None:
        _check_number(component, "head", component.head, sizes.n_heads)
    if component.neuron is not None:
        if not model.self_test.has(Capability.NEURONS):
            raise CapabilityError(
                asked=f"Find {component} in the model.",
                found="Single neurons are not available for this model: its MLP is no sum of them.",
                remedy="The MLP as a whole can be changed.",
            )
        _check_number(component, "neuron", component.neuron, sizes.d_mlp)


def _check_number(component: Component, name: str, number: int, size: int) -> None:
    if number >= size:
        raise TargetError(
            asked=f"Find {component} in the model.",
            found=f"There is no {name} {number}.",
            remedy=f"Choose a {name} from 0 to {size - 1}.",
        )


def _listed(component: Component) -> str:
    names = ("layer", "head", "neuron", "key")
    return ", ".join(f"{name} {getattr(component, name)}" for name in names)
