"""The check-up of an opened model: run a short text, and compare every whole with the sum of its parts.

1. The predictions equal those of the plain Hugging Face model, taken before it was wrapped.
2. Earlier predictions do not change when the last token is taken away: a decoder reads left to right.
3. State + attention + MLP = next state, block after block.
4. Final norm and unembedding of the last state = the predictions, also with the norm's divisor held constant.
5. Attention is never negative, sums to one (or less, in families with sinks), and sees no future.
6. Heads + bias = what attention adds.
7. Neurons + bias = what the MLP adds.

What cannot be verified is switched off, and the finding says why.
"""

from collections.abc import Callable, Iterable, Sequence

import torch
from einops import EinopsError, einsum, repeat
from torch import Tensor

from llm_tt.model.check_up import Capability, CheckUp, Finding
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel

PROBE_TEXT = "The quick brown fox jumps over the lazy dog, and 3 + 4 = 7."

TOLERANCES = {"float64": 1e-5, "float32": 1e-4, "float16": 2e-2, "bfloat16": 5e-2}
"""Relative to the largest value: the rounding of each precision, with room for deep models. Families
compute norms and softmax in float32 even when their weights are float64."""

PROBED_SITES = (
    Site.RESID_PRE,
    Site.RESID_MID,
    Site.RESID_POST,
    Site.ATTENTION_OUT,
    Site.MLP_OUT,
    Site.PATTERN,
    Site.VALUES,
    Site.NEURONS,
    Site.ATTENTION_POST_NORM,
    Site.MLP_POST_NORM,
)


class _Probe:
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


@torch.no_grad()
def run_self_test(model: LanguageModel, token_ids: Sequence[int], plain_logits: Tensor) -> CheckUp:
    """Check one opened model; `plain_logits` are the untouched Hugging Face model's for the same tokens."""
    probe = _Probe(model, token_ids)

    def find(capability: Capability, sentence: str, measure: Callable[[], float]) -> Finding:
        tolerance = TOLERANCES[model.spec.dtype]
        try:
            error = measure()
        except (
            KeyError,
            RuntimeError,
            EinopsError,
        ) as problem:  # a site is missing, or shaped unlike the rest
            reason = f"{capability.value.capitalize()}: this family stores them in another way ({problem})."
            return Finding(capability, passed=False, sentence=reason)
        # A NaN compares as false, so it can never pass.
        return Finding(capability, error <= tolerance, sentence, error, tolerance)

    return CheckUp(
        (
            find(
                Capability.LOGITS,
                "The predictions equal the plain Hugging Face model's.",
                lambda: _deviation(probe.logits, plain_logits),
            ),
            find(
                Capability.CAUSAL,
                "Earlier predictions do not depend on later tokens.",
                lambda: _deviation(model.run(token_ids[:-1]), probe.logits[:-1]),
            ),
            find(
                Capability.RESIDUAL,
                "State + attention + MLP is the next state, in every block.",
                lambda: _largest(_residual_error(probe, layer) for layer in probe.layers),
            ),
            find(
                Capability.LENS,
                "Final norm and unembedding of the last state give the predictions.",
                lambda: _lens_error(probe),
            ),
            find(
                Capability.ATTENTION,
                "Attention is never negative, sums to one, and sees no future."
                if not model.dimensions.attention_sinks
                else "Attention is never negative, sums to at most one, and sees no future.",
                lambda: _largest(_attention_error(probe, layer) for layer in probe.layers),
            ),
            find(
                Capability.HEADS,
                "Heads + bias is what attention adds, in every block.",
                lambda: _largest(_heads_error(probe, layer) for layer in probe.layers),
            ),
            _no_neurons(model)
            or find(
                Capability.NEURONS,
                "Neurons + bias is what the MLP adds, in every block.",
                lambda: _largest(_neurons_error(probe, layer) for layer in probe.layers),
            ),
        )
    )


