"""Who wrote a state: the strongest of the parts that enter its sum, and what is left."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.errors import TargetError
from llm_tt.tracing.part_limits import PartLimits
from llm_tt.tracing.parts import Part


@dataclass(frozen=True, slots=True)
class Writers:
    """Plain values; `weights`, `others` and `bias` add up to the whole sum: 1 for shares."""

    parts: tuple[Part, ...]
    """Messages, the residual, the MLP: strongest first, whatever their sign."""
    weights: tuple[float, ...]
    n_others: int
    others: float
    """All other parts together."""
    bias: float
    """What nobody sent."""


def writers_of(shares: EdgeContributions, part: Part, *, top: int = 10) -> Writers:
    """Everything that enters the sum of a state; nothing enters an embedding.

    Raises:
        TargetError: the part is no state, or lies outside the prompt or the model.
    """
    _check(shares, part)
    if part.stage == "embed":
        return Writers((), (), 0, 0.0, 0.0)
    layer, position = part.layer, part.position
    named: list[tuple[Part, Float[Tensor, ""]]] = [_residual(shares, part)]
    messages, bias = shares.attention.new_empty(0), shares.attention_bias
    if part.stage == "post":
        named.append((Part("mlp", layer, position), shares.mlp[layer, position]))
    if part.stage == "mid" or shares.has_parallel_blocks:
        messages = shares.attention[layer, :, position, : position + 1].flatten()
    elif shares.mlp_bias is not None:
        bias = shares.mlp_bias
    weights = torch.cat([torch.stack([weight for _, weight in named]), messages])
    order = weights.abs().sort(descending=True, stable=True).indices
    best = order[:top].tolist()
    return Writers(
        parts=tuple(
            named[place][0] if place < len(named) else _message(part, place - len(named)) for place in best
        ),
        weights=tuple(weights[best].tolist()),
        n_others=len(weights) - len(best),
        others=float(weights[order[top:]].double().sum()),
        bias=float(bias[layer, position]),
    )


def _residual(shares: EdgeContributions, part: Part) -> tuple[Part, Float[Tensor, ""]]:
    weights = shares.attention_residual
    if part.stage == "post" and shares.mlp_residual is not None:
        weights = shares.mlp_residual
    edge = Part("residual", part.layer, part.position, stage=part.stage)
    return edge, weights[part.layer, part.position]


def _message(part: Part, place: int) -> Part:
    """The messages stand in the order of heads, and within a head of keys."""
    head, key = divmod(place, part.position + 1)
    return Part("message", part.layer, part.position, key=key, head=head)


def _check(shares: EdgeContributions, part: Part) -> None:
    if part.kind != "state":
        raise TargetError(
            asked=f"Find what wrote {part}.",
            found="That is an edge or a component, and only states are sums.",
            remedy="Names of states look like embed@4, L2.mid@4 or L2.post@4.",
        )
    n_layers, n_heads, n_positions, _ = shares.attention.shape
    PartLimits(n_layers, n_heads, n_positions, None, not shares.has_parallel_blocks).check(part)
