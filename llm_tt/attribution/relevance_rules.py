"""The rules of RelP: hooks that make a backward pass distribute relevance instead of following slopes.

Values do not change, only what a gradient sees:

- a norm divides by a constant;
- attention mixes values with constant weights;
- an activation function multiplies its input with a constant, `act(z) = z * (act(z) / z)`;
- a product `act(g) * p` of a gated MLP gives half of its relevance to each factor.

What flows through is then linear up to biases, so relevance neither vanishes in saturated neurons nor
explodes in norms, and what reaches the embedding adds up to the target. Inside a mixture of experts plain
gradients are used.
"""

from collections.abc import Iterator, Sequence

import torch
from einops import einsum, repeat
from jaxtyping import Float
from torch import Tensor

from llm_tt.model.check_up import Capability
from llm_tt.model.hook_names import Site
from llm_tt.model.language_model import Hook, LanguageModel
from llm_tt.tracing.trace import ForwardTrace

NORMS = (Site.ATTENTION_NORM, Site.MLP_NORM, Site.ATTENTION_POST_NORM, Site.MLP_POST_NORM)


def relevance_rules(model: LanguageModel, *traces: ForwardTrace) -> list[Hook]:
    """All rules as hooks for one backward pass over the trace's prompt, or over those of several at once."""
    trace = traces[0]
    rules = [hook for layer in range(trace.n_layers) for hook in _attention_rule(traces, layer)]
    if trace.changes is not None:  # edits of messages read the pattern
        rules += [Hook(Site.PATTERN, layer, Tensor.detach) for layer in trace.changes.message_factor]
    for site in NORMS:
        if model.has_site(site):
            rules += [Hook(site, layer, Tensor.detach) for layer in range(trace.n_layers)]
    if model.has_site(Site.FINAL_NORM):
        rules.append(Hook(Site.FINAL_NORM, 0, Tensor.detach))
    if model.self_test.has(Capability.NEURONS):
        gated = model.has_site(Site.NEURON_FACTORS)
        rules += [hook for layer in range(trace.n_layers) for hook in _neuron_rule(layer, gated)]
    return rules


def _attention_rule(traces: Sequence[ForwardTrace], layer: int) -> Iterator[Hook]:
    """Mix the live values once more, with the traces' patterns: some families discard edits of theirs."""
    live: list[Tensor] = []

    def mix(mixed: Tensor) -> Tensor:
        values = live.pop()
        patterns = _patterns(traces, layer).to(values.device, values.dtype)
        shared = patterns.shape[1] // values.shape[-2]
        values = repeat(
            values, "batch key kv_head d_head -> batch key (kv_head shared) d_head", shared=shared
        )
        again = einsum(
            patterns, values, "batch head query key, batch key head d_head -> batch query head d_head"
        )
        return again.reshape(mixed.shape)

    yield Hook(Site.VALUES, layer, live.append)
    yield Hook(Site.HEAD_MIX, layer, mix)


def _patterns(traces: Sequence[ForwardTrace], layer: int) -> Float[Tensor, "prompt head query key"]:
    """Of one prompt a view: a backward pass holds on to every layer's, and they are half of a long trace."""
    if len(traces) == 1:
        return traces[0].patterns[layer][None]
    return torch.stack([trace.patterns[layer] for trace in traces])


def _neuron_rule(layer: int, gated: bool) -> Iterator[Hook]:
    """Each activation is its input times a constant; a product is half of each factor times the other."""
    inputs: list[Tensor] = []
    share = 0.5 if gated else 1.0

    def share_out(activations: Tensor) -> Tensor:
        result = activations.detach()
        while inputs:
            factor = inputs.pop()
            ratio = torch.where(factor == 0, 0, result / factor).detach()
            # Zero in value; its gradient is the constant ratio.
            result = result + share * ratio * (factor - factor.detach())
        return result

    yield Hook(Site.NEURON_INPUTS, layer, inputs.append)
    if gated:
        yield Hook(Site.NEURON_FACTORS, layer, inputs.append)
    yield Hook(Site.NEURONS, layer, share_out)