def _no_neurons(model: LanguageModel) -> Finding | None:
    if model.dimensions.d_mlp:
        return None
    why = (
        "a mixture of experts"
        if model.dimensions.mixture_of_experts
        else "not one sum of neurons in every block"
    )
    sentence = f"Neurons are not available for this model: its MLP is {why}."
    return Finding(Capability.NEURONS, passed=False, sentence=sentence)


def _residual_error(probe: _Probe, layer: int) -> float:
    before, after = probe[Site.RESID_PRE, layer], probe[Site.RESID_POST, layer]
    attention, mlp = probe[Site.ATTENTION_OUT, layer], probe[Site.MLP_OUT, layer]
    errors = [_deviation(before + attention + mlp, after)]
    if not probe.model.dimensions.parallel_blocks:
        errors.append(_deviation(before + attention, probe[Site.RESID_MID, layer]))
    if layer > 0:
        errors.append(_deviation(before, probe[Site.RESID_POST, layer - 1]))
    return _largest(errors)


def _lens_error(probe: _Probe) -> float:
    """Of the lens, and of reading parts: a norm that is not as linear as we think must not be read."""
    model, last = probe.model, probe[Site.RESID_POST, probe.layers[-1]]
    has_norm = model.has_site(Site.FINAL_NORM)
    final_scale = 1.0 / probe[Site.FINAL_NORM, 0][:, 0] if has_norm else 1.0
    by_parts = model.read_part(last, final_scale) + model.read_out(torch.zeros_like(last))
    return _largest(
        [
            _deviation(model.read_out(last), probe.logits),
            _deviation(model.cap_logits(by_parts), probe.logits),
        ]
    )


def _attention_error(probe: _Probe, layer: int) -> float:
    pattern = probe[Site.PATTERN, layer]
    future = pattern.triu(diagonal=1).abs().max()
    below_zero = -pattern.min()
    missing_from_one = pattern.sum(-1) - 1
    if probe.model.dimensions.attention_sinks:  # a sink takes its part, and nobody sees it
        missing_from_one = missing_from_one.clamp(min=0)
    return float(torch.stack([future, below_zero, missing_from_one.abs().max()]).max().clamp(min=0))


def _heads_error(probe: _Probe, layer: int) -> float:
    weights = probe.model.layer_weights(layer)
    pattern, values = probe[Site.PATTERN, layer], probe[Site.VALUES, layer]
    group = pattern.shape[0] // values.shape[1]
    values = repeat(values, "key kv_head d_head -> key (kv_head group) d_head", group=group)
    mixed = einsum(pattern, values, "head query key, key head d_head -> query head d_head")
    added = einsum(mixed, weights.head_out, "query head d_head, head d_head d_model -> query d_model")
    scale = probe.scale(Site.ATTENTION_POST_NORM, layer)
    return _deviation((added + weights.attention_bias) * scale, probe[Site.ATTENTION_OUT, layer])


def _neurons_error(probe: _Probe, layer: int) -> float:
    weights = probe.model.layer_weights(layer)
    assert weights.neuron_out is not None
    added = einsum(probe[Site.NEURONS, layer], weights.neuron_out, "pos d_mlp, d_mlp d_model -> pos d_model")
    scale = probe.scale(Site.MLP_POST_NORM, layer)
    return _deviation((added + weights.mlp_bias) * scale, probe[Site.MLP_OUT, layer])


def _largest(errors: Iterable[float]) -> float:
    """NaN if one of them is: Python's own `max` would skip it."""
    return float(torch.tensor(list(errors)).max())


def _deviation(found: Tensor, expected: Tensor) -> float:
    """Largest difference at any position, relative to what is usual at that position.

    Not relative to the largest value anywhere: many models have one position with values a thousand times
    larger than elsewhere, and an error at all other positions would drown in it.
    """
    expected = expected.to(found.device, torch.float64)
    largest = expected.abs().amax(-1, keepdim=True)
    scale = torch.maximum(largest, 0.01 * largest.median()).clamp(min=torch.finfo(torch.float32).tiny)
    return float(((found.to(torch.float64) - expected).abs() / scale).max())
