"""The output directions of all neurons: a plain .npy file that is read in place, or an array in memory.

Rows are written as into any file, never through a map: a map on a full disk ends the whole process.
"""

from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float16
from numpy.lib import format as npy

from llm_tt.concepts.index_errors import damaged, said_clearly
from llm_tt.concepts.index_identity import IndexIdentity

FILE: Final = "directions.npy"

_KIND: Final = np.dtype("<f2")


@runtime_checkable
class Directions(Protocol):
    """Where directions are kept."""

    def write(self, first: int, rows: Float16[np.ndarray, "neuron d_model"]) -> None:
        """Keep some rows, beginning with this neuron."""

    def array(self) -> Float16[np.ndarray, "neuron d_model"]:
        """All rows, those not written yet as zeros."""


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
        except (FileNotFoundError, ValueError, EOFError):
            pass
        else:
            return
        with said_clearly(self._place, self._room), self._path.open("wb") as file:
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
            FileNotFoundError: there is no such file.
            ValueError: it is no array of this shape, or cut off.
        """
        if self._path.is_dir():
            message = "a folder"
            raise ValueError(message)
        found: np.ndarray = npy.open_memmap(self._path, mode="c")  # what is written into it stays with us
        if found.shape != self._shape or found.dtype != _KIND or not found.flags.c_contiguous:
            message = f"{found.dtype} {found.shape}"
            raise ValueError(message)
        return found

    def trusted_array(self) -> Float16[np.ndarray, "neuron d_model"]:
        """All rows, read in place, for whoever expects them to be there.

        Raises:
            DamagedIndexError: they are not.
        """
        try:
            return self.array()
        except (OSError, ValueError, EOFError) as problem:
            raise damaged(self._place, f"{FILE}: {problem}.") from None

    def _bytes_before(self, row: int) -> int:
        return row * self._shape[1] * _KIND.itemsize
