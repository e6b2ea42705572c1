"""The output directions of all neurons: a plain .npy file that is read in place, or an array in memory.

Rows are written as into any file, never through a map: a map on a full disk ends the whole process.
"""

from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from jaxtyping import Float16
from numpy.lib import format as npy

from llm_tt.concepts.index_errors import DamagedIndexError, damaged, said_clearly
from llm_tt.concepts.index_identity import IndexIdentity

FILE: Final = "directions.npy"

_KIND: Final = np.dtype("<f2")


class DirectionsInMemory:
    """For an index of which nothing is written."""

    def __init__(self, identity: IndexIdentity) -> None:
        self._array = np.zeros((identity.n_neurons, identity.d_model), np.float16)

    def write(self, first: int, rows: Float16[np.ndarray, "neuron d_model"]) -> None:
        """Keep some rows, beginning with this neuron."""
        self._array[first : first + len(rows)] = rows

    def array(self) -> Float16[np.ndarray, "neuron d_model"]:
        """All rows, those not written yet as zeros."""
        return self._array


class DirectionsFile:
    """The file in the folder of an index."""

    def __init__(self, place: Path, identity: IndexIdentity) -> None:
        self._place, self._path = place, place / FILE
        self._shape = (identity.n_neurons, identity.d_model)
        self._room = identity.bytes_on_disk

    def make(self) -> None:
        """Make the file with all rows zero, unless it is there and fits.

        Raises:
            ConceptIndexError: it cannot be written.
        """
        try:
            self.array()
        except DamagedIndexError:
            pass
        else:
            return
        with said_clearly(self._place, self._room):
            self._path.unlink(missing_ok=True)
        with said_clearly(self._place, self._room), self._path.open("xb") as file:
            header = {"descr": npy.dtype_to_descr(_KIND), "fortran_order": False, "shape": self._shape}
            npy.write_array_header_1_0(file, header)
            file.truncate(file.tell() + self._bytes_before(self._shape[0]))

    def write(self, first: int, rows: Float16[np.ndarray, "neuron d_model"]) -> None:
        """Keep some rows, beginning with this neuron.

        Raises:
            ConceptIndexError: the disk is full, or the file cannot be written.
        """
        with said_clearly(self._place, self._room), self._path.open("r+b") as file:
            file.seek(-self._bytes_before(self._shape[0] - first), 2)
            file.write(rows.astype(_KIND).tobytes())

    def array(self) -> Float16[np.ndarray, "neuron d_model"]:
        """All rows, read in place.

        Raises:
            ConceptIndexError: the file cannot be read.
            DamagedIndexError: it is not there, cut off, or no array of this shape.
        """
        if self._path.is_symlink() or not self._path.is_file():  # a link's file is somebody else's to write
            raise damaged(self._place, f"There is no file {FILE}.")
        try:
            with said_clearly(self._place):
                found: np.ndarray = npy.open_memmap(
                    self._path, mode="c"
                )  # what is written into it stays with us
        except (ValueError, EOFError, SyntaxError) as problem:
            raise damaged(self._place, f"{FILE}: {problem}.") from None
        if found.shape != self._shape or found.dtype != _KIND or not found.flags.c_contiguous:
            raise damaged(self._place, f"{FILE} holds {found.dtype} {found.shape}.")
        return found

    def _bytes_before(self, row: int) -> int:
        return row * self._shape[1] * _KIND.itemsize


Directions: TypeAlias = DirectionsInMemory | DirectionsFile
"""Where directions are kept."""
