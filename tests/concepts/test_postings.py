"""Postings against the lists that they come from."""

import numpy as np
import pytest

from llm_tt.concepts.database import Database
from llm_tt.concepts.index_errors import DamagedIndexError
from llm_tt.concepts.postings import checked_row, read_postings, write_postings


def plain_postings(index, token_id):
    found = []
    for number, reading in enumerate(index.readings(range(index.n_layers * index.d_mlp))):
        for side, own in enumerate(reading.sides.values()):
            found += [
                (side, number, rank, strength)
                for rank, (token, strength) in enumerate(zip(own.token_ids, own.changes, strict=True), 1)
                if token == token_id
            ]
    return sorted(found)


@pytest.mark.parametrize("at_once", [1 << 23, 4000])
def test_they_are_the_lists_sorted_by_token(at_once, word_index):
    files = word_index._files
    database = Database.in_memory(files.identity)
    with database.transaction():
        shares = list(write_postings(database, files.identity, files.each_list, at_once))
    assert shares[-1] == 1
    assert (len(shares) > 1) == (at_once == 4000)
    for token_id in (0, 1, 7, 299):
        owners, entries = read_postings(database, files.identity, [token_id])
        assert set(owners.tolist()) <= {token_id}
        found = [
            (int(entry["side"]), int(entry["neuron"]), int(entry["rank"]), float(entry["strength"]))
            for entry in entries
        ]
        assert found == plain_postings(word_index, token_id)


def test_every_entry_of_every_list_is_there_once(word_index):
    owners, entries = read_postings(word_index._files.database, word_index._files.identity, range(300))
    assert len(entries) == 256 * 4 * 50
    assert owners.tolist() == sorted(owners.tolist())
    places = (
        entries["neuron"].astype(np.int64) * 1000 + entries["side"].astype(np.int64) * 100 + entries["rank"]
    )
    assert len(np.unique(places)) == len(entries)


def test_a_row_that_is_not_what_was_written_is_refused(word_index):
    files = word_index._files
    [row] = files.database.rows("SELECT * FROM postings WHERE token_id = 1")
    assert checked_row(files.identity, None, row)[0] == 1
    _, written, data = row
    for wrong in (
        (2, written, data),
        (1, written, data[:-8]),
        (1, written, b"x" + data[1:]),
        (1, None, None),
    ):
        with pytest.raises(DamagedIndexError, match="not what was written"):
            checked_row(files.identity, None, wrong)
