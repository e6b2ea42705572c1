"""Contributions of models that do not exist: random, of any shape, with parts that add up."""

from dataclasses import replace

import torch
from torch import Tensor

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.target import Target, TargetGradients
from llm_tt.model.prompt import Prompt

# (layers, heads, positions, parallel blocks)
SHAPES = [
    (1, 1, 1, False),
    (1, 1, 2, False),
    (2, 3, 4, False),
    (3, 4, 7, False),
    (2, 2, 5, True),
    (3, 1, 6, True),
]


def random_shares(  # noqa: PLR0913 (the shape of a model)
    n_layers: int,
    n_heads: int,
    n_positions: int,
    parallel: bool = False,
    *,
    seed: int = 0,
    dtype: torch.dtype = torch.float64,
) -> EdgeContributions:
    """Unsigned: the parts of each sum, bias included, add up to one. Some parts are exactly 0."""
    generator = torch.Generator().manual_seed(seed)

    def parts(*shape: int) -> Tensor:
        values = torch.rand(*shape, generator=generator, dtype=dtype) ** 3
        return values * (torch.rand(*shape, generator=generator) > 0.1)

    attention = parts(n_layers, n_heads, n_positions, n_positions).tril()
    residual, mlp, mlp_residual = (parts(n_layers, n_positions) for _ in range(3))
    bias, mlp_bias = (parts(n_layers, n_positions) + 0.01 for _ in range(2))  # so that no sum is 0
    first = attention.sum((1, 3)) + residual + bias + (mlp if parallel else 0)
    second = first if parallel else mlp + mlp_residual + mlp_bias
    text = "".join(chr(ord("a") + position % 26) for position in range(n_positions))
    return EdgeContributions(
        prompt=Prompt(text, tuple(range(n_positions)), tuple(text)),
        method="ifr",
        attention=attention / first[:, None, :, None],
        attention_residual=residual / first,
        attention_bias=bias / first,
        mlp=mlp / second,
        mlp_residual=None if parallel else mlp_residual / second,
        mlp_bias=None if parallel else mlp_bias / second,
        target=None,
        gradients=None,
    )


def signed(shares: EdgeContributions, position: int = -1, seed: int = 0) -> EdgeContributions:
    """The same sizes, with random signs and a target."""
    generator = torch.Generator().manual_seed(seed)
    n_layers, n_positions = shares.mlp.shape

    def with_signs(part: Tensor) -> Tensor:
        return part * (torch.randint(0, 2, part.shape, generator=generator) * 2 - 1)

    state = torch.zeros(n_layers, n_positions, 2)
    return replace(
        _each_part(shares, with_signs),
        method="relp",
        target=Target(position % n_positions, 0, None, "logit"),
        gradients=TargetGradients(state, None if shares.has_parallel_blocks else state, state),
    )


def rounded(shares: EdgeContributions, decimals: int = 1) -> EdgeContributions:
    """Full of ties, and of zeros."""
    return _each_part(shares, lambda part: part.round(decimals=decimals))


def _each_part(shares: EdgeContributions, change) -> EdgeContributions:
    names = ("attention", "attention_residual", "attention_bias", "mlp", "mlp_residual", "mlp_bias")
    parts = {name: getattr(shares, name) for name in names}
    return replace(shares, **{name: change(part) for name, part in parts.items() if part is not None})


def by_hand() -> EdgeContributions:
    """Two tokens, one layer, one head.

    L0.mid@0 <- 0.2 by the head from itself, 0.7 residual; L0.mid@1 <- 0.5 by the head from 0, 0.1 from
    itself, 0.3 residual; L0.post@0 <- 0.6 MLP, 0.3 residual; L0.post@1 <- 0.4 MLP, 0.2 residual.
    """
    float64 = torch.float64
    return EdgeContributions(
        prompt=Prompt("ab", (0, 1), ("a", "b")),
        method="ifr",
        attention=torch.tensor([[[[0.2, 0.0], [0.5, 0.1]]]], dtype=float64),
        attention_residual=torch.tensor([[0.7, 0.3]], dtype=float64),
        attention_bias=torch.tensor([[0.1, 0.1]], dtype=float64),
        mlp=torch.tensor([[0.6, 0.4]], dtype=float64),
        mlp_residual=torch.tensor([[0.3, 0.2]], dtype=float64),
        mlp_bias=torch.tensor([[0.1, 0.4]], dtype=float64),
        target=None,
        gradients=None,
    )
