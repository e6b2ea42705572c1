"""Signed contributions: every part's difference from a baseline, along the gradient of the target.

All target-aware methods share this: they differ in the gradient and in the baseline. A message is never
built: its product with a gradient is a product of matrices.
"""

import torch
from einops import einsum
from torch import Tensor

from llm_tt.attribution.baseline import Baseline
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.messages import attention_bias, scaled_pattern
from llm_tt.attribution.target import Target, TargetGradients
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress, silent
from llm_tt.tracing.trace import ForwardTrace


@torch.no_grad()
def along_gradients(  # noqa: PLR0913 (one argument for each thing that methods differ in)
    model: LanguageModel,
    trace: ForwardTrace,
    method: str,
    target: Target,
    gradients: TargetGradients,
    baseline: Baseline,
    progress: Progress = silent,
) -> EdgeContributions:
    """Contributions of every edge to the target.

    `attention` and `mlp` are what a part adds beyond its baseline; what stays when it is replaced by the
    baseline is counted as bias. So every sum closes.
    """
    n_heads, n_positions = model.dimensions.n_heads, len(trace.prompt)
    attention = trace.stream.new_empty(trace.n_layers, n_heads, n_positions, n_positions)
    bias = trace.stream.new_empty(trace.n_layers, n_positions)
    behind_attention = gradients.post if gradients.mid is None else gradients.mid
    for layer in range(trace.n_layers):
        _attention(model, trace, layer, behind_attention[layer], baseline, attention[layer], bias[layer])
        progress((layer + 1) / trace.n_layers)
    own, kept = _mlp_parts(trace, baseline)
    mlp = _dot(own, gradients.post)
    mlp_bias = _dot(kept, gradients.post)
    parallel = gradients.mid is None
    return EdgeContributions(
        prompt=trace.prompt,
        method=method,
        attention=attention,
        attention_residual=_dot(trace.resid_pre, behind_attention),
        attention_bias=bias + mlp_bias if parallel else bias,
        mlp=mlp,
        mlp_residual=None if trace.resid_mid is None else _dot(trace.resid_mid, gradients.post),
        mlp_bias=None if parallel else mlp_bias,
        target=target,
        gradients=gradients,
    )


def _attention(  # noqa: PLR0913 (what to read, and where the result goes)
    model: LanguageModel,
    trace: ForwardTrace,
    layer: int,
    gradient: Tensor,
    baseline: Baseline,
    attention: Tensor,
    bias: Tensor,
) -> None:
    """Fill in one layer: [head query key], and [query] for what is no message."""
    weights = model.layer_weights(layer)
    coefficient = scaled_pattern(trace, layer)
    asked = einsum(gradient, weights.head_out, "query d_model, head d_head d_model -> head query d_head")
    values = trace.layer_values(layer) - baseline.values[layer]
    attention.copy_(einsum(asked, values, "head query d_head, key head d_head -> head query key"))
    attention.mul_(coefficient)
    usual = einsum(asked, baseline.values[layer], "head query d_head, head d_head -> head query")
    bias.copy_((coefficient.sum(-1) * usual).sum(0))
    bias += _dot(attention_bias(trace, layer, weights), gradient)


def _mlp_parts(trace: ForwardTrace, baseline: Baseline) -> tuple[Tensor, Tensor]:
    """What the MLPs add beyond their baseline, and what stays without it.

    Of an MLP that an edit multiplied, the same share of both; what came from outside stays.
    """
    kept = baseline.mlp_out[:, None]
    if trace.changes is None or not (trace.changes.mlp_factor or trace.changes.mlp_outside):
        return trace.mlp_out - kept, kept
    kept = kept.repeat(1, len(trace.prompt), 1)
    for layer, factor in trace.changes.mlp_factor.items():
        kept[layer] *= factor[:, None]
    for layer, outside in trace.changes.mlp_outside.items():
        kept[layer] += outside
    return trace.mlp_out - kept, kept


def _dot(states: Tensor, gradients: Tensor) -> Tensor:
    return einsum(states.expand_as(gradients), gradients, "... pos d_model, ... pos d_model -> ... pos")
