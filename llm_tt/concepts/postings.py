"""For each token, the lists that it stands on: one packed row, made from all lists by sorting once.

In a row, entries of a side stand together, and inside a side they are in the order of the neurons.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from jaxtyping import Int64, Shaped

from llm_tt.concepts.database import Database
from llm_tt.concepts.index_errors import damaged
from llm_tt.concepts.index_identity import IndexIdentity
from llm_tt.concepts.neuron_block import NeuronBlock, checksum

POSTING: Final = np.dtype([("neuron", "<u4"), ("side", "u1"), ("rank", "u1"), ("strength", "<f2")])
"""A neuron's id, the number of its side, the token's place on that list (1 for the first), its strength."""

Postings: TypeAlias = Shaped[np.ndarray, " posting"]

AT_ONCE: Final = 1 << 23
"""Entries that are sorted together: about 400 MiB. Larger indexes are gone through several times."""

_TOKENS_PER_QUERY: Final = 10_000


def write_postings(
    database: Database,
    identity: IndexIdentity,
    lists: Callable[[], Iterable[tuple[int, NeuronBlock]]],
    at_once: int = AT_ONCE,
) -> Iterator[float]:
    """Sort all lists by token and keep them, inside a transaction; tells the finished share.

    Args:
        database: Where they are kept.
        identity: Of the model.
        lists: Gives all blocks with the ids of their first neurons; called once for each pass.
        at_once: Entries to be sorted together, if the vocabulary were used evenly.

    Raises:
        ConceptIndexError: the database cannot be written, or the disk is full.
    """
    n_entries = identity.n_neurons * 4 * identity.rank
    n_passes = max(1, -(-n_entries // at_once))
    edges = [identity.d_vocab * part // n_passes for part in range(n_passes + 1)]
    for part, (low, high) in enumerate(pairwise(edges)):
        found = [_entries(first, block, low, high) for first, block in lists()]
        token_ids = np.concatenate([ids for ids, _ in found])
        entries = np.concatenate([entries for _, entries in found])
        order = np.lexsort((entries["neuron"], entries["side"], token_ids))
        starts = np.searchsorted(token_ids[order], np.arange(low, high + 1))
        entries = entries[order]
        database.insert(
            "INSERT INTO postings VALUES (?, ?, ?)",
            _packed(identity, entries, low, starts),
        )
        yield (part + 1) / n_passes


def _entries(
    first: int, block: NeuronBlock, low: int, high: int
) -> tuple[Shaped[np.ndarray, " posting"], Postings]:
    """The entries of a block whose tokens are in a range; a neuron without direction stands nowhere."""
    spread = np.repeat(block.spreads, 2, axis=1)[:, :, None]
    kept = (block.token_ids >= low) & (block.token_ids < high) & (spread > 0)
    neurons, sides, ranks = np.nonzero(kept)
    entries = np.empty(len(neurons), POSTING)
    entries["neuron"], entries["side"], entries["rank"] = neurons + first, sides, ranks + 1
    entries["strength"] = block.strengths[kept]
    return block.token_ids[kept], entries


def _packed(
    identity: IndexIdentity, entries: Postings, low: int, starts: Shaped[np.ndarray, " edge"]
) -> Iterator[tuple[int, int, bytes]]:
    edges = starts.tolist()
    for place, (start, end) in enumerate(pairwise(edges)):
        if end > start:
            data = entries[start:end].tobytes()
            yield low + place, checksum(identity.fingerprint, low + place, data), data


def read_postings(
    database: Database, identity: IndexIdentity, token_ids: Sequence[int]
) -> tuple[Int64[np.ndarray, " posting"], Postings]:
    """The entries of some tokens, in the order of the vocabulary, and the token of each entry.

    Raises:
        DamagedIndexError: a row is not what was written.
    """
    owners: list[int] = []
    found: list[bytes] = []
    for start in range(0, len(token_ids), _TOKENS_PER_QUERY):
        some = token_ids[start : start + _TOKENS_PER_QUERY]
        marks = ",".join(map(str, map(int, some)))
        rows = database.rows(
            f"SELECT token_id, checksum, data FROM postings WHERE token_id IN ({marks}) ORDER BY token_id"
        )
        for row in rows:
            owner, packed = checked_row(identity, database.place, row)
            owners.append(owner)
            found.append(packed)
    entries = np.frombuffer(b"".join(found), POSTING)  # joined as bytes: numpy looks at every array's fields
    return np.repeat(np.array(owners, np.int64), [len(data) // POSTING.itemsize for data in found]), entries


def checked_row(identity: IndexIdentity, place: Path | None, row: tuple[object, ...]) -> tuple[int, bytes]:
    """The token and the packed entries in one row of the table; `place` is the index's, for the error.

    Raises:
        DamagedIndexError: they are not what was written.
    """
    token_id, written, data = row
    if (
        not isinstance(token_id, int)
        or not isinstance(data, bytes)
        or len(data) % POSTING.itemsize
        or checksum(identity.fingerprint, token_id, data) != written
    ):
        raise damaged(place, f"The postings of token {token_id} are not what was written.")
    return token_id, data
