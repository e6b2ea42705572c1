"""What an index holds of some neurons: their strongest tokens, packed, with a checksum."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from jaxtyping import Float16, Float32, Int32

from llm_tt.concepts.sides import SIDES

N_SIDES: Final = len(SIDES)
N_READINGS: Final = 2
"""What it writes, and what it reads."""

LARGEST_HALF: Final = 65504.0
"""Of half precision; what is larger stands for infinity there."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Neurons from `first` on. Directions were taken at length one; `norms` and `spreads` are theirs."""

    first: int
    token_ids: Int32[np.ndarray, "neuron side top"]
    strengths: Float16[np.ndarray, "neuron side top"]
    """Products with the tokens; negative on the sides that suppress and inhibit."""
    norms: Float32[np.ndarray, "neuron reading"]
    spreads: Float32[np.ndarray, "neuron reading"]
    """Standard deviations of the products over the whole vocabulary."""

    def __len__(self) -> int:
        return len(self.token_ids)

    def pack(self) -> bytes:
        """All of it, one array behind the other."""
        return b"".join(
            array.tobytes() for array in (self.token_ids, self.strengths, self.norms, self.spreads)
        )

    @classmethod
    def unpack(cls, first: int, n_neurons: int, top: int, content: bytes) -> "Block":
        """The same again.

        Raises:
            ValueError: it has not the size that it should have.
        """
        listed, read = n_neurons * N_SIDES * top, n_neurons * N_READINGS
        ends = np.cumsum([4 * listed, 2 * listed, 4 * read, 4 * read]).tolist()
        if len(content) != ends[-1]:
            message = f"{len(content)} bytes instead of {ends[-1]}"
            raise ValueError(message)
        parts = [content[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        lists, readings = (n_neurons, N_SIDES, top), (n_neurons, N_READINGS)
        return cls(
            first,
            np.frombuffer(parts[0], np.int32).reshape(lists),
            np.frombuffer(parts[1], np.float16).reshape(lists),
            np.frombuffer(parts[2], np.float32).reshape(readings),
            np.frombuffer(parts[3], np.float32).reshape(readings),
        )


POSTING: Final = np.dtype([("list", "<i4"), ("rank", "u1"), ("strength", "<f2")])
"""One token on one list: the neuron's number times four plus the side's, the place from 1, the product."""


def postings_of(blocks: list[Block]) -> tuple[Int32[np.ndarray, " posting"], np.ndarray]:
    """All postings, ordered by token: their tokens, and themselves."""
    token_ids = np.concatenate([block.token_ids.reshape(-1) for block in blocks])
    postings = np.empty(len(token_ids), POSTING)
    top = blocks[0].token_ids.shape[-1]
    lists = np.concatenate([N_SIDES * block.first + np.arange(N_SIDES * len(block)) for block in blocks])
    postings["list"] = np.repeat(lists, top)
    postings["rank"] = np.tile(np.arange(1, top + 1), len(lists))
    postings["strength"] = np.concatenate([block.strengths.reshape(-1) for block in blocks])
    order = np.argsort(token_ids, kind="stable")
    return token_ids[order], postings[order]


def checksum(content: bytes) -> bytes:
    """Short, and different as soon as a bit is."""
    return blake2b(content, digest_size=8).digest()
