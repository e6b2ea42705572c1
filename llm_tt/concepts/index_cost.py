"""What it takes to index a model's neurons, before anything is done."""

from dataclasses import dataclass

from llm_tt.concepts.index_blocks import N_READINGS, N_SIDES, POSTING
from llm_tt.concepts.neuron_blocks import TOP
from llm_tt.model.language_model import LanguageModel


@dataclass(frozen=True, slots=True)
class IndexCost:
    """Plain numbers, for a sentence."""

    multiplications: int
    bytes_on_disk: int


def index_cost(model: LanguageModel) -> IndexCost:
    """From the model's sizes alone."""
    sizes = model.dimensions
    n_neurons = sizes.n_layers * sizes.d_mlp
    listed = n_neurons * N_SIDES * min(TOP, sizes.d_vocab)
    return IndexCost(
        multiplications=N_READINGS * n_neurons * sizes.d_model * sizes.d_vocab,
        bytes_on_disk=listed * (4 + 2 + POSTING.itemsize)
        + 2 * n_neurons * sizes.d_model
        + 100 * sizes.d_vocab,
    )
