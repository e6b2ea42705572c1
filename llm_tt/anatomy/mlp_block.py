"""The MLP of one layer at one position, drawn: norm, neurons as they read and write, bias, their sum."""

from typing import Final

import torch

from llm_tt.anatomy.drafting import Amounts, Draft, Places, amounts_of
from llm_tt.anatomy.measures import Measure, Numbers, all_but, strongest_of_each_sign
from llm_tt.anatomy.node_kinds import NodeKind
from llm_tt.anatomy.norm_nodes import add_norm
from llm_tt.attribution.messages import mlp_bias
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.trace import ForwardTrace

KIND: Final = "mlp"


def add_mlp(  # noqa: PLR0913 (which MLP, and how much of it)
    draft: Draft,
    model: LanguageModel,
    trace: ForwardTrace,
    layer: int,
    begin: Places,
    measure: Measure,
    numbers: Numbers,
) -> Places:
    """Nodes and edges from the state that an MLP reads, or attention's norm where both share it; its sum.

    A mixture of experts, which is no sum of neurons, is one node.
    """
    position = draft.position
    whole = trace.mlp_out[layer, position][None]
    weights = model.layer_weights(layer)
    bias = mlp_bias(trace, layer, weights)[position][None]
    sent = amounts_of(whole - bias, draft.direction)
    if not model.block_norms(layer).is_shared:
        begin = add_norm(draft, model, trace, layer, begin, sent, half=KIND)
    sources: list[tuple[Places, Amounts]] = []
    if trace.mlp_activations is None or weights.neuron_out is None:
        sources.append((begin, sent))
    else:
        sources += _add_neurons(draft, model, trace, layer, begin, measure, numbers)
    if (bias != 0).any():
        place = draft.add(NodeKind.MLP_BIAS, layer, bias)
        sources.append((place, draft.amounts_at(place)))
    mlp = draft.add(NodeKind.MLP, layer, whole)
    for place, amounts in sources:
        draft.connect(place, mlp, KIND, amounts)
    return mlp


def _add_neurons(  # noqa: PLR0913 (as `add_mlp`)
    draft: Draft,
    model: LanguageModel,
    trace: ForwardTrace,
    layer: int,
    begin: Places,
    measure: Measure,
    numbers: Numbers,
) -> list[tuple[Places, Amounts]]:
    """The strongest neurons of each sign, and all others together."""
    assert trace.mlp_activations is not None
    out = model.layer_weights(layer).neuron_out
    inputs = model.neuron_inputs(layer)
    assert out is not None
    assert inputs is not None
    activations = trace.mlp_activations[layer, draft.position]
    amounts = activations * trace.mlp_scale[layer, draft.position]
    out = out.to(amounts.device)
    sizes = out @ draft.direction if measure == "contribution" else torch.linalg.vector_norm(out, dim=-1)
    chosen = strongest_of_each_sign(amounts * sizes, numbers.neurons)
    vectors = out[chosen] * amounts[chosen, None]
    written = amounts_of(vectors, draft.direction)
    read = inputs.activated[chosen.to(inputs.activated.device)].to(vectors)
    reading = draft.add(NodeKind.NEURON_IN, layer, read, amounts=written, neuron=chosen)
    draft.connect(begin, reading, KIND, written)
    places = draft.add(NodeKind.NEURON, layer, vectors, coefficients=activations[chosen], neuron=chosen)
    draft.connect(reading, places, KIND, written)
    found = [(places, written)]
    others = all_but(chosen, len(amounts))
    rest = (amounts * others) @ out
    if (rest != 0).any():
        place = draft.add(NodeKind.OTHER_NEURONS, layer, rest[None], counts=[int(others.sum())])
        draft.connect(begin, place, KIND, draft.amounts_at(place))
        found.append((place, draft.amounts_at(place)))
    return found
