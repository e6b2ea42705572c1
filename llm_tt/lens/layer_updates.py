"""What one layer writes at the target's position, part by part: its heads and its neurons."""

from dataclasses import dataclass
from typing import Literal

import torch
from einops import einsum
from jaxtyping import Float, Int
from torch import Tensor

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.messages import scaled_pattern
from llm_tt.attribution.method_list import WITHOUT_TARGET
from llm_tt.attribution.neurons import attribute_neurons
from llm_tt.attribution.target import Target, resolve_position
from llm_tt.errors import AttributionError
from llm_tt.lens.logit_summary import NUMBERS_AT_ONCE
from llm_tt.lens.target_direction import target_direction
from llm_tt.lens.token_ranking import check_lens, strongest_tokens
from llm_tt.lens.written import check_part
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part
from llm_tt.tracing.trace import ForwardTrace

Order = Literal["contribution", "share", "norm"]

ORDERS: dict[str, str] = {
    "contribution": "By what each changes in the target's logit directly, whatever the sign.",
    "share": "By each part's share of the state that it enters, as the flow graph weighs it.",
    "norm": "By the length of what each writes, as LM-Debugger does.",
}
"""Each order in one sentence; the first is the default."""


@dataclass(frozen=True, slots=True)
class Update:
    """What one head or neuron writes; of an MLP without single neurons, the whole. Plain values."""

    part: Part
    coefficient: float | None
    """A neuron's activation, with its sign; None for heads and whole MLPs."""
    contribution: float
    """To the target's logit minus its contrast's, with the final norm frozen."""
    share: float | None
    """Of the state that it enters; None where no shares were given."""
    norm: float
    """Length of the vector."""
    promoted: tuple[str, ...]
    """The tokens that the vector, as it is written, makes most likely."""
    suppressed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherUpdates:
    """All heads and neurons that have no row of their own."""

    n: int
    contribution: float
    """Their sum."""
    share: float | None
    """Their sum."""
    norm: float
    """Length of the sum of their vectors."""


@dataclass(frozen=True, slots=True)
class LayerUpdates:
    """One layer at one position; plain values, contributions in logits.

    `before`, the rows, `others` and both biases add up to `after`. The last layer's `after` and what a state
    of zeros predicts are the target's logit (or difference of logits) before any cap.
    """

    layer: int
    target: Target
    order: Order
    rows: tuple[Update, ...]
    others: OtherUpdates
    attention_bias: float
    """What attention adds that no head sent."""
    mlp_bias: float
    """What the MLP adds that no neuron sent."""
    before: float
    """What the state that enters the layer holds of the target."""
    after: float
    """What the state that leaves the layer holds of it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Candidates:
    """The heads of a layer, and behind them its neurons, or its MLP as the only one."""

    parts: list[Part]
    heads: Float[Tensor, "head d_model"]
    directions: Float[Tensor, "neuron d_model"]
    amounts: Float[Tensor, " neuron"]
    """What each direction is multiplied by."""
    activations: Float[Tensor, " neuron"] | None
    """None for a whole MLP."""

    def readings(self, direction: Float[Tensor, " d_model"]) -> Float[Tensor, " part"]:
        """What each vector holds of a direction."""
        return torch.cat([self.heads @ direction, self.directions @ direction * self.amounts])

    def norms(self) -> Float[Tensor, " part"]:
        """The length of each vector."""
        lengths: Tensor = torch.linalg.vector_norm(self.directions, dim=-1)
        return torch.cat([torch.linalg.vector_norm(self.heads, dim=-1), lengths * self.amounts.abs()])

    def vectors(self, places: Int[Tensor, " chosen"]) -> Float[Tensor, "chosen d_model"]:
        """What some of them write."""
        n_heads = len(self.heads)
        is_head = (places < n_heads)[:, None]
        heads = self.heads[places.clamp(max=n_heads - 1)]
        neurons = (places - n_heads).clamp(min=0)
        return torch.where(is_head, heads, self.directions[neurons] * self.amounts[neurons, None])

    def whole(self) -> Float[Tensor, " d_model"]:
        """What all of them write together."""
        return self.heads.sum(0) + self.amounts @ self.directions


@dataclass(frozen=True, slots=True, eq=False)
class _Measures:
    """One number for each candidate."""

    contributions: Float[Tensor, " part"]
    """In double precision: thousands are summed."""
    shares: Float[Tensor, " part"] | None
    norms: Float[Tensor, " part"]

    def strongest_first(self, order: Order) -> Int[Tensor, " part"]:
        """The candidates' places."""
        numbers = {"contribution": self.contributions.abs(), "share": self.shares, "norm": self.norms}[order]
        assert numbers is not None
        return numbers.sort(descending=True, stable=True).indices


