"""The singular directions of a head's circuits, each with its two ends read as tokens.

A circuit is a matrix of low rank from the stream to the stream: OV takes what a key's state holds to what is
written, QK pairs what a query's state asks with what a key's state offers. Its strongest directions are read
without ever building it: both factors are made orthogonal, and what is left is d_head times d_head.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.concepts.head_circuits import Circuit, readable_head
from llm_tt.concepts.single_threads import on_one_core
from llm_tt.errors import AttributionError
from llm_tt.lens.promotion import TokenChanges
from llm_tt.lens.token_products import (
    strongest_changes,
    token_divisors,
    token_products,
    weakest_changes,
)
from llm_tt.model.head_inputs import HeadInputs, VectorNorm
from llm_tt.model.language_model import LanguageModel


@dataclass(frozen=True, slots=True)
class SingularDirection:
    """One direction of a circuit. Tokens along its `from` end go with those along its `to` end.

    Against goes with against: the signs of both ends are free together, and chosen so that the token that
    stands out most on the `from` end lies along it.
    """

    strength: float
    """The singular value; of QK, with the scale of attention scores in it."""
    share_of_total: float
    """Of the sum of all squared singular values of this circuit."""
    from_tokens: TokenChanges
    """OV: the tokens that are read; QK: the queries. Products of unit direction and normed token."""
    to_tokens: TokenChanges
    """OV: the logits that are raised; QK: the keys."""
    from_against: TokenChanges
    """The tokens that lie most against the `from` end."""
    to_against: TokenChanges
    """What goes with them: logits that a token of `from_tokens` lowers; keys that it avoids."""


@on_one_core
@torch.no_grad()
def singular_directions(  # noqa: PLR0913 (which head, which side of it, and how much)
    model: LanguageModel, layer: int, head: int, circuit: Circuit, top: int = 10, n: int = 10
) -> tuple[SingularDirection, ...]:
    """The strongest directions of a head's circuit, strongest first.

    The bilinear part alone: no bias, no divisor of a norm of queries or keys, no cap of scores.

    Raises:
        AttributionError: there is no such circuit.
        CapabilityError: heads cannot be read from the weights of this model.
        TargetError: there is no such layer or head.
    """
    check_circuit(circuit)
    inputs = readable_head(model, layer, head)
    left, right = _factors(model, inputs, layer, head, circuit)
    from_ends, strengths, to_ends = _singular_values(left, right)
    shares = strengths.square() / strengths.square().sum().clamp(min=torch.finfo(strengths.dtype).tiny)
    from_numbers = token_products(model, from_ends[:n]) / token_divisors(model, inputs.norm)
    if circuit == "OV":
        to_numbers = model.read_part(to_ends[:n], 1.0)
    else:
        to_numbers = token_products(model, to_ends[:n]) / token_divisors(model, inputs.norm)
    return tuple(
        _direction(model, float(strength), float(share), from_end, to_end, top)
        for strength, share, from_end, to_end in zip(
            strengths[:n], shares[:n], from_numbers, to_numbers, strict=True
        )
    )


def check_circuit(circuit: str) -> None:
    """Refuse a circuit that heads do not have.

    Raises:
        AttributionError: there is no such circuit.
    """
    if circuit not in ("OV", "QK"):
        raise AttributionError(
            asked=f"Read the {circuit!r} circuit of a head.",
            found="The circuits are 'OV' and 'QK'.",
            remedy="Choose one of them.",
        )


def _factors(
    model: LanguageModel, inputs: HeadInputs, layer: int, head: int, circuit: Circuit
) -> tuple[Float[Tensor, "d_model d_head"], Float[Tensor, "d_model d_head"]]:
    if circuit == "OV":
        return inputs.value[head], model.layer_weights(layer).head_out[head].T
    query = _weighted(inputs.query[head], inputs.query_norm, head) * inputs.score_scale
    return query, _weighted(inputs.key[head], inputs.key_norm, head)


def _weighted(weight: Tensor, norm: VectorNorm | None, head: int) -> Tensor:
    return weight if norm is None else weight * norm.weight[head]


def _singular_values(left: Tensor, right: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of left @ right.T, as rows [direction d_model]."""
    left_basis, left_core = torch.linalg.qr(left)
    right_basis, right_core = torch.linalg.qr(right.to(left.device))
    from_core, strengths, to_core = torch.linalg.svd(left_core @ right_core.T, full_matrices=False)
    return (left_basis @ from_core).T, strengths, (right_basis @ to_core.T).T


def _direction(  # noqa: PLR0913 (a record's fields)
    model: LanguageModel, strength: float, share: float, from_numbers: Tensor, to_numbers: Tensor, top: int
) -> SingularDirection:
    if -from_numbers.min() > from_numbers.max():
        from_numbers, to_numbers = -from_numbers, -to_numbers
    return SingularDirection(
        strength,
        share,
        from_tokens=strongest_changes(model, from_numbers, top),
        to_tokens=strongest_changes(model, to_numbers, top),
        from_against=weakest_changes(model, from_numbers, top),
        to_against=weakest_changes(model, to_numbers, top),
    )
