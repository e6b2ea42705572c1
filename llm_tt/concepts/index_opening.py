"""Opens the files of an index, and puts aside what cannot be trusted."""

import shutil
from pathlib import Path
from typing import Final

from llm_tt.concepts import database as databases
from llm_tt.concepts import directions as direction_files
from llm_tt.concepts.database import Database
from llm_tt.concepts.directions import DirectionsFile
from llm_tt.concepts.index_errors import damaged, said_clearly
from llm_tt.concepts.index_files import Figures, IndexFiles
from llm_tt.concepts.index_identity import IndexIdentity

ASIDE: Final = "damaged"
"""Folder inside an index's own, for the last files that could not be trusted."""

_LEFT_BY_THE_DATABASE: Final = ("-wal", "-shm", "-journal")


def open_finished(place: Path, identity: IndexIdentity) -> tuple[IndexFiles, Figures] | None:
    """The finished index of this folder, all of it verified; None if there is none, or it is not finished.

    Raises:
        ConceptIndexError: it cannot be opened.
        DamagedIndexError: it cannot be trusted.
    """
    path = place / databases.FILE
    if not path.is_symlink() and not path.exists():
        return None
    if path.is_symlink() or not path.is_file():  # what a link leads to is somebody else's to write
        raise damaged(place, "A folder, a link or a device stands in place of the database.")
    database = Database.open_to_read(place, identity.bytes_on_disk)
    try:
        if not is_finished(database):
            database.close()
            return None
        database.check_identity(identity)
        files = IndexFiles(identity, database, DirectionsFile(place, identity), place)
        return files, files.verified()
    except BaseException:
        database.close()
        raise


def open_unfinished(place: Path, identity: IndexIdentity) -> IndexFiles:
    """The files of this folder to be written on, made if they are not there.

    Raises:
        ConceptIndexError: they cannot be written, or the disk is full.
        DamagedIndexError: what is there belongs to another model, or is broken.
    """
    database = Database.open_to_write(place, identity)
    try:
        directions = DirectionsFile(place, identity)
        directions.make()
    except BaseException:
        database.close()
        raise
    return IndexFiles(identity, database, directions, place)


def is_finished(database: Database) -> bool:
    """Whether the builder wrote that all is there.

    Raises:
        DamagedIndexError: this is no index.
    """
    tables = database.rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'")
    return bool(tables) and bool(database.rows("SELECT 1 FROM meta WHERE key = 'complete'"))


def put_aside(place: Path) -> None:
    """Move both files out of the way; what was put aside before goes.

    Raises:
        ConceptIndexError: the folder cannot be written.
    """
    aside = place / ASIDE
    names = [databases.FILE, *(databases.FILE + end for end in _LEFT_BY_THE_DATABASE), direction_files.FILE]
    with said_clearly(place):
        if aside.exists():
            shutil.rmtree(aside)
        aside.mkdir()
        for name in names:
            if (place / name).is_symlink() or (place / name).exists():
                (place / name).rename(aside / name)
