"""A model's neurons, read from their weights block by block."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from jaxtyping import Float, Float16, Float32
from torch import Tensor

from llm_tt.concepts.index_blocks import LARGEST_HALF, Block
from llm_tt.concepts.index_store import IndexShape
from llm_tt.concepts.neuron_products import Strongest, TokenProducts
from llm_tt.errors import CapabilityError
from llm_tt.model.check_up import Capability
from llm_tt.model.language_model import LanguageModel

TOP: Final = 50
"""Tokens that are kept of each list."""

NEURONS_AT_ONCE: Final = 128
"""A kill loses no more than so many."""


def shape_of(model: LanguageModel) -> IndexShape:
    """What an index of this model is of.

    Raises:
        CapabilityError: its neurons, or what they write, cannot be read.
    """
    sizes = model.dimensions
    for capability in (Capability.NEURONS, Capability.LENS):
        if not model.self_test.has(capability):
            raise CapabilityError(
                asked=f"Read the neurons of {model.spec.source}.",
                found=f"Switched off for this model: {capability.value}.",
                remedy="Heads, MLPs and states can be read.",
            )
    return IndexShape(
        model.fingerprint, sizes.n_layers, sizes.d_mlp, sizes.d_model, sizes.d_vocab, min(TOP, sizes.d_vocab)
    )


def firsts_of(shape: IndexShape) -> list[int]:
    """Where blocks begin; none reaches over two layers."""
    return [
        layer * shape.d_mlp + start
        for layer in range(shape.n_layers)
        for start in range(0, shape.d_mlp, NEURONS_AT_ONCE)
    ]


def output_directions(model: LanguageModel, layer: int) -> Float[Tensor, "d_mlp d_model"]:
    """What each neuron of a layer writes, at length one; zero stays zero."""
    written = model.layer_weights(layer).neuron_out
    assert written is not None
    return _unit(written).directions


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    directions: Float[Tensor, "neuron d_model"]
    norms: Float[Tensor, " neuron"]


class NeuronReader:
    """Makes blocks; the vectors of all tokens are prepared once."""

    def __init__(self, model: LanguageModel, shape: IndexShape) -> None:
        self._model = model
        self._shape = shape
        self._written = TokenProducts(_unembedding(model))
        self._read = TokenProducts(model.embedding())

    @torch.no_grad()
    def block(self, first: int) -> Block:
        """The neurons from a number on, up to the next block."""
        layer, start = divmod(first, self._shape.d_mlp)
        inside = slice(start, min(start + NEURONS_AT_ONCE, self._shape.d_mlp))
        written, read = self._model.layer_weights(layer).neuron_out, self._model.neuron_inputs(layer)
        assert written is not None
        assert read is not None
        both = [(self._written, _unit(written[inside])), (self._read, _unit(read.activated[inside]))]
        lists = [products.strongest(unit.directions, self._shape.top) for products, unit in both]
        return Block(
            first,
            np.stack([ids for strongest in lists for ids in (strongest.most, strongest.least)], axis=1),
            np.stack([half for strongest in lists for half in _halves(strongest)], axis=1),
            np.stack([unit.norms.numpy() for _, unit in both], axis=1),
            np.stack([products.spread(unit.directions).numpy() for products, unit in both], axis=1),
        )


@torch.no_grad()
def directions_in_half(model: LanguageModel) -> Iterator[Float16[np.ndarray, "d_mlp d_model"]]:
    """The output directions of all neurons at length one, layer by layer."""
    for layer in range(model.dimensions.n_layers):
        yield output_directions(model, layer).to("cpu", torch.float16).numpy()


@torch.no_grad()
def _unembedding(model: LanguageModel) -> Float[Tensor, "token d_model"]:
    """What each token's logit reads from a last state, the final norm's weight and mean folded in."""
    d_model = model.dimensions.d_model
    basis = torch.eye(d_model, dtype=model.compute_dtype, device=model.device)
    tokens = torch.empty(model.dimensions.d_vocab, d_model)
    rows = 128
    for start in range(0, d_model, rows):
        tokens[:, start : start + rows] = model.read_part(basis[start : start + rows], 1.0).T.float()
    return tokens


def _unit(directions: Float[Tensor, "neuron d_model"]) -> _Unit:
    own = directions.to("cpu", torch.float32)
    norms = own.norm(dim=-1)
    return _Unit(own / norms.clamp(min=torch.finfo(torch.float32).tiny)[:, None], norms)


def _halves(strongest: Strongest) -> tuple[np.ndarray, np.ndarray]:
    return _half(strongest.most_products), _half(strongest.least_products)


def _half(products: Float32[np.ndarray, "neuron top"]) -> Float16[np.ndarray, "neuron top"]:
    halves: np.ndarray = np.clip(products, -LARGEST_HALF, LARGEST_HALF).astype(np.float16)
    return halves