@torch.no_grad()
def updates_of(  # noqa: PLR0913 (which layer, and how it is listed)
    model: LanguageModel,
    trace: ForwardTrace,
    layer: int,
    target: Target,
    *,
    order: Order = "contribution",
    shares: EdgeContributions | None = None,
    top: int = 10,
    n_tokens: int = 3,
) -> LayerUpdates:
    """The strongest heads and neurons of a layer at the target's position, and what is left.

    `shares`, of the method "ifr", fill the column of shares; the order "share" needs them.

    Raises:
        AttributionError: there is no such order, or the shares are missing or of another method.
        CapabilityError: the logit lens is switched off for this model.
        TargetError: there is no such layer, or the target lies outside the prompt.
    """
    check_lens(model)
    check_order(order, shares)
    position = resolve_position(trace, target.position)
    check_part(trace, Part("mlp", layer, position))
    direction = target_direction(model, trace, target)
    found = _candidates(model, trace, layer, position)
    weights = None if shares is None else _shares(model, trace, shares, layer, position)
    measures = _Measures(found.readings(direction).cpu().double(), weights, found.norms())
    places, n_heads = measures.strongest_first(order), len(found.heads)
    written = torch.stack([added[layer, position] for added in (trace.attention_out, trace.mlp_out)])
    attention, mlp = (written @ direction).tolist()
    return LayerUpdates(
        layer=layer,
        target=target,
        order=order,
        rows=_rows(model, found, measures, places[:top], float(trace.final_norm_scale[position]), n_tokens),
        others=_others(found, measures, places[:top], places[top:]),
        attention_bias=attention - float(measures.contributions[:n_heads].sum()),
        mlp_bias=mlp - float(measures.contributions[n_heads:].sum()),
        before=float(trace.resid_pre[layer, position] @ direction),
        after=float(trace.resid_post[layer, position] @ direction),
    )


def check_order(order: str, shares: EdgeContributions | None) -> None:
    """Refuse an order that there is not, or that lacks its shares.

    Raises:
        AttributionError: there is no such order, or the shares are missing or of another method.
    """
    if order not in ORDERS:
        raise AttributionError(
            asked=f"List a layer's parts in the order {order!r}.",
            found=f"The orders are {', '.join(ORDERS)}.",
            remedy="Choose one of them.",
        )
    if (order == "share" and shares is None) or (shares is not None and shares.method not in WITHOUT_TARGET):
        raise AttributionError(
            asked="List a layer's parts with their shares.",
            found="No shares were given." if shares is None else f"These belong to {shares.method!r}.",
            remedy='Give shares of flow routes: attribute(model, trace, "ifr").',
        )


def _candidates(model: LanguageModel, trace: ForwardTrace, layer: int, position: int) -> _Candidates:
    weights = model.layer_weights(layer)
    paid = scaled_pattern(trace, layer)[:, position, : position + 1]
    values = trace.layer_values(layer)[: position + 1]
    mixed = einsum(paid, values, "head key, key head d_head -> head d_head")
    heads = einsum(mixed, weights.head_out, "head d_head, head d_head d_model -> head d_model")
    parts = [Part("head", layer, position, head=head) for head in range(len(heads))]
    if trace.mlp_activations is None or weights.neuron_out is None:
        whole = trace.mlp_out[layer, position][None]
        return _Candidates([*parts, Part("mlp", layer, position)], heads, whole, whole.new_ones(1), None)
    activations = trace.mlp_activations[layer, position]
    parts += [Part("neuron", layer, position, neuron=neuron) for neuron in range(len(activations))]
    amounts = activations * trace.mlp_scale[layer, position]
    return _Candidates(parts, heads, weights.neuron_out, amounts, activations)


def _shares(
    model: LanguageModel, trace: ForwardTrace, shares: EdgeContributions, layer: int, position: int
) -> Float[Tensor, " part"]:
    heads = shares.heads_of_node(layer, position)
    if trace.mlp_activations is None:
        return torch.cat([heads, shares.mlp[layer, position][None]])
    neurons = attribute_neurons(model, trace, shares, layer=layer, position=position).neurons
    return torch.cat([heads, neurons])


def _rows(  # noqa: PLR0913 (which rows, and how they are read)
    model: LanguageModel,
    found: _Candidates,
    measures: _Measures,
    places: Int[Tensor, " row"],
    final_scale: float,
    n_tokens: int,
) -> tuple[Update, ...]:
    rows, n_heads = max(1, NUMBERS_AT_ONCE // model.dimensions.d_vocab), len(found.heads)
    promoted: list[tuple[str, ...]] = []
    suppressed: list[tuple[str, ...]] = []
    for some in torch.split(found.vectors(places), rows):
        changes = model.read_part(some, final_scale)
        for tokens, numbers in ((promoted, changes), (suppressed, -changes)):
            tokens += map(model.token_strings, strongest_tokens(numbers, n_tokens).tolist())
    return tuple(
        Update(
            part=found.parts[place],
            coefficient=float(found.activations[place - n_heads])
            if found.activations is not None and place >= n_heads
            else None,
            contribution=float(measures.contributions[place]),
            share=None if measures.shares is None else float(measures.shares[place]),
            norm=float(measures.norms[place]),
            promoted=promoted[row],
            suppressed=suppressed[row],
        )
        for row, place in enumerate(places.tolist())
    )


def _others(
    found: _Candidates, measures: _Measures, best: Int[Tensor, " row"], rest: Int[Tensor, " other"]
) -> OtherUpdates:
    shares = measures.shares
    return OtherUpdates(
        n=len(rest),
        contribution=float(measures.contributions[rest].sum()),
        share=None if shares is None else float(shares[rest].cpu().double().sum()),
        norm=float((found.whole() - found.vectors(best).sum(0)).norm()) if len(rest) else 0.0,
    )
