"""What edges weigh, how much is shown, and which parts are the strongest."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from llm_tt.errors import GraphError

Measure = Literal["contribution", "norm", "attention"]

MEASURES: Final[dict[str, str]] = {
    "contribution": "What each route writes towards the target's logit, with the final norm held constant. "
    "Signed, and what enters a part leaves it; what is read from a state comes on top of what it carries on.",
    "norm": "The length of what each route writes, whatever it says.",
    "attention": "How much of each value a head takes; elsewhere nothing is paid, and edges are hairs. "
    "Heads and neurons are those that write most.",
}
"""Each measure in a sentence; the first is the default."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many parts of each sort have nodes of their own; all others stand together."""

    heads: int = 6
    keys: int = 2
    """Of each head."""
    outputs: int = 4
    """Output neurons of attention, over all heads that are shown."""
    neurons: int = 6
    """Of each sign."""


def check_measure(measure: str, numbers: Numbers, top: int) -> None:
    """Refuse a measure that there is not, and numbers that show nothing.

    Raises:
        GraphError: one of them.
    """
    if measure not in get_args(Measure):
        raise GraphError(
            asked=f"Draw an anatomy by {measure!r}.",
            found=f"The measures are {', '.join(MEASURES)}.",
            remedy="Choose one of them.",
        )
    if top < 1:
        raise GraphError(
            asked=f"Show {top} tokens of each reading.",
            found="That reads nothing.",
            remedy="Ask for 1 or more.",
        )
    least = {"heads": 1, "keys": 1, "outputs": 0, "neurons": 1}
    for name, smallest in least.items():
        number = getattr(numbers, name)
        if number < smallest:
            raise GraphError(
                asked=f"Show {number} {name}.",
                found="Sums would have no parts." if smallest else "That is no number of parts.",
                remedy=f"Ask for {smallest} or more.",
            )


def strongest(strengths: Float[Tensor, " part"], count: int) -> Int[Tensor, " chosen"]:
    """Places of the largest, strongest first; equal ones in their order, and none that are nothing."""
    order = strengths.sort(descending=True, stable=True).indices[:count]
    return order[strengths[order] > 0]


def strongest_of_each_sign(numbers: Float[Tensor, " part"], count: int) -> Int[Tensor, " chosen"]:
    """The largest ones from the top, then the lowest ones up to the lowest of all."""
    return torch.cat([strongest(numbers, count), strongest(-numbers, count).flip(0)])


def all_but(chosen: Int[Tensor, " chosen"], n_parts: int) -> Bool[Tensor, " part"]:
    """Which parts were not chosen."""
    others = torch.ones(n_parts, dtype=torch.bool, device=chosen.device)
    others[chosen] = False
    return others
