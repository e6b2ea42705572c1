"""What single neurons contributed: those of one MLP at one position, or all of them over all positions."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution import proximity
from llm_tt.attribution.baseline import Baseline, BaselineName, baseline_of
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.messages import mlp_bias
from llm_tt.attribution.method_list import WITH_BASELINE
from llm_tt.attribution.proximity import Norm
from llm_tt.errors import AttributionError, CapabilityError
from llm_tt.model.language_model import LanguageModel, LayerWeights
from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True, eq=False)
class NeuronContributions:
    """The parts of the state behind one MLP: shares that add up to one, or signed, in the target's unit."""

    neurons: Float[Tensor, " d_mlp"]
    state: float
    """Everything that was there before the MLP added."""
    bias: float
    """The rest: the MLP's bias, and with a mean baseline what the neurons usually add."""


@torch.no_grad()
def attribute_neurons(  # noqa: PLR0913 (which MLP, and how)
    model: LanguageModel,
    trace: ForwardTrace,
    shares: EdgeContributions,
    *,
    layer: int,
    position: int,
    baseline: BaselineName | Baseline = "mean",
    norm: Norm = "l1",
) -> NeuronContributions:
    """The neurons of one MLP at one position, by the method of `shares` and for its target.

    Raises:
        CapabilityError: this model's MLPs are no sums of neurons.
    """
    weights = _weights_with_neurons(model, trace, layer)
    if shares.gradients is None:
        whole = trace.resid_post[layer, position]
        before = whole - trace.mlp_out[layer, position]
        bias = mlp_bias(trace, layer, weights)[position]
        assert trace.mlp_activations is not None
        amounts = trace.mlp_activations[layer, position] * trace.mlp_scale[layer, position]
        return _shares(whole, before, bias, amounts, weights, norm)
    gradient = shares.gradients.post[layer, position]
    neurons = _signed(model, trace, shares, layer, [position], baseline)[0]
    whole = trace.resid_post[layer, position]
    state = float((whole - trace.mlp_out[layer, position]) @ gradient)
    return NeuronContributions(neurons, state, float(whole @ gradient) - state - float(neurons.sum()))


@torch.no_grad()
def neuron_totals(
    model: LanguageModel,
    trace: ForwardTrace,
    shares: EdgeContributions,
    *,
    baseline: BaselineName | Baseline = "mean",
) -> Float[Tensor, "layer d_mlp"]:
    """What each neuron contributed at all positions together, by a signed method.

    Raises:
        CapabilityError: this model's MLPs are no sums of neurons.
        AttributionError: shares of a method without a sign belong to one sum each, and do not add up.
    """
    if shares.gradients is None:
        raise AttributionError(
            asked="Add up what each neuron contributed at all positions.",
            found=f"Shares of {shares.method!r} belong to one sum each.",
            remedy="Attribute with relp, gradact or dla.",
        )
    everywhere = slice(None)
    return torch.stack(
        [_signed(model, trace, shares, layer, everywhere, baseline).sum(0) for layer in range(trace.n_layers)]
    )


def _weights_with_neurons(model: LanguageModel, trace: ForwardTrace, layer: int) -> LayerWeights:
    weights = model.layer_weights(layer)
    if trace.mlp_activations is None or weights.neuron_out is None:
        raise CapabilityError(
            asked=f"Split the MLP of layer {layer} into neurons.",
            found=f"Single neurons are not available for {model.spec.source}: its MLP is no sum of them.",
            remedy="The MLP as a whole is one node; its contribution is exact.",
        )
    return weights


def _signed(  # noqa: PLR0913 (which neurons, where, and compared with what)
    model: LanguageModel,
    trace: ForwardTrace,
    shares: EdgeContributions,
    layer: int,
    positions: slice | list[int],
    baseline: BaselineName | Baseline,
) -> Float[Tensor, "pos d_mlp"]:
    weights = _weights_with_neurons(model, trace, layer)
    assert shares.gradients is not None
    assert trace.mlp_activations is not None
    assert weights.neuron_out is not None
    amounts = trace.mlp_activations[layer, positions] * trace.mlp_scale[layer, positions, None]
    compares = shares.method in WITH_BASELINE
    usual = _usual(baseline_of(model, baseline), layer) if compares else 0.0
    if trace.changes is not None and layer in trace.changes.mlp_factor:
        usual = usual * trace.changes.mlp_factor[layer][positions, None]
    slopes = shares.gradients.post[layer, positions] @ weights.neuron_out.T
    neurons: Tensor = (amounts - usual) * slopes
    return neurons


def _usual(baseline: Baseline, layer: int) -> Tensor | float:
    return 0.0 if baseline.neurons is None else baseline.neurons[layer]


def _shares(  # noqa: PLR0913 (the parts of one sum)
    whole: Tensor, before: Tensor, bias: Tensor, amounts: Tensor, weights: LayerWeights, norm: Norm
) -> NeuronContributions:
    assert weights.neuron_out is not None
    neurons = proximity.of_part(
        whole.expand_as(weights.neuron_out), weights.neuron_out * amounts[:, None], norm
    )
    state, constant = proximity.of_part(whole.expand(2, -1), torch.stack([before, bias]), norm)
    total = neurons.sum() + state + constant
    if total <= 0:  # all lead away: all share equally, as in every other sum
        n_parts = len(neurons) + 2
        return NeuronContributions(torch.full_like(neurons, 1 / n_parts), 1 / n_parts, 1 / n_parts)
    return NeuronContributions(neurons / total, float(state / total), float(constant / total))
