"""The check-up of an opened model: run a short text, and compare every whole with the sum of its parts.

1. The predictions equal those of the plain Hugging Face model, taken before it was wrapped.
2. Earlier predictions do not change when the last token is taken away: a decoder reads left to right.
3. State + attention + MLP = next state, block after block.
4. Final norm and unembedding of the last state = the predictions, also with the norm's divisor held constant.
5. Attention is never negative, sums to one (or less, in families with sinks), and sees no future.
6. Heads + bias = what attention adds.
7. Neurons + bias = what the MLP adds.
8. What the weights in front of attention read from a state = the heads' queries, keys and values, and queries
   and keys give the attention that is paid.

What cannot be verified is switched off, and the finding says why.
"""

from collections.abc import Callable, Sequence

import torch
from einops import EinopsError, einsum, repeat
from torch import Tensor

from llm_tt.model.check_up import Capability, CheckUp, Finding
from llm_tt.model.circuit_check import circuit_error
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.probe import Probe, deviation, largest_error

PROBE_TEXT = "The quick brown fox jumps over the lazy dog, and 3 + 4 = 7."

TOLERANCES = {"float64": 1e-5, "float32": 1e-4, "float16": 2e-2, "bfloat16": 5e-2}
"""Relative to the largest value: the rounding of each precision, with room for deep models. Families
compute norms and softmax in float32 even when their weights are float64."""


@torch.no_grad()
def run_self_test(model: LanguageModel, token_ids: Sequence[int], plain_logits: Tensor) -> CheckUp:
    """Check one opened model; `plain_logits` are the untouched Hugging Face model's for the same tokens."""
    probe = Probe(model, token_ids)

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
                lambda: deviation(probe.logits, plain_logits),
            ),
            find(
                Capability.CAUSAL,
                "Earlier predictions do not depend on later tokens.",
                lambda: deviation(model.run(token_ids[:-1]), probe.logits[:-1]),
            ),
            find(
                Capability.RESIDUAL,
                "State + attention + MLP is the next state, in every block.",
                lambda: largest_error(_residual_error(probe, layer) for layer in probe.layers),
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
                lambda: largest_error(_attention_error(probe, layer) for layer in probe.layers),
            ),
            find(
                Capability.HEADS,
                "Heads + bias is what attention adds, in every block.",
                lambda: largest_error(_heads_error(probe, layer) for layer in probe.layers),
            ),
            _no_neurons(model)
            or find(
                Capability.NEURONS,
                "Neurons + bias is what the MLP adds, in every block.",
                lambda: largest_error(_neurons_error(probe, layer) for layer in probe.layers),
            ),
            find(
                Capability.CIRCUITS,
                "Queries, keys and values read from the weights are the run's own, in every block.",
                lambda: circuit_error(probe, token_ids),
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


def _residual_error(probe: Probe, layer: int) -> float:
    before, after = probe[Site.RESID_PRE, layer], probe[Site.RESID_POST, layer]
    attention, mlp = probe[Site.ATTENTION_OUT, layer], probe[Site.MLP_OUT, layer]
    errors = [deviation(before + attention + mlp, after)]
    if not probe.model.dimensions.parallel_blocks:
        errors.append(deviation(before + attention, probe[Site.RESID_MID, layer]))
    if layer > 0:
        errors.append(deviation(before, probe[Site.RESID_POST, layer - 1]))
    return largest_error(errors)


def _lens_error(probe: Probe) -> float:
    """Of the lens, and of reading parts: a norm that is not as linear as we think must not be read."""
    model, last = probe.model, probe[Site.RESID_POST, probe.layers[-1]]
    has_norm = model.has_site(Site.FINAL_NORM)
    final_scale = 1.0 / probe[Site.FINAL_NORM, 0][:, 0] if has_norm else 1.0
    by_parts = model.read_part(last, final_scale) + model.read_out(torch.zeros_like(last))
    return largest_error(
        [
            deviation(model.read_out(last), probe.logits),
            deviation(model.cap_logits(by_parts), probe.logits),
        ]
    )


def _attention_error(probe: Probe, layer: int) -> float:
    pattern = probe[Site.PATTERN, layer]
    future = pattern.triu(diagonal=1).abs().max()
    below_zero = -pattern.min()
    missing_from_one = pattern.sum(-1) - 1
    if probe.model.dimensions.attention_sinks:  # a sink takes its part, and nobody sees it
        missing_from_one = missing_from_one.clamp(min=0)
    return float(torch.stack([future, below_zero, missing_from_one.abs().max()]).max().clamp(min=0))


def _heads_error(probe: Probe, layer: int) -> float:
    weights = probe.model.layer_weights(layer)
    pattern, values = probe[Site.PATTERN, layer], probe[Site.VALUES, layer]
    group = pattern.shape[0] // values.shape[1]
    values = repeat(values, "key kv_head d_head -> key (kv_head group) d_head", group=group)
    mixed = einsum(pattern, values, "head query key, key head d_head -> query head d_head")
    added = einsum(mixed, weights.head_out, "query head d_head, head d_head d_model -> query d_model")
    scale = probe.scale(Site.ATTENTION_POST_NORM, layer)
    return deviation((added + weights.attention_bias) * scale, probe[Site.ATTENTION_OUT, layer])


def _neurons_error(probe: Probe, layer: int) -> float:
    weights = probe.model.layer_weights(layer)
    assert weights.neuron_out is not None
    added = einsum(probe[Site.NEURONS, layer], weights.neuron_out, "pos d_mlp, d_mlp d_model -> pos d_model")
    scale = probe.scale(Site.MLP_POST_NORM, layer)
    return deviation((added + weights.mlp_bias) * scale, probe[Site.MLP_OUT, layer])
