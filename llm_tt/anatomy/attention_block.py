"""The attention of one layer at one position, drawn: norm, queries, keys, values, heads, and their sum."""

from dataclasses import dataclass
from typing import Final

import torch
from jaxtyping import Float, Int
from torch import Tensor

from llm_tt.anatomy.circuit_directions import directions_looked_for, directions_looked_for_by
from llm_tt.anatomy.drafting import Amounts, LayerDraft, Places, amounts_of, at_rows
from llm_tt.anatomy.layer_heads import LayerHeads
from llm_tt.anatomy.measures import all_but, strongest
from llm_tt.anatomy.mlp_block import sent_by_mlp
from llm_tt.anatomy.node_kinds import NodeKind
from llm_tt.anatomy.norm_nodes import add_norm
from llm_tt.attribution.messages import attention_bias
from llm_tt.model.head_inputs import HeadInputs

KIND: Final = "attention"


@dataclass(frozen=True, slots=True, eq=False)
class AttentionBlock(LayerDraft):
    """The attention of a layer that is drawn."""

    inputs: HeadInputs | None
    """None where queries and keys cannot be read."""

    def add(self, state: Places) -> tuple[Places, Places]:
        """Nodes and edges from the state that enters the layer: what attention reads, and all that it adds.

        The first is the norm's node; the state itself where there is no norm.
        """
        draft, layer, position = self.draft, self.layer, self.draft.position
        heads = LayerHeads.of(self.weights, self.trace, layer, position)
        chosen = strongest(self._sizes(heads.written), self.numbers.heads)
        begin = add_norm(self, state, self._sent(heads), half=KIND)
        nodes = self._add_heads(heads, chosen, begin)
        sources = self._add_outputs(heads, chosen, nodes)
        others = all_but(chosen, len(heads.paid))
        rest = heads.written[others].sum(0, keepdim=True)
        if (rest != 0).any():
            place = draft.add(NodeKind.OTHER_HEADS, layer, rest, counts=[int(others.sum())])
            draft.connect(begin, place, KIND, draft.amounts_at(place))
            sources.append((place, draft.amounts_at(place)))
        bias = attention_bias(self.trace, layer, self.weights)[position][None]
        if (bias != 0).any():
            place = draft.add(NodeKind.ATTENTION_BIAS, layer, bias)
            sources.append((place, draft.amounts_at(place)))
        attention = draft.add(NodeKind.ATTENTION, layer, self.trace.attention_out[layer, position][None])
        for place, amounts in sources:
            draft.connect(place, attention, KIND, amounts)
        return begin, attention

    def _sent(self, heads: LayerHeads) -> Amounts:
        """What passes through the norm in front; where the MLP shares it, what that sends as well."""
        sent = heads.written.sum(0, keepdim=True)
        if self.model.block_norms(self.layer).is_shared:
            sent = sent + sent_by_mlp(self)
        return amounts_of(sent, self.draft.direction)

    def _sizes(self, vectors: Float[Tensor, "some d_model"]) -> Float[Tensor, " some"]:
        """By what heads are chosen: attention only chooses keys."""
        amounts = amounts_of(vectors, self.draft.direction)
        return amounts.contribution.abs() if self.measure == "contribution" else amounts.norm

    def _add_heads(self, heads: LayerHeads, chosen: Int[Tensor, " chosen"], begin: Places) -> Places:
        """Queries, keys, values, what is left of each head, and the heads."""
        draft, layer = self.draft, self.layer
        rows, keys = _strongest_keys(
            heads.message_sizes(self.measure, draft.direction)[chosen], self.numbers.keys
        )
        vectors, paid = heads.messages(chosen[rows], keys), heads.paid[chosen[rows], keys]
        found = amounts_of(vectors, draft.direction)
        amounts = Amounts(found.contribution, found.norm, paid)
        queries, before = self._add_circuits(heads, chosen, begin, (rows, keys), amounts)
        values = draft.add(
            NodeKind.VALUE, layer, vectors, amounts=amounts, coefficients=paid, head=chosen[rows], key=keys
        )
        draft.connect(before, values, KIND, amounts)
        others = self._add_other_keys(heads, chosen, rows, vectors, paid)
        nodes = draft.add(NodeKind.HEAD, layer, heads.written[chosen], head=chosen)
        draft.connect(values, at_rows(nodes, rows), KIND, amounts)
        if others is not None:
            places, of_heads, left = others
            draft.connect(at_rows(queries, of_heads), places, KIND, left)
            draft.connect(places, at_rows(nodes, of_heads), KIND, left)
        return nodes

    def _add_circuits(
        self,
        heads: LayerHeads,
        chosen: Int[Tensor, " chosen"],
        begin: Places,
        messages: tuple[Int[Tensor, " message"], Int[Tensor, " message"]],
        amounts: Amounts,
    ) -> tuple[Places, Places]:
        """One place a head from which its messages are asked, and one a message where it is offered.

        Both are where reading begins, in models whose queries and keys cannot be read.
        """
        draft, layer, states = self.draft, self.layer, self.trace.resid_pre[self.layer]
        rows, keys = messages
        inputs = self.inputs
        if inputs is None:
            return begin.repeat(len(chosen)), begin.repeat(len(rows))
        written = amounts_of(heads.written[chosen], draft.direction)
        directions = directions_looked_for(inputs, states[draft.position], chosen).to(states)
        queries = draft.add(NodeKind.QUERY, layer, directions, amounts=written, head=chosen)
        draft.connect(begin, queries, KIND, written)
        directions = directions_looked_for_by(inputs, states, chosen[rows], keys).to(states)
        paid = amounts.attention
        offers = draft.add(
            NodeKind.KEY, layer, directions, amounts=amounts, coefficients=paid, head=chosen[rows], key=keys
        )
        draft.connect(at_rows(queries, rows), offers, KIND, amounts)
        return queries, offers

    def _add_other_keys(
        self,
        heads: LayerHeads,
        chosen: Int[Tensor, " chosen"],
        rows: Int[Tensor, " message"],
        vectors: Float[Tensor, "message d_model"],
        paid: Float[Tensor, " message"],
    ) -> tuple[Places, Int[Tensor, " left"], Amounts] | None:
        """The messages of each head that have no node, together; of heads that have such."""
        of_head = torch.zeros_like(heads.written[chosen]).index_add_(0, rows, vectors)
        attention = torch.zeros_like(heads.paid[chosen, 0]).index_add_(0, rows, paid)
        shown = torch.bincount(rows, minlength=len(chosen))
        counts = (heads.paid[chosen] > 0).sum(-1) - shown
        left = (counts > 0).nonzero()[:, 0]
        if len(left) == 0:
            return None
        rest = (heads.written[chosen] - of_head)[left]
        found = amounts_of(rest, self.draft.direction)
        unpaid = (heads.paid[chosen].sum(-1) - attention)[left].clamp(min=0)  # rounding may leave less
        amounts = Amounts(found.contribution, found.norm, unpaid)
        places = self.draft.add(
            NodeKind.OTHER_KEYS,
            self.layer,
            rest,
            amounts=amounts,
            coefficients=unpaid,
            counts=counts[left].tolist(),
            head=chosen[left],
        )
        return places, left, amounts

    def _add_outputs(
        self, heads: LayerHeads, chosen: Int[Tensor, " chosen"], nodes: Places
    ) -> list[tuple[Places, Amounts]]:
        """The strongest output neurons of the heads shown, and the others: what leads on to the sum."""
        draft, layer = self.draft, self.layer
        written = heads.written[chosen]
        sizes = heads.output_sizes(self.measure, draft.direction)[chosen]
        best = strongest(sizes.flatten(), self.numbers.outputs)
        if len(best) == 0:
            return [(nodes, amounts_of(written, draft.direction))]
        rows, dims = best // sizes.shape[1], best % sizes.shape[1]
        order = torch.argsort(rows, stable=True)  # those of one head next to each other
        rows, dims = rows[order], dims[order]
        of_head = chosen[rows]
        activations = heads.mixed[of_head, dims]
        vectors = heads.head_out[of_head, dims] * activations[:, None]
        places = draft.add(
            NodeKind.OUTPUT_NEURON, layer, vectors, coefficients=activations, head=of_head, neuron=dims
        )
        amounts = draft.amounts_at(places)
        draft.connect(at_rows(nodes, rows), places, KIND, amounts)
        left = written - torch.zeros_like(written).index_add_(0, rows, vectors)
        n_left = sizes.numel() - len(best)
        if n_left == 0:
            return [(places, amounts)]
        rest = draft.add(NodeKind.OTHER_OUTPUTS, layer, left.sum(0, keepdim=True), counts=[n_left])
        draft.connect(nodes, rest, KIND, amounts_of(left, draft.direction))
        return [(places, amounts), (rest, draft.amounts_at(rest))]


def _strongest_keys(
    sizes: Float[Tensor, "chosen key"], count: int
) -> tuple[Int[Tensor, " message"], Int[Tensor, " message"]]:
    """Rows and keys of each row's largest numbers, strongest first; none that are nothing."""
    order = sizes.sort(dim=-1, descending=True, stable=True).indices[:, :count]
    rows, columns = (sizes.gather(-1, order) > 0).nonzero(as_tuple=True)
    return rows, order[rows, columns]
