"""`build_index`: opens the index of a model's neurons, and builds what is missing of it.

Work goes block by block, and each finished block is kept, so that a build may be stopped, killed or run out
of room at any time and goes on from there. One process builds; others wait for it, and open what it made.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from llm_tt.concepts import database as databases
from llm_tt.concepts.block_reading import blocks_of, check_neurons, read_blocks
from llm_tt.concepts.database import Database
from llm_tt.concepts.directions import DirectionsInMemory
from llm_tt.concepts.folders import cache_folder
from llm_tt.concepts.index_errors import DamagedIndexError, disk_is_full, said_clearly
from llm_tt.concepts.index_files import Figures, IndexFiles
from llm_tt.concepts.index_identity import IndexIdentity
from llm_tt.concepts.index_opening import is_finished, open_finished, open_unfinished, put_aside
from llm_tt.concepts.neuron_block import ROWS_IN_BYTES
from llm_tt.concepts.neuron_index import NeuronIndex
from llm_tt.concepts.postings import write_postings
from llm_tt.concepts.vocabulary import Vocabulary
from llm_tt.errors import ConceptIndexError
from llm_tt.lens.token_products import all_strings
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress, silent, within

LOCK: Final = "build.lock"

LOOK_SECONDS: Final = 0.25
"""How often whoever waits looks how far the builder is."""

SHARE_OF_BLOCKS: Final = 0.95
"""Of the progress; the rest is sorting."""


@dataclass(frozen=True, slots=True)
class IndexCost:
    """What an index takes that is not there yet."""

    multiplications: int
    """Products of two numbers that are added up."""
    bytes_on_disk: int


def build_index(
    model: LanguageModel,
    folder: Path | None = None,
    *,
    in_memory: bool = False,
    progress: Progress = silent,
) -> NeuronIndex:
    """The index of a model's neurons: opened if it is there, built or finished if not.

    Args:
        model: Its weights are read; nothing is run.
        folder: Where indexes are kept, one folder a model; by default `cache_folder() / "indexes"`.
        in_memory: Read and write nothing: the index is gone with the object.
        progress: Told the finished share; what it raises stops the build, which can go on later.

    Raises:
        CapabilityError: single neurons or the logit lens are switched off for this model.
        ConceptIndexError: the folder cannot be written, or the disk is full.
    """
    check_neurons(model)
    identity, vocabulary = IndexIdentity.of(model), _vocabulary_of(model)
    progress = _never_back(progress)
    if in_memory:
        files = IndexFiles(identity, Database.in_memory(identity), DirectionsInMemory(identity), None)
        _write(model, files, vocabulary, progress)
        return _told(NeuronIndex(model, files, files.verified(), vocabulary), progress)
    place = _place_of(model, folder)
    try:
        finished = open_finished(place, identity)
    except ConceptIndexError:  # damaged, or another process is just putting it aside: looked at again below
        finished = None
    if finished is None:
        with said_clearly(place, identity.bytes_on_disk):
            place.mkdir(parents=True, exist_ok=True)
        with _one_builder(place, identity, progress):
            finished = _open_or_build(model, place, vocabulary, progress)
    return _told(NeuronIndex(model, *finished, vocabulary), progress)


def is_index_built(model: LanguageModel, folder: Path | None = None) -> bool:
    """Whether `build_index` would only have to open it. Quick: what is inside is not verified."""
    place, identity = _place_of(model, folder), IndexIdentity.of(model)
    if not (place / databases.FILE).is_file():
        return False
    try:
        database = Database.open_to_read(place, identity.bytes_on_disk)
        try:
            database.check_identity(identity)
            return is_finished(database)
        finally:
            database.close()
    except ConceptIndexError:
        return False


def index_cost(model: LanguageModel) -> IndexCost:
    """What building takes, so that a page can say how long it will be."""
    sizes, identity = model.dimensions, IndexIdentity.of(model)
    products = 2 * identity.n_neurons * sizes.d_model * sizes.d_vocab
    return IndexCost(products, identity.bytes_on_disk)


def _vocabulary_of(model: LanguageModel) -> Vocabulary:
    return Vocabulary(all_strings(model))


def _place_of(model: LanguageModel, folder: Path | None) -> Path:
    """The folder of this model's index.

    Raises:
        ConceptIndexError: no folder can have that name.
    """
    place = (cache_folder() / "indexes" if folder is None else folder) / model.fingerprint
    with said_clearly(place), suppress(FileNotFoundError, NotADirectoryError):
        try:
            os.lstat(place)
        except ValueError:  # a zero byte, half of a surrogate pair
            raise OSError(errno.EINVAL, "that can be no folder's name") from None
    return place


def _open_or_build(
    model: LanguageModel, place: Path, vocabulary: Vocabulary, progress: Progress
) -> tuple[IndexFiles, Figures]:
    """Under the lock: what another process finished meanwhile, or what this one makes."""
    identity = IndexIdentity.of(model)
    try:
        finished = open_finished(place, identity)
        files = None if finished else open_unfinished(place, identity)
    except DamagedIndexError:
        put_aside(place)
        finished, files = None, open_unfinished(place, identity)
    if finished is None:
        assert files is not None
        try:
            _write(model, files, vocabulary, progress)
            files.database.leave_one_file()
        finally:
            files.close()
        finished = open_finished(place, identity)
        assert finished is not None, "it was finished a moment ago"
    return finished


def _write(model: LanguageModel, files: IndexFiles, vocabulary: Vocabulary, progress: Progress) -> None:
    """Everything that is not there yet."""
    blocks = blocks_of(model.dimensions)
    done = files.finished()
    wanted = [block for block in blocks if not done.issuperset(block[::ROWS_IN_BYTES])]
    n_missing = sum(map(len, wanted))
    _check_room(files, n_missing / files.identity.n_neurons)
    reached = within(progress, 0.0, SHARE_OF_BLOCKS)
    for block, lists in read_blocks(model, wanted):
        files.write_block(block.start, lists)
        n_missing -= len(block)
        reached(1 - n_missing / files.identity.n_neurons)
    sorting = within(progress, SHARE_OF_BLOCKS, 1.0)
    with files.database.transaction():
        files.database.empty_what_is_sorted()
        for share in write_postings(files.database, files.identity, files.each_list):
            sorting(0.9 * share)
        vocabulary.write_parts(files.database)
    with files.database.transaction():  # only now the parts lie there as they will be found
        files.seal()


def _check_room(files: IndexFiles, share: float) -> None:
    """Say at the beginning what would only be found out at the end.

    Raises:
        ConceptIndexError: the disk has no room for what is missing.
    """
    if files.place is None:
        return
    with said_clearly(files.place):
        free = shutil.disk_usage(files.place).free
    if free < share * files.identity.bytes_on_disk:
        raise disk_is_full(files.place, files.identity.bytes_on_disk, free)


@contextmanager
def _one_builder(place: Path, identity: IndexIdentity, progress: Progress) -> Iterator[None]:
    """Wait until no other process builds here, telling how far that one is."""
    lock = FileLock(place / LOCK)
    with said_clearly(place, identity.bytes_on_disk):
        while True:
            try:
                lock.acquire(timeout=LOOK_SECONDS)
                break
            except Timeout:
                share = SHARE_OF_BLOCKS * _finished_share(place, identity)
            if share:
                progress(share)
    try:
        yield
    finally:
        lock.release()


def _finished_share(place: Path, identity: IndexIdentity) -> float:
    """Of the blocks of an index that another process is building."""
    try:
        database = Database.open_to_read(place, identity.bytes_on_disk)
        try:
            [(count,)] = database.rows("SELECT total(count) FROM blocks")
        finally:
            database.close()
    except ConceptIndexError:
        return 0.0
    return float(str(count)) / identity.n_neurons


def _never_back(progress: Progress) -> Progress:
    """Who waited may have seen more than what the next builder begins with."""
    if progress is silent:
        return silent
    furthest = 0.0

    def tell(share: float) -> None:
        nonlocal furthest
        furthest = max(furthest, share)
        progress(furthest)

    return tell


def _told(index: NeuronIndex, progress: Progress) -> NeuronIndex:
    progress(1.0)
    return index
