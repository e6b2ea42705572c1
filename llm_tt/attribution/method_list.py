"""The attribution methods: what each is called and what it asks for. A new one begins with a row here.

Nothing heavy is imported: the command line knows its methods before torch is loaded.
"""

from dataclasses import dataclass
from typing import Final, Literal

Method = Literal["ifr", "relp", "gradact", "dla"]


@dataclass(frozen=True, slots=True)
class AboutMethod:
    """What pages and the command line have to know of a method."""

    label: str
    """In one word."""
    sentence: str
    has_target: bool = True
    """Explains a token; else its numbers are shares, the same for every token."""
    has_baseline: bool = True
    """Compares parts with what they usually are."""
    draws_routes: bool = True
    """Offered on pages; one that sees a single position is in the library and in the cards."""


_LIST: Final[dict[Method, AboutMethod]] = {
    "ifr": AboutMethod(
        "Flow",
        "Information flow routes: the share of each part in the sum that it enters. Asks for no target.",
        has_target=False,
        has_baseline=False,
    ),
    "relp": AboutMethod(
        "RelP", "Relevance: contributions to a target, with norms, attention and activations held constant."
    ),
    "gradact": AboutMethod(
        "Gradient",
        "Gradient x activation: contributions to a target, as the slope of the model itself has it.",
    ),
    "dla": AboutMethod(
        "Direct",
        "Direct logit attribution: only what is written at the target's own position, read directly.",
        has_baseline=False,
        draws_routes=False,
    ),
}

METHODS: Final[dict[str, str]] = {name: about.sentence for name, about in _LIST.items()}
"""Each method in one sentence, as pages and the command line say it."""

METHOD_LABELS: Final[dict[str, str]] = {name: about.label for name, about in _LIST.items()}
"""Each method in one word."""

DEFAULT_METHOD: Final[Method] = "ifr"
"""Where nobody chose one."""
SIGNED_METHOD: Final[Method] = "relp"
"""Where nobody chose one, and a token is named that is to be explained."""

WITH_TARGET: Final = tuple(name for name, about in _LIST.items() if about.has_target)
WITHOUT_TARGET: Final = tuple(name for name, about in _LIST.items() if not about.has_target)
WITH_BASELINE: Final = tuple(name for name, about in _LIST.items() if about.has_baseline)
DRAWING_ROUTES: Final = tuple(name for name, about in _LIST.items() if about.draws_routes)
