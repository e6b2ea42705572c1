"""Directions in a file and in memory."""

import numpy as np
import pytest

from llm_tt.concepts.directions import DirectionsFile, DirectionsInMemory
from llm_tt.concepts.index_errors import DamagedIndexError
from llm_tt.concepts.index_identity import IndexIdentity

IDENTITY = IndexIdentity("f" * 32, n_layers=2, d_mlp=5, d_model=3, d_vocab=4)


def test_rows_come_back_from_where_they_were_written(tmp_path):
    on_disk, in_memory = DirectionsFile(tmp_path, IDENTITY), DirectionsInMemory(IDENTITY)
    on_disk.make()
    rows = np.arange(6, dtype=np.float16).reshape(2, 3)
    for kept in (on_disk, in_memory):
        kept.write(4, rows)
        assert kept.array()[4:6].tolist() == rows.tolist()
        assert not kept.array()[:4].any()
        assert not kept.array()[6:].any()
    on_disk.make()
    assert on_disk.array()[4:6].tolist() == rows.tolist(), "what fits stays"
    np.testing.assert_array_equal(np.load(tmp_path / "directions.npy", allow_pickle=False), in_memory.array())


def test_what_does_not_fit_is_refused_and_made_anew(tmp_path):
    kept = DirectionsFile(tmp_path, IDENTITY)
    with pytest.raises(DamagedIndexError, match="no file"):
        kept.array()
    np.save(tmp_path / "directions.npy", np.zeros((3, 3), np.float16))
    with pytest.raises(DamagedIndexError, match="float16"):
        kept.array()
    kept.make()
    assert kept.array().shape == (10, 3)


def test_the_array_is_ours_the_file_is_not_changed_by_it(tmp_path):
    kept = DirectionsFile(tmp_path, IDENTITY)
    kept.make()
    kept.array()[0] = 1
    assert not kept.array().any()
