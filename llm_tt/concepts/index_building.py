"""Building an index: block by block, to be gone on with after a stop, by one program at a time."""

import os
import sqlite3
import time

import numpy as np
from filelock import Timeout

from llm_tt.concepts.index_blocks import checksum
from llm_tt.concepts.index_folder import WAITING_SECONDS, IndexFolder, checksum_of, write_directions
from llm_tt.concepts.index_store import DamagedIndexError, IndexShape, IndexStore
from llm_tt.concepts.neuron_blocks import NeuronReader, directions_in_half, firsts_of
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress

SHARE_OF_BLOCKS = 0.95
"""Of the whole work; the rest is ordering what was read."""


def opened(folder: IndexFolder, shape: IndexShape) -> tuple[IndexStore, np.ndarray] | None:
    """A complete index, checked; None where there is none that can be trusted."""
    store = None
    try:
        store = IndexStore.open(folder.database, shape, to_read=True)
        expected = store.checksum_of_directions
        if expected and checksum_of(folder.directions) == expected:
            directions = np.load(folder.directions, mmap_mode="r", allow_pickle=False)
            if directions.shape == (shape.n_neurons, shape.d_model) and directions.dtype == np.float16:
                return store, directions
    except (DamagedIndexError, OSError, ValueError, sqlite3.Error):
        pass
    if store is not None:
        store.close()
    return None


def is_complete(folder: IndexFolder, shape: IndexShape) -> bool:
    """Whether there seems to be a complete one; it is checked when it is opened."""
    try:
        store = IndexStore.open(folder.database, shape, to_read=True)
    except (DamagedIndexError, sqlite3.Error, OSError):
        return False
    try:
        return bool(store.checksum_of_directions) and folder.directions.is_file()
    except sqlite3.Error:
        return False
    finally:
        store.close()


def build_in_folder(
    model: LanguageModel, folder: IndexFolder, shape: IndexShape, progress: Progress
) -> tuple[IndexStore, np.ndarray]:
    """Build what is missing, or wait until another program has built it.

    Raises:
        ConceptIndexError: the folder cannot be written.
    """
    while True:
        found = opened(folder, shape)
        if found is not None:
            progress(1.0)
            return found
        folder.make()
        with folder.said():
            lock = folder.lock()
            try:
                lock.acquire(timeout=0)
            except Timeout:
                _wait(folder, shape, progress)
                continue
            try:
                if opened(folder, shape) is None:
                    _build(model, folder, shape, progress)
            finally:
                lock.release()


def build_in_memory(
    model: LanguageModel, shape: IndexShape, progress: Progress
) -> tuple[IndexStore, np.ndarray]:
    """The same without a file."""
    store = IndexStore.make(None, shape)
    _write_blocks(model, store, progress)
    store.finish(_token_strings(model), checksum(b"memory").hex())
    directions = np.concatenate(list(directions_in_half(model)))
    progress(1.0)
    return store, directions


def _build(model: LanguageModel, folder: IndexFolder, shape: IndexShape, progress: Progress) -> None:
    store = _begun(folder, shape)
    try:
        _write_blocks(model, store, progress)
        size = (shape.n_neurons, shape.d_model)
        written = write_directions(folder.directions, size, directions_in_half(model))
        try:
            store.finish(_token_strings(model), written)
        except DamagedIndexError:
            store.close()
            folder.remove()
            message = "what was read before a stop is damaged; ask again, and it is read anew"
            raise OSError(message) from None
    finally:
        store.close()


def _begun(folder: IndexFolder, shape: IndexShape) -> IndexStore:
    """What an earlier builder left, where it can be trusted; else a new one."""
    try:
        store = IndexStore.open(folder.database, shape, to_read=False)
    except (DamagedIndexError, sqlite3.DatabaseError) as problem:
        if isinstance(problem, sqlite3.OperationalError) and not os.access(folder.path, os.W_OK):
            raise
        folder.remove()
        return IndexStore.make(folder.database, shape)
    if not store.checksum_of_directions and _is_whole(store):
        return store
    store.close()  # it called itself complete, and could not be opened so
    folder.remove()
    return IndexStore.make(folder.database, shape)


def _is_whole(store: IndexStore) -> bool:
    try:
        return all(True for _ in store.blocks())
    except (DamagedIndexError, ValueError):
        return False


def _write_blocks(model: LanguageModel, store: IndexStore, progress: Progress) -> None:
    firsts = firsts_of(store.shape)
    missing = sorted(set(firsts) - store.firsts())
    if not missing:
        return
    reader = NeuronReader(model, store.shape)
    for place, first in enumerate(missing, len(firsts) - len(missing)):
        progress(max(SHARE_OF_BLOCKS * place / len(firsts), 1e-3))
        store.write_block(reader.block(first))
    progress(SHARE_OF_BLOCKS)


def _wait(folder: IndexFolder, shape: IndexShape, progress: Progress) -> None:
    """Until another builder is ready or gone: its blocks are its progress."""
    try:
        store = IndexStore.open(folder.database, shape, to_read=True)
        try:
            share = store.n_done() / max(shape.n_neurons, 1)
        finally:
            store.close()
        progress(max(SHARE_OF_BLOCKS * share, 1e-3))
    except (DamagedIndexError, sqlite3.Error, OSError):  # it has not begun yet
        progress(1e-3)
    time.sleep(WAITING_SECONDS)


def _token_strings(model: LanguageModel) -> tuple[str, ...]:
    return model.token_strings(range(model.dimensions.d_vocab))
