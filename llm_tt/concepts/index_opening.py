"""Opening the index of a model's neurons, and building it where it is not there yet."""

from pathlib import Path

from llm_tt.concepts.index_building import build_in_folder, build_in_memory, is_complete
from llm_tt.concepts.index_folder import IndexFolder
from llm_tt.concepts.neuron_blocks import shape_of
from llm_tt.concepts.neuron_index import NeuronIndex
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress, silent


def build_index(
    model: LanguageModel,
    folder: Path | None = None,
    *,
    in_memory: bool = False,
    progress: Progress = silent,
) -> NeuronIndex:
    """Open the index of a model; what is missing of it is built first.

    `folder` takes the place of the person's cache. One program builds at a time, others wait for it; after a
    stop or a kill the next one goes on. With `in_memory` nothing is read or written on the disk.

    Raises:
        CapabilityError: this model's neurons cannot be read.
        ConceptIndexError: the folder cannot be written, or the disk is full.
    """
    shape = shape_of(model)

    def split(text: str) -> tuple[str, ...]:
        return model.tokenize(text).token_strings

    if in_memory:
        return NeuronIndex(*build_in_memory(model, shape, progress), split)
    place = IndexFolder.of(shape.fingerprint, folder)
    return NeuronIndex(*build_in_folder(model, place, shape, progress), split, place)


def is_index_built(model: LanguageModel, folder: Path | None = None) -> bool:
    """Whether the index of a model is there, by a quick look.

    Raises:
        CapabilityError: this model's neurons cannot be read.
    """
    shape = shape_of(model)
    return is_complete(IndexFolder.of(shape.fingerprint, folder), shape)
