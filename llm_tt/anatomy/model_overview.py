"""The whole model at one position: what every head and every MLP of every layer adds to the target.

found = model_overview(model, trace, target)
found.contributions[2, found.column("H1")]       # logits, by head 1 of layer 2
found.embedding + found.contributions.sum() + found.constant     # the target's logit, before any cap
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.anatomy.layer_heads import LayerHeads
from llm_tt.attribution.messages import attention_bias, mlp_bias
from llm_tt.attribution.target import Target
from llm_tt.lens.logit_summary import NUMBERS_AT_ONCE
from llm_tt.lens.target_direction import target_constant, target_direction
from llm_tt.lens.token_ranking import strongest_tokens
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part
from llm_tt.tracing.trace import ForwardTrace

Cell = tuple[int, int]
"""Layer and column."""


@dataclass(frozen=True, slots=True)
class CellTokens:
    """A vector read as tokens, strongest first, as it is written: its sign is in it."""

    promoted: tuple[str, ...]
    suppressed: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ModelOverview:
    """One row a layer; its columns are the heads, then the attention bias, then the MLP. Plain values.

    The embedding, all contributions and the constant add up to the target's logit (or the difference of
    two) before any cap.
    """

    target: Target
    contributions: Float[np.ndarray, "layer column"]
    """To the target's logit minus its contrast's, with the final norm frozen; in logits."""
    norms: Float[np.ndarray, "layer column"]
    """Of the vectors that are written."""
    mlp_bias: Float[np.ndarray, " layer"]
    """Of what the MLP adds, what no neuron sent; the MLP's own contribution has it in it."""
    mlp_bias_norms: Float[np.ndarray, " layer"]
    embedding: float
    """What the embedding holds of the target."""
    constant: float
    """What a state of zeros predicts of it: biases of the final norm and of the unembedding."""
    tokens: Mapping[Cell, CellTokens]
    """Of the cells that contribute most, whatever their sign."""

    @property
    def n_layers(self) -> int:
        """How many rows there are."""
        return len(self.contributions)

    @property
    def n_heads(self) -> int:
        """How many heads a layer has: the first columns."""
        return int(self.contributions.shape[1]) - 2

    @property
    def columns(self) -> tuple[str, ...]:
        """What the columns are called."""
        return (*(f"H{head}" for head in range(self.n_heads)), "bias", "MLP")

    def column(self, name: str) -> int:
        """The place of a column."""
        return self.columns.index(name)

    @property
    def whole(self) -> float:
        """The target's logit, or the difference of two, before any cap."""
        return self.embedding + float(self.contributions.sum()) + self.constant

    def part(self, layer: int, column: int) -> Part:
        """The part of a cell; of an attention bias, which has no name of its own, the state it goes into."""
        position = self.target.position
        if column < self.n_heads:
            return Part("head", layer, position, head=column)
        if self.columns[column] == "MLP":
            return Part("mlp", layer, position)
        return Part("state", layer, position, stage="post")


@torch.no_grad()
def model_overview(
    model: LanguageModel, trace: ForwardTrace, target: Target, *, n_read: int = 48, top: int = 3
) -> ModelOverview:
    """Weigh what every head and MLP writes at the target's position, and read the strongest as tokens.

    Args:
        model: Whose weights these are.
        trace: Its pass, edited or not.
        target: What is explained, and where.
        n_read: How many cells are read as tokens.
        top: How many tokens are named for each, promoted and suppressed.

    Raises:
        CapabilityError: the logit lens is switched off for this model.
        TargetError: the target lies outside the prompt.
    """
    direction = target_direction(model, trace, target)
    position = target.position
    contributions, norms, biases, bias_norms = _weighed(model, trace, position, direction)
    embedding = trace.stream[0, position]
    return ModelOverview(
        target=target,
        contributions=contributions,
        norms=norms,
        mlp_bias=biases,
        mlp_bias_norms=bias_norms,
        embedding=float(embedding @ direction),
        constant=target_constant(model, target),
        tokens=_read(model, trace, position, _strongest(contributions, n_read), top),
    )


def _written(
    model: LanguageModel, trace: ForwardTrace, layer: int, position: int
) -> tuple[Float[Tensor, "column d_model"], Float[Tensor, " d_model"]]:
    """The vectors of one layer's cells, and the bias of its MLP."""
    weights = model.layer_weights(layer)
    heads = LayerHeads.of(weights, trace, layer, position).written
    bias = attention_bias(trace, layer, weights)[position]
    rows = torch.cat([heads, bias[None], trace.mlp_out[layer, position][None]])
    return rows, mlp_bias(trace, layer, weights)[position]


def _weighed(
    model: LanguageModel, trace: ForwardTrace, position: int, direction: Float[Tensor, " d_model"]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What cells and biases of MLPs hold of the direction, and how long they are; one layer at a time."""
    products, norms = [], []
    for layer in range(trace.n_layers):
        rows, bias = _written(model, trace, layer, position)
        vectors = torch.cat([rows, bias[None]])
        products.append(vectors @ direction)
        norms.append(torch.linalg.vector_norm(vectors, dim=-1))
    held, long = (torch.stack(numbers).cpu().double().numpy() for numbers in (products, norms))
    return held[:, :-1], long[:, :-1], held[:, -1], long[:, -1]


def _strongest(contributions: Float[np.ndarray, "layer column"], n_cells: int) -> list[Cell]:
    """The cells with the largest contributions; one of nothing at all is not worth reading."""
    n_columns = contributions.shape[1]
    sizes = np.abs(contributions).ravel()
    best = np.argsort(-sizes, kind="stable")[:n_cells]
    return [divmod(int(place), n_columns) for place in best if sizes[place] > 0]


def _read(
    model: LanguageModel, trace: ForwardTrace, position: int, cells: list[Cell], top: int
) -> dict[Cell, CellTokens]:
    """The tokens of some cells; vectors are made anew, because all of them at once could be many."""
    scale, rows = float(trace.final_norm_scale[position]), max(1, NUMBERS_AT_ONCE // model.dimensions.d_vocab)
    wanted = sorted(cells)
    vectors: list[Tensor] = []
    for layer in sorted({layer for layer, _ in wanted}):
        written, _ = _written(model, trace, layer, position)
        vectors += [written[column] for of, column in wanted if of == layer]
    found: dict[Cell, CellTokens] = {}
    for start in range(0, len(wanted), rows):
        changes = model.read_part(torch.stack(vectors[start : start + rows]), scale)
        ends = [strongest_tokens(numbers, top).tolist() for numbers in (changes, -changes)]
        for cell, promoted, suppressed in zip(wanted[start : start + rows], *ends, strict=True):
            found[cell] = CellTokens(model.token_strings(promoted), model.token_strings(suppressed))
    return found
