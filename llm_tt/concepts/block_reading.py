"""Reads a model's neurons block by block: directions, and the tokens that lie along them."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from llm_tt.concepts.neuron_block import ROWS_IN_BYTES, NeuronBlock
from llm_tt.concepts.selection import TokenReader
from llm_tt.concepts.sides import STRONGEST
from llm_tt.concepts.token_matrices import embedding_matrix, unembedding_matrix
from llm_tt.errors import CapabilityError
from llm_tt.lens.token_ranking import check_lens
from llm_tt.model.check_up import Capability
from llm_tt.model.dimensions import ModelDimensions
from llm_tt.model.language_model import LanguageModel

NUMBERS_AT_ONCE: Final = 1 << 25
"""Products that are held at once: 128 MiB in single precision."""

MOST_ROWS: Final = 512

LARGEST_STRENGTH: Final = float(np.finfo(np.float16).max)


def check_neurons(model: LanguageModel) -> None:
    """Refuse models whose neurons cannot be read as tokens.

    Raises:
        CapabilityError: single neurons or the logit lens are switched off for this model.
    """
    check_lens(model)
    if not model.self_test.has(Capability.NEURONS):
        raise CapabilityError(
            asked="Search the neurons.",
            found=f"Single neurons are not available for {model.spec.source}: its MLP is no sum of them.",
            remedy="Choose a model with plain or gated MLPs; heads can be read in this one too.",
        )


def blocks_of(sizes: ModelDimensions) -> list[range]:
    """All neurons by their ids, in blocks of one layer each; the same for equal sizes."""
    rows = max(1, min(MOST_ROWS, NUMBERS_AT_ONCE // sizes.d_vocab) // ROWS_IN_BYTES) * ROWS_IN_BYTES
    return [
        range(start + first, start + min(first + rows, sizes.d_mlp))
        for start in range(0, sizes.n_layers * sizes.d_mlp, sizes.d_mlp)
        for first in range(0, sizes.d_mlp, rows)
    ]


@torch.no_grad()
def read_blocks(model: LanguageModel, wanted: list[range]) -> Iterator[tuple[range, NeuronBlock]]:
    """The wanted blocks, one after the other; the matrices of tokens are prepared once."""
    if not wanted:
        return
    rank = min(STRONGEST, model.dimensions.d_vocab)
    matrices = (unembedding_matrix(model), embedding_matrix(model))
    readers = [TokenReader(matrix) for matrix in matrices]
    width = model.dimensions.d_mlp
    for layer, blocks in groupby(wanted, lambda block: block.start // width):
        weights = _weights(model, layer)
        for block in blocks:
            rows = slice(block.start - layer * width, block.stop - layer * width)
            lists = []
            for weight, matrix, reader in zip(weights, matrices, readers, strict=True):
                units, norms = unit_rows(weight[rows].to(model.device, torch.float32))
                ids, strengths = reader.both_ends(units, rank)
                lists.append((units, norms, ids, strengths, matrix.spreads(units)))
            yield block, _as_block(lists)


def unit_rows(
    rows: Float[Tensor, "row d_model"],
) -> tuple[Float[Tensor, "row d_model"], Float[Tensor, " row"]]:
    """Rows of length one and their lengths; a row of zeros stays one."""
    largest = rows.abs().amax(-1, keepdim=True)
    largest = torch.where(largest > 0, largest, 1.0)  # taken out first: squares of tiny numbers would be zero
    shares = rows / largest
    lengths = torch.linalg.vector_norm(shares, dim=-1, keepdim=True)
    return shares / torch.where(lengths > 0, lengths, 1.0), (lengths * largest)[:, 0]


def _weights(model: LanguageModel, layer: int) -> tuple[Tensor, Tensor]:
    written, read = model.layer_weights(layer).neuron_out, model.neuron_inputs(layer)
    assert written is not None, "neurons were checked"
    assert read is not None, "neurons were checked"
    return written, read.activated


def _as_block(lists: list[tuple[Tensor, Tensor, Tensor, Tensor, Tensor]]) -> NeuronBlock:
    (units, *_), _ = lists
    _, norms, ids, strengths, spreads = zip(*lists, strict=True)
    return NeuronBlock(
        token_ids=torch.cat(ids, dim=1).int().cpu().numpy(),
        strengths=torch.cat(strengths, dim=1).clamp(-LARGEST_STRENGTH, LARGEST_STRENGTH).half().cpu().numpy(),
        norms=torch.stack(norms, dim=1).cpu().numpy(),
        spreads=torch.stack(spreads, dim=1).cpu().numpy(),
        directions=units.half().cpu().numpy(),
    )
