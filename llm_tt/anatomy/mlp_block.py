"""The MLP of one layer at one position, drawn: norm, neurons as they read and write, bias, their sum."""

from typing import Final

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.anatomy.drafting import Amounts, LayerDraft, Places, amounts_of
from llm_tt.anatomy.measures import all_but, strongest_of_each_sign
from llm_tt.anatomy.node_kinds import NodeKind
from llm_tt.anatomy.norm_nodes import add_norm
from llm_tt.attribution.messages import mlp_bias
from llm_tt.model.language_model import NeuronInputs

KIND: Final = "mlp"

GATED: Final = (
    "Each neuron of this model has two inputs; what excites it is the first. The second, a factor, may turn "
    "the sign of what the neuron writes."
)
"""Where neurons are read by one of their two inputs."""


def sent_by_mlp(drawn: LayerDraft) -> Float[Tensor, "1 d_model"]:
    """All that an MLP adds because of what it reads: neurons or experts, without the bias."""
    return drawn.trace.mlp_out[drawn.layer, drawn.draft.position][None] - _bias(drawn)


def add_mlp(drawn: LayerDraft, begin: Places, inputs: NeuronInputs | None) -> Places:
    """Nodes and edges from the state that an MLP reads, or attention's norm where both share it; its sum.

    A mixture of experts, which is no sum of neurons, is one node; it has no `inputs`.
    """
    draft, layer, bias = drawn.draft, drawn.layer, _bias(drawn)
    sent = amounts_of(sent_by_mlp(drawn), draft.direction)
    if not drawn.model.block_norms(layer).is_shared:
        begin = add_norm(drawn, begin, sent, half=KIND)
    sources = [(begin, sent)] if inputs is None else _add_neurons(drawn, begin, inputs)
    if (bias != 0).any():
        place = draft.add(NodeKind.MLP_BIAS, layer, bias)
        sources.append((place, draft.amounts_at(place)))
    mlp = draft.add(NodeKind.MLP, layer, drawn.trace.mlp_out[layer, draft.position][None])
    for place, amounts in sources:
        draft.connect(place, mlp, KIND, amounts)
    return mlp


def _bias(drawn: LayerDraft) -> Float[Tensor, "1 d_model"]:
    return mlp_bias(drawn.trace, drawn.layer, drawn.weights)[drawn.draft.position][None]


def _add_neurons(drawn: LayerDraft, begin: Places, inputs: NeuronInputs) -> list[tuple[Places, Amounts]]:
    """The strongest neurons of each sign, and all others together."""
    draft, trace, layer, out = drawn.draft, drawn.trace, drawn.layer, drawn.weights.neuron_out
    assert trace.mlp_activations is not None
    assert out is not None
    activations = trace.mlp_activations[layer, draft.position]
    amounts = activations * trace.mlp_scale[layer, draft.position]
    out = out.to(amounts.device)
    by_length = drawn.measure != "contribution"
    sizes = torch.linalg.vector_norm(out, dim=-1) if by_length else out @ draft.direction
    chosen = strongest_of_each_sign(amounts * sizes, drawn.numbers.neurons)
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
