"""Whether a head's queries, keys and values are what its weights say: against a run, and by an experiment.

Where attention scores show differs from family to family, and some show none. So scores are caused instead:
with all keys but the last one set to zero, every other score is zero, and how much more the last position
attends to itself than to its neighbour is its score at distance 0, which no rotation changes. What a family
adds by distance (ALiBi) shows where all keys are zero.
"""

from collections.abc import Callable, Sequence

import torch
from einops import einsum
from torch import Tensor

from llm_tt.model.head_inputs import HeadInputs
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel
from llm_tt.model.probe import Probe, deviation, largest_error

N_TOKENS = 2
"""Of the experiment: one that is silenced, and one that speaks."""

SILENT, SPEAKING = 0, 1
"""The two copies of the prompt: with all keys zero, and with all but the last."""


class CircuitsUnreadableError(RuntimeError):
    """A family that stores queries, keys and values in no matrices of their own."""


def circuit_error(probe: Probe, token_ids: Sequence[int]) -> float:
    """The largest deviation of projections and scores, over all layers.

    Raises:
        CircuitsUnreadableError: there are no matrices to read.
    """
    states, patterns = _experiment(probe.model, token_ids[-N_TOKENS:])
    errors = []
    for layer in probe.layers:  # one at a time: those of a large model fill gigabytes
        inputs = _inputs(probe.model, layer)
        errors.append(_projection_error(probe, inputs, layer))
        errors.append(_score_error(inputs, states[layer], patterns[layer]))
    return largest_error(errors)


def _inputs(model: LanguageModel, layer: int) -> HeadInputs:
    inputs = model.head_inputs(layer)
    if inputs is None:
        message = f"layer {layer} has no matrices for queries, keys and values"
        raise CircuitsUnreadableError(message)
    return inputs


def _projection_error(probe: Probe, inputs: HeadInputs, layer: int) -> float:
    """The hooks show what comes before any norm of queries and keys."""
    states = probe[Site.RESID_PRE, layer].to(inputs.query.device)
    states = states / inputs.divisor(states)
    errors = []
    for site, weight, bias in (
        (Site.QUERIES, inputs.query, inputs.query_bias),
        (Site.KEYS, inputs.key, inputs.key_bias),
        (Site.VALUES, inputs.value, inputs.value_bias),
    ):
        shown = probe[site, layer]
        own = slice(None, None, len(weight) // shown.shape[1])  # one head of each group
        read = einsum(states, weight[own], "pos d_model, head d_model d_head -> pos head d_head") + bias[own]
        errors.append(deviation(read.flatten(1), shown.flatten(1)))
    return largest_error(errors)


def _experiment(
    model: LanguageModel, token_ids: Sequence[int]
) -> tuple[dict[int, Tensor], dict[int, Tensor]]:
    """The states in front of every layer, and its patterns, while keys are silenced."""
    states: dict[int, Tensor] = {}
    patterns: dict[int, Tensor] = {}

    def keep(kept: dict[int, Tensor], layer: int) -> Callable[[Tensor], None]:
        def apply(tensor: Tensor) -> None:
            kept[layer] = tensor.detach().clone()

        return apply

    layers = range(model.dimensions.n_layers)
    hooks = [Hook(Site.KEYS, layer, _silence) for layer in layers]
    hooks += [Hook(Site.RESID_PRE, layer, keep(states, layer)) for layer in layers]
    hooks += [Hook(Site.PATTERN, layer, keep(patterns, layer)) for layer in layers]
    model.run_copies(token_ids, 2, hooks)
    return states, patterns


def _silence(keys: Tensor) -> Tensor:
    keys = keys.clone()
    keys[SILENT] = 0
    keys[SPEAKING, :-1] = 0
    return keys


def _score_error(inputs: HeadInputs, states: Tensor, pattern: Tensor) -> float:
    last = states[SPEAKING, -1]
    expected = inputs.bend((inputs.queries(last) * inputs.keys(last)).sum(-1))
    itself, neighbour = pattern[..., -1, -1], pattern[..., -1, -2]
    odds = (itself.double().log() - neighbour.double().log()).to(expected.device)
    found = odds[SPEAKING] - odds[SILENT]
    # A softmax that underflows says nothing about a score, and no comparison at all is no proof.
    tiny = torch.finfo(pattern.dtype).tiny
    told = ((itself > tiny) & (neighbour > tiny)).all(0).to(found.device)
    if not told.any():
        return float("nan")
    errors = (found - expected).abs()[told] / expected.abs().max().clamp(min=1.0)
    return float(errors.max())
