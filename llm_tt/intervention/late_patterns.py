"""Families whose attention patterns are seen only when their values have been mixed already.

There an edit of single messages needs the pattern from a run before: one for every layer with such edits.
"""

from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel

_known: WeakKeyDictionary[LanguageModel, bool] = WeakKeyDictionary()


def has_late_patterns(model: LanguageModel) -> bool:
    """Whether the pattern comes after the mix: seen in a run over one token, once for each model."""
    with model.lock:
        if model not in _known:
            seen: list[Site] = []

            def see(site: Site) -> Hook:
                def note(_: Tensor) -> None:
                    seen.append(site)

                return Hook(site, 0, note)

            with torch.no_grad():
                model.run((0,), [see(Site.PATTERN), see(Site.HEAD_MIX)])
            _known[model] = seen[0] is Site.HEAD_MIX
        return _known[model]


def live_column(mixed: Tensor, values: Tensor, key: int) -> Tensor | None:
    """How much of a key's value is in each mix [batch head query], with the gradient that it has in the run.

    Mixing is linear in the values, so the pattern is its derivative: a forward one, made of two backward
    ones. The values have to be a tensor that their hook handed on; None where the mix does not depend on it,
    because somebody mixed anew with a constant pattern.
    """
    start = torch.zeros_like(mixed, requires_grad=True)
    (back,) = torch.autograd.grad(mixed, values, start, create_graph=True, allow_unused=True)
    if back is None:
        return None
    one = torch.zeros_like(values)
    one[:, key, :, 0] = 1.0
    (column,) = torch.autograd.grad(back, start, one, create_graph=True)
    return column[..., 0].transpose(1, 2)
