"""Both files of one index together: writing it block by block, and reading it only if all of it is right."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from jaxtyping import Float16, Float32, Int64

from llm_tt.concepts.database import Database
from llm_tt.concepts.directions import Directions
from llm_tt.concepts.index_errors import DamagedIndexError, damaged
from llm_tt.concepts.index_identity import IndexIdentity
from llm_tt.concepts.neuron_block import (
    ROWS_IN_BYTES,
    NeuronBlock,
    checksum,
    pack_lists,
    pack_numbers,
    unpack_lists,
)
from llm_tt.concepts.postings import POSTING, checked_row

_BLOCK_COLUMNS: Final = "first, count, checksum, directions_checksum, data"


@dataclass(frozen=True, slots=True, eq=False)
class IndexFiles:
    """The database of an index and its directions, in a folder or in memory."""

    identity: IndexIdentity
    database: Database
    directions: Directions
    place: Path | None

    def write_block(self, first: int, block: NeuronBlock) -> None:
        """Keep a block: directions first, then all rows at once, so that what is named in a row is there.

        Raises:
            ConceptIndexError: the files cannot be written, or the disk is full.
        """
        self.directions.write(first, block.directions)
        rows = []
        for start in range(0, len(block), ROWS_IN_BYTES):
            some, place = block.rows(start, start + ROWS_IN_BYTES), first + start
            data = pack_lists(some)
            rows.append(
                (
                    place,
                    len(some),
                    checksum(self.identity.fingerprint, place, data),
                    checksum(self.identity.fingerprint, place, pack_numbers(some.directions)),
                    data,
                )
            )
        with self.database.transaction():
            self.database.insert("INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?, ?)", rows)

    def each_list(self) -> Iterator[tuple[int, NeuronBlock]]:
        """All rows of lists that are there, in the order of the neurons.

        Raises:
            DamagedIndexError: a row is not what was written.
        """
        for row in self.database.each_row(f"SELECT {_BLOCK_COLUMNS} FROM blocks ORDER BY first"):
            first, block, _ = self._checked(row)
            yield first, block

    def lists_at(self, first: int) -> NeuronBlock:
        """The one row of lists that begins with a neuron.

        Raises:
            DamagedIndexError: it is not what was written.
        """
        rows = self.database.rows(f"SELECT {_BLOCK_COLUMNS} FROM blocks WHERE first = ?", (first,))
        if len(rows) != 1:
            raise damaged(self.place, f"The lists of neuron {first} are missing.")
        return self._checked(rows[0])[1]

    def first_of(self, number: int) -> int:
        """The neuron with which the row of this neuron begins."""
        in_layer = number % self.identity.d_mlp
        return number - in_layer % ROWS_IN_BYTES

    def finished(self) -> set[int]:
        """The neurons with which right rows begin; a row that is not right counts as not there."""
        array, found = self.directions.array(), set()
        for row in self.database.each_row(f"SELECT {_BLOCK_COLUMNS} FROM blocks ORDER BY first"):
            try:
                first, block, written = self._checked(row)
            except DamagedIndexError:
                continue
            if self._directions_are(array[first : first + len(block)], first, written):
                found.add(first)
        return found

    def _checked(self, row: tuple[object, ...]) -> tuple[int, NeuronBlock, object]:
        first, count, written, of_directions, data = row
        if isinstance(first, int) and isinstance(count, int) and isinstance(data, bytes):
            inside = first >= 0 and count > 0 and first + count <= self.identity.n_neurons
            if inside and checksum(self.identity.fingerprint, first, data) == written:
                try:
                    return first, unpack_lists(data, count, self.identity.rank), of_directions
                except ValueError as problem:
                    raise damaged(self.place, f"The lists of neuron {first} have {problem}.") from None
        raise damaged(self.place, f"The lists of neuron {first} are not what was written.")

    def _directions_are(
        self, rows: Float16[np.ndarray, "neuron d_model"], first: int, written: object
    ) -> bool:
        return checksum(self.identity.fingerprint, first, pack_numbers(rows)) == written

    def seal(self) -> None:
        """Write down that all is there, inside a transaction, and what no row's own checksum covers."""
        self.database.insert(
            "INSERT INTO meta VALUES (?, ?)",
            [("complete", "1"), ("postings", self._n_postings()), ("parts", self._sum_of_parts())],
        )

    def verified(self) -> "Figures":
        """Go through everything that was written.

        Raises:
            DamagedIndexError: something is missing, or is not what was written.
        """
        identity, array = self.identity, self.directions.array()
        sealed = {str(key): value for key, value in self.database.rows("SELECT key, value FROM meta")}
        if sealed.get("postings") != self._n_postings() or sealed.get("parts") != self._sum_of_parts():
            raise damaged(self.place, "Something is missing.")
        norms = np.empty((identity.n_neurons, 2), np.float32)
        spreads, next_one = np.empty_like(norms), 0
        for row in self.database.each_row(f"SELECT {_BLOCK_COLUMNS} FROM blocks ORDER BY first"):
            first, block, written = self._checked(row)
            rows = slice(first, first + len(block))
            if first != next_one or not self._directions_are(array[rows], first, written):
                raise damaged(self.place, f"The directions at neuron {first} are not what was written.")
            norms[rows], spreads[rows], next_one = block.norms, block.spreads, rows.stop
        if next_one != identity.n_neurons:
            raise damaged(self.place, f"Nothing is there from neuron {next_one} on.")
        counts = np.zeros(identity.d_vocab, np.int64)
        for row in self.database.each_row("SELECT token_id, checksum, data FROM postings"):
            token_id, data = checked_row(identity, self.place, row)
            counts[token_id] = len(data) // POSTING.itemsize
        return Figures(array, norms, spreads, counts)

    def _n_postings(self) -> str:
        [(rows, ids)] = self.database.rows("SELECT count(*), total(token_id) FROM postings")
        return f"{rows} {ids}"

    def _sum_of_parts(self) -> str:
        """Over the table of parts as it lies in the database."""
        total = 0
        for table in ("parts_data", "parts_idx", "parts_docsize", "parts_config"):
            for row in self.database.each_row(f"SELECT * FROM {table}"):
                total = zlib.crc32(repr(row).encode(), total)
        return str(total)

    def close(self) -> None:
        """Let go of the files."""
        self.database.close()


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What an open index holds on to: it stays what was verified, whatever becomes of the folder."""

    directions: Float16[np.ndarray, "neuron d_model"]
    """Read in place where they lie in a file."""
    norms: Float32[np.ndarray, "neuron reading"]
    spreads: Float32[np.ndarray, "neuron reading"]
    counts: Int64[np.ndarray, " d_vocab"]
    """How many lists each token stands on."""
