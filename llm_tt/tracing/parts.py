"""`Part`: the name of one thing inside a forward pass, the same on pages, in links and on the command line.

embed@4  L2.mid@4  L2.post@4       a state: the embedding, behind a layer's attention, leaving a layer
L2.mid.residual@4                  that state's residual edge: what it took over from the state before
L2.attention@1-13                  all messages of a layer from position 1 to position 13
L2H1@1-13                          one head's message
L2H1@13                            all that a head brings to a position
L2.mlp@13  L2N33@13                an MLP at a position, and one of its neurons

So we write them; `Part.named` also reads the other spellings of `component_names`, such as 2.1@13.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, cast

from llm_tt.errors import TargetError
from llm_tt.tracing.component_names import canonical, remedy_for

Stage = Literal["embed", "mid", "post"]
"""`embed` enters the first layer; `mid` is behind a layer's attention; `post` leaves a layer."""

PartKind = Literal["state", "residual", "messages", "message", "head", "mlp", "neuron"]

_PATTERNS: Final[dict[PartKind, str]] = {
    "state": r"(?:(?P<embed>embed)|L(?P<layer>\d+)\.(?P<stage>mid|post))@(?P<position>\d+)",
    "residual": r"L(?P<layer>\d+)\.(?P<stage>mid|post)\.residual@(?P<position>\d+)",
    "messages": r"L(?P<layer>\d+)\.attention@(?P<key>\d+)-(?P<position>\d+)",
    "message": r"L(?P<layer>\d+)H(?P<head>\d+)@(?P<key>\d+)-(?P<position>\d+)",
    "head": r"L(?P<layer>\d+)H(?P<head>\d+)@(?P<position>\d+)",
    "mlp": r"L(?P<layer>\d+)\.mlp@(?P<position>\d+)",
    "neuron": r"L(?P<layer>\d+)N(?P<neuron>\d+)@(?P<position>\d+)",
}

_KINDS: Final = (
    "L{a}H{b}@{c}",
    "L{a}.post@{c}",
    "L{a}.mid@{c}",
    "L{a}.mlp@{c}",
    "L{a}N{b}@{c}",
    "L{a}H{b}@{c}-{d}",
    "L{a}.attention@{c}-{d}",
    "L{a}.mid.residual@{c}",
    "embed@{c}",
)
"""What may have been meant by a name that means nothing."""

_LONGEST: Final = 100
"""Characters of a name; Python reads no number of thousands of digits."""


@dataclass(frozen=True, slots=True)
class Part:
    """A plain value; fields that its kind has no use for are None."""

    kind: PartKind
    layer: int
    """-1 for the embedding, which is in front of all layers."""
    position: int
    """Where it writes; of a message, the query."""
    stage: Stage | None = None
    key: int | None = None
    """Where a message comes from."""
    head: int | None = None
    neuron: int | None = None

    @classmethod
    def named(cls, name: str) -> "Part":
        """The part with a name.

        Raises:
            TargetError: it is no name of a part.
        """
        part = cls._read(name)
        if part is None:
            usual = "Names look like L2.post@4, L2H1@1-13, L2.mlp@13 or L2N33@13."
            raise TargetError(
                asked=f"Find {name[:_LONGEST]!r} in the model.",
                found="That is no name of a part.",
                remedy=remedy_for(name, _KINDS, cls._means_something, usual),
            )
        return part

    @classmethod
    def _read(cls, name: str) -> "Part | None":
        name = canonical(name)
        for kind, pattern in _PATTERNS.items():
            match = re.fullmatch(pattern, name, re.ASCII) if len(name) <= _LONGEST else None
            if match is not None:
                found = match.groupdict()
                numbers = {
                    field: int(found[field])
                    for field in ("position", "key", "head", "neuron")
                    if found.get(field)
                }
                stage = cast("Stage | None", found.get("embed") or found.get("stage"))
                return cls(kind, int(found.get("layer") or -1), stage=stage, **numbers)
        return None

    @classmethod
    def _means_something(cls, name: str) -> bool:
        """Whether a name could be offered: a message comes from no later position."""
        part = cls._read(name)
        return part is not None and (part.key is None or part.key <= part.position)

    def __str__(self) -> str:
        """The name."""
        layer, at = f"L{self.layer}", f"@{self.position}"
        match self.kind:
            case "state":
                return f"embed{at}" if self.stage == "embed" else f"{layer}.{self.stage}{at}"
            case "residual":
                return f"{layer}.{self.stage}.residual{at}"
            case "messages":
                return f"{layer}.attention@{self.key}-{self.position}"
            case "message":
                return f"{layer}H{self.head}@{self.key}-{self.position}"
            case "head":
                return f"{layer}H{self.head}{at}"
            case "mlp":
                return f"{layer}.mlp{at}"
            case "neuron":
                return f"{layer}N{self.neuron}{at}"
