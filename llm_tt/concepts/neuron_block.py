"""What the index keeps of some neurons in a row, and the same as bytes."""

import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Float, Float16, Float32, Int32

ROWS_IN_BYTES: Final = 64
"""Neurons whose lists are kept, checked and read together."""


@dataclass(frozen=True, slots=True, eq=False)
class NeuronBlock:
    """Some neurons of one layer: their four lists, and their directions."""

    token_ids: Int32[np.ndarray, "neuron side rank"]
    strengths: Float16[np.ndarray, "neuron side rank"]
    """For directions of length one."""
    norms: Float32[np.ndarray, "neuron reading"]
    spreads: Float32[np.ndarray, "neuron reading"]
    """Standard deviation of a direction's reading over the vocabulary."""
    directions: Float16[np.ndarray, "neuron d_model"]
    """What the neurons write, with length one; zeros for a neuron that writes nothing."""

    def __len__(self) -> int:
        return len(self.token_ids)

    def rows(self, first: int, end: int) -> "NeuronBlock":
        """Some of them, as views."""
        return NeuronBlock(
            self.token_ids[first:end],
            self.strengths[first:end],
            self.norms[first:end],
            self.spreads[first:end],
            self.directions[first:end],
        )


def pack_lists(block: NeuronBlock) -> bytes:
    """Everything but the directions, which lie in a file of their own."""
    parts = (
        block.token_ids.astype("<i4"),
        block.strengths.astype("<f2"),
        block.norms.astype("<f4"),
        block.spreads.astype("<f4"),
    )
    return b"".join(part.tobytes() for part in parts)


def unpack_lists(data: bytes, count: int, rank: int) -> NeuronBlock:
    """The lists of `count` neurons, without directions.

    Raises:
        ValueError: these are not as many bytes as that takes.
    """
    sizes = [count * 4 * rank * 4, count * 4 * rank * 2, count * 8, count * 8]
    if len(data) != sum(sizes):
        message = f"{len(data)} bytes instead of {sum(sizes)}"
        raise ValueError(message)
    edges = np.cumsum([0, *sizes]).tolist()
    ids, strengths, norms, spreads = (
        np.frombuffer(data[start:end], kind)
        for start, end, kind in zip(edges, edges[1:], ("<i4", "<f2", "<f4", "<f4"), strict=False)
    )
    return NeuronBlock(
        token_ids=ids.reshape(count, 4, rank),
        strengths=strengths.reshape(count, 4, rank),
        norms=norms.reshape(count, 2),
        spreads=spreads.reshape(count, 2),
        directions=np.empty((count, 0), np.float16),
    )


def pack_numbers(numbers: Float[np.ndarray, "..."]) -> bytes:
    """Numbers as bytes, the same on every machine."""
    return numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()


def checksum(fingerprint: str, first: int, data: bytes) -> int:
    """Of some bytes at their place: bytes of another model or another place do not pass."""
    return zlib.crc32(data, zlib.crc32(f"{fingerprint} {first}".encode()))
