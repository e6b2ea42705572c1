"""A neuron chosen from a list: it becomes the chosen part, at the position that is looked at."""

from llm_tt.app.chosen import select_in_any_prompt
from llm_tt.tracing.parts import Part


def choose_neuron(name: str, position: int) -> None:
    """Choose a neuron by the name on its card."""
    select_in_any_prompt(Part.named(f"{name}@{position}"))


def name_of_chosen(part: Part | None) -> str | None:
    """The name on the card of the chosen neuron, whatever its position."""
    return None if part is None or part.kind != "neuron" else f"L{part.layer}N{part.neuron}"
