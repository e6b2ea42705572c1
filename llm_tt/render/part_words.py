"""Parts of a pass in words: a short title, and one line that says what it is."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from llm_tt.render.position_axis import position_name
from llm_tt.tracing.parts import Part

Names = Mapping[str, str]
"""What a person calls components, by their titles."""

NO_NAMES: Final[Names] = MappingProxyType({})


def title_of(part: Part) -> str:
    """The name of the component, without positions: L2.post, L2H1, L2N33."""
    return str(part).partition("@")[0]


def named(component: str, names: Names) -> str:
    """A component's title, with a person's own name behind it: L2N33 capitals."""
    own = names.get(component)
    return f"{component} {own}" if own else component


def with_own_names(columns: dict[str, list[object]], heading: str, names: Names) -> dict[str, list[object]]:
    """A table whose column of titles has a person's own names in it, too."""
    return {**columns, heading: [named(str(title), names) for title in columns[heading]]}


def sentence_about(part: Part, tokens: Sequence[str]) -> str:
    """What it is and where, in one line; tokens are in it as plain text."""
    layer, here = part.layer, position_name(part.position, tokens[part.position])
    there = "" if part.key is None else position_name(part.key, tokens[part.key])
    match part.kind:
        case "state" if part.stage == "embed":
            return f"Embedding of {here}"
        case "state" if part.stage == "mid":
            return f"State behind the attention of layer {layer} at {here}"
        case "state":
            return f"State that leaves layer {layer} at {here}"
        case "residual":
            return (
                f"What {title_of(part).removesuffix('.residual')} took over from the state before, at {here}"
            )
        case "messages":
            return f"All heads of layer {layer}, from {there} to {here}"
        case "message":
            return f"Message of head {part.head} of layer {layer}, from {there} to {here}"
        case "head":
            return f"Head {part.head} of layer {layer}, all that it brings to {here}"
        case "mlp":
            return f"MLP of layer {layer} at {here}"
        case "neuron":
            return f"Neuron {part.neuron} in the MLP of layer {layer} at {here}"
