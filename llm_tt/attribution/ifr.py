"""Information flow routes: the share of every part in the sum that it enters.

A part's proximity to its sum, divided by the proximities of all parts of that sum. No target is needed.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

from llm_tt.attribution import proximity
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.messages import LayerMessages, layer_messages, mlp_bias
from llm_tt.attribution.proximity import MessageSum, Norm
from llm_tt.model.language_model import LanguageModel, LayerWeights
from llm_tt.tracing.progress import Progress, silent
from llm_tt.tracing.trace import ForwardTrace

GROUP_NUMBERS = 1 << 24
"""Numbers of the messages that are held at once: 64 MiB in single precision."""


@torch.no_grad()
def information_flow(
    model: LanguageModel, trace: ForwardTrace, norm: Norm, progress: Progress = silent
) -> EdgeContributions:
    """Shares of every part of every sum of a trace."""
    sizes = model.dimensions
    n_layers, n_heads, n_positions = sizes.n_layers, sizes.n_heads, len(trace.prompt)
    attention = trace.stream.new_empty(n_layers, n_heads, n_positions, n_positions)
    parallel = trace.resid_mid is None
    columns = trace.stream.new_empty(3 if parallel else 5, n_layers, n_positions)
    for layers in _groups(n_layers, n_heads * n_positions * (sizes.d_model + n_positions)):
        sums = []
        for layer in layers:
            fill = _parallel_parts if parallel else _sequential_parts
            whole, messages = fill(trace, layer, model.layer_weights(layer), norm, columns[:, layer])
            sums.append(MessageSum(whole, messages, attention[layer]))
        proximity.of_messages(sums, norm)
        for layer in layers:
            share_out(attention[layer], columns[: 3 if parallel else 2, layer])
        progress(layers.stop / n_layers)
    if not parallel:
        share_out(None, columns[2:].flatten(1))
    return EdgeContributions(
        prompt=trace.prompt,
        method="ifr",
        attention=attention,
        attention_residual=columns[0],
        attention_bias=columns[1],
        mlp=columns[2],
        mlp_residual=None if parallel else columns[3],
        mlp_bias=None if parallel else columns[4],
        target=None,
        gradients=None,
    )


def _groups(n_layers: int, numbers_per_layer: int) -> Iterator[range]:
    """Layers whose messages are held at once: as many as fit.

    Threads that have just worked for torch keep a core busy for a moment; so the kernel meets them seldom.
    """
    at_once = max(1, GROUP_NUMBERS // numbers_per_layer)
    for first in range(0, n_layers, at_once):
        yield range(first, min(first + at_once, n_layers))


def _sequential_parts(
    trace: ForwardTrace, layer: int, weights: LayerWeights, norm: Norm, columns: Tensor
) -> tuple[Tensor, LayerMessages]:
    """Fill in what is no message; the sum that attention enters, and its messages."""
    assert trace.resid_mid is not None
    mid, post = trace.resid_mid[layer], trace.resid_post[layer]
    messages, bias = layer_messages(trace, layer, weights), mlp_bias(trace, layer, weights)
    columns[0] = proximity.of_part(mid, trace.resid_pre[layer], norm)
    columns[1] = proximity.of_part(mid, messages.bias, norm)
    columns[2] = proximity.of_part(post, trace.mlp_out[layer] - bias, norm)
    columns[3] = proximity.of_part(post, mid, norm)
    columns[4] = proximity.of_part(post, bias, norm)
    return mid, messages


def _parallel_parts(
    trace: ForwardTrace, layer: int, weights: LayerWeights, norm: Norm, columns: Tensor
) -> tuple[Tensor, LayerMessages]:
    """The same where everything enters one sum."""
    post = trace.resid_post[layer]
    messages, bias = layer_messages(trace, layer, weights), mlp_bias(trace, layer, weights)
    columns[0] = proximity.of_part(post, trace.resid_pre[layer], norm)
    columns[1] = proximity.of_part(post, messages.bias + bias, norm)
    columns[2] = proximity.of_part(post, trace.mlp_out[layer] - bias, norm)
    return post, messages


def share_out(attention: Tensor | None, parts: Tensor) -> None:
    """Divide proximities [head query key] and [part query], in place, by their sum at each query.

    Where every part leads away from the sum (large parts that cancel), none can be preferred: all that exist
    share equally.
    """
    total = parts.sum(0)
    if attention is not None:
        total += attention.sum((0, 2))
    for query in (total <= 0).nonzero()[:, 0].tolist():
        parts[:, query] = 1
        total[query] = len(parts)
        if attention is not None:
            attention[:, query, : query + 1] = 1
            total[query] += len(attention) * (query + 1)
    parts /= total
    if attention is not None:
        attention /= total[:, None]
