"""How far a run is, told to whoever waits for it; who is told may also stop the run, by raising."""

from collections.abc import Callable

from torch import Tensor

from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook

Progress = Callable[[float], None]
"""Called with the finished share, above 0, never less than before, and 1 at the end.

What it raises ends the run, and leaves the model as it was: no hook stays behind, and its lock is free.
"""


def silent(share: float) -> None:
    """Tell nobody."""


def within(progress: Progress, start: float, end: float) -> Progress:
    """The progress of one step of a run that begins and ends at these shares of the whole."""
    if progress is silent:
        return silent
    return lambda share: progress(start + share * (end - start))


def after_each_layer(n_layers: int, progress: Progress) -> list[Hook]:
    """Hooks of a run that tell its progress, layer by layer."""
    if progress is silent:
        return []

    def telling(share: float) -> Callable[[Tensor], None]:
        return lambda _: progress(share)

    return [Hook(Site.RESID_POST, layer, telling((layer + 1) / n_layers)) for layer in range(n_layers)]
