"""What flowed through a model while it read the probe text, and how far two tensors are apart."""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel

PROBED_SITES = (
    Site.RESID_PRE,
    Site.RESID_MID,
    Site.RESID_POST,
    Site.ATTENTION_OUT,
    Site.MLP_OUT,
    Site.PATTERN,
    Site.QUERIES,
    Site.KEYS,
    Site.VALUES,
    Site.NEURONS,
    Site.ATTENTION_POST_NORM,
    Site.MLP_POST_NORM,
)


class Probe:
    """What flowed through every site of a model while it read the probe text."""

    def __init__(self, model: LanguageModel, token_ids: Sequence[int]) -> None:
        self.model = model
        self.layers = range(model.dimensions.n_layers)
        self._seen: dict[tuple[Site, int], Tensor] = {}
        hooks = [
            Hook(site, layer, self._keep(site, layer))
            for site in PROBED_SITES
            if model.has_site(site)
            for layer in self.layers
        ]
        if model.has_site(Site.FINAL_NORM):
            hooks.append(Hook(Site.FINAL_NORM, 0, self._keep(Site.FINAL_NORM, 0)))
        self.logits = model.run(token_ids, hooks)

    def __getitem__(self, place: tuple[Site, int]) -> Tensor:
        return self._seen[place].to(self.model.device, self.model.compute_dtype)[0]

    def scale(self, post_norm: Site, layer: int) -> Tensor | float:
        """One factor per position for models with a norm between block and stream."""
        return 1.0 / self[post_norm, layer] if self.model.has_site(post_norm) else 1.0

    def _keep(self, site: Site, layer: int) -> Callable[[Tensor], None]:
        def keep(tensor: Tensor) -> None:
            self._seen[site, layer] = tensor.detach().clone()

        return keep


def largest_error(errors: Iterable[float]) -> float:
    """NaN if one of them is: Python's own `max` would skip it."""
    return float(torch.tensor(list(errors)).max())


def deviation(found: Tensor, expected: Tensor) -> float:
    """Largest difference at any position, relative to what is usual at that position.

    Not relative to the largest value anywhere: many models have one position with values a thousand times
    larger than elsewhere, and an error at all other positions would drown in it.
    """
    expected = expected.to(found.device, torch.float64)
    largest = expected.abs().amax(-1, keepdim=True)
    scale = torch.maximum(largest, 0.01 * largest.median()).clamp(min=torch.finfo(torch.float32).tiny)
    return float(((found.to(torch.float64) - expected).abs() / scale).max())
