"""What a part usually brings: the value to which a message or an MLP is compared, or by which it is replaced.

Against zero, a head that always writes the same looks important in every prompt. Against its mean over
ordinary texts only what it writes because of this prompt counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.errors import AttributionError
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.prompt import Prompt
from llm_tt.smallworld.generation import sample_texts
from llm_tt.tracing.forward import capture
from llm_tt.tracing.progress import Progress, silent
from llm_tt.tracing.trace import ForwardTrace

BaselineName = Literal["mean", "zero"]

BASELINE_SHARE = 0.5
"""Of the time that the first run with a mean baseline takes: the mean is over many texts."""

ENOUGH_TOKENS = 128
"""Of each ordinary text; most tokenizers make fewer of it."""

_kept: WeakKeyDictionary[LanguageModel, "Baseline"] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """What every key's value and every MLP is replaced by when it is left out."""

    name: str
    values: Float[Tensor, "layer head d_head"]
    mlp_out: Float[Tensor, "layer d_model"]
    neurons: Float[Tensor, "layer d_mlp"] | None = None
    """Activations times the scale of the norm behind the MLP; None where there are no single neurons."""
    activations: Float[Tensor, "layer d_mlp"] | None = None
    """Activations alone: what an edited neuron gets, because what the norm will do is not known yet."""


def is_known(model: LanguageModel, baseline: str | Baseline) -> bool:
    """Whether `baseline_of` answers at once."""
    return baseline != "mean" or model in _kept


def baseline_of(model: LanguageModel, baseline: str | Baseline, progress: Progress = silent) -> Baseline:
    """A baseline by name; the mean is computed once for each model and kept as long as the model.

    Raises:
        AttributionError: there is no baseline of that name.
    """
    if isinstance(baseline, Baseline):
        return baseline
    if baseline == "zero":
        return _zeros(model)
    if baseline != "mean":
        raise AttributionError(
            asked=f"Compare with the baseline {baseline!r}.",
            found='Baselines are "mean" (over ordinary texts) and "zero".',
            remedy="Choose one of these, or give a Baseline made with mean_baseline(model, texts).",
        )
    with model.lock:
        if model not in _kept:
            texts = [_opening(model, text) for text in sample_texts()]
            _kept[model] = mean_baseline(model, texts, progress)
        return _kept[model]


def mean_baseline(
    model: LanguageModel, texts: Iterable[str | Prompt], progress: Progress = silent
) -> Baseline:
    """Means over all positions of some texts; each is cut to the model's context.

    Raises:
        AttributionError: there is no text.
    """
    sums: list[Tensor] | None = None
    n_positions = 0
    texts = list(texts)
    for number, text in enumerate(texts, start=1):
        prompt = model.tokenize(text) if isinstance(text, str) else text
        trace = capture(model, _beginning(prompt, model.dimensions.n_context))
        parts = _sums(trace)
        sums = parts if sums is None else [total + part for total, part in zip(sums, parts, strict=True)]
        n_positions += len(trace.prompt)
        progress(number / len(texts))
    if sums is None:
        raise AttributionError(
            asked="Take the mean over texts as a baseline.",
            found="There is no text.",
            remedy="Give some ordinary texts; a dozen sentences are enough.",
        )
    return Baseline("mean", *(total / n_positions for total in sums))


def _opening(model: LanguageModel, text: str) -> Prompt:
    """Of our own texts so much as is worth its time, for models that make many tokens of them."""
    return _beginning(model.tokenize(text), ENOUGH_TOKENS)


def _beginning(prompt: Prompt, longest: int | None) -> Prompt:
    return Prompt(prompt.text, prompt.token_ids[:longest], prompt.token_strings[:longest])


def _sums(trace: ForwardTrace) -> list[Tensor]:
    sums = [trace.values.sum(1), trace.mlp_out.sum(1)]
    if trace.mlp_activations is None:
        return sums
    return [
        *sums,
        (trace.mlp_activations * trace.mlp_scale[..., None]).sum(1),
        trace.mlp_activations.sum(1),
    ]


def _zeros(model: LanguageModel) -> Baseline:
    sizes = model.dimensions
    zeros = torch.zeros((), dtype=model.compute_dtype, device=model.device)
    neurons = zeros.expand(sizes.n_layers, sizes.d_mlp) if sizes.d_mlp else None
    return Baseline(
        "zero",
        zeros.expand(sizes.n_layers, sizes.n_heads, sizes.d_head),
        zeros.expand(sizes.n_layers, sizes.d_model),
        neurons,
        neurons,
    )
