"""Kept clusters: there and back, and nothing damaged or foreign is trusted."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from llm_tt.concepts import cluster_files
from llm_tt.concepts.cluster_files import file_of, read_clusters, write_clusters
from llm_tt.concepts.clustering import Grouping
from llm_tt.concepts.shared_tokens import SharedToken

MARK = "f" * 32
KEPT = (
    Grouping(np.array([0, 1, 1], np.int32), np.eye(2, 4, dtype=np.float32), np.array([1, 0.5], np.float32)),
    ((), (SharedToken(3, ' "\ud83d', 1.5, 2),)),
    0.25,
)


@pytest.fixture
def path(tmp_path):
    """A file of clusters."""
    made = file_of(tmp_path / MARK, 2, 0)
    assert write_clusters(made, KEPT) == ""
    return made


def test_there_and_back(path):
    grouping, shared, chance = read_clusters(path, 3, 4)
    for name in ("labels", "centres", "cohesion"):
        assert (getattr(grouping, name) == getattr(KEPT[0], name)).all()
    assert (shared, chance) == KEPT[1:]
    assert [p.name for p in path.parent.iterdir()] == [path.name], "nothing else stays behind"


def test_numbers_and_seeds_have_their_own_files(tmp_path):
    assert len({file_of(tmp_path, n, seed) for n in (1, 2) for seed in (0, 1)}) == 4


@pytest.mark.parametrize("where", [0, 20, 60, 200, -1])
def test_a_flipped_byte_is_seen(path, where):
    content = bytearray(path.read_bytes())
    content[where] ^= 1
    path.write_bytes(content)
    assert read_clusters(path, 3, 4) is None


@pytest.mark.parametrize("length", [0, 10, 48, 300])
def test_a_short_file_is_seen(path, length):
    path.write_bytes(path.read_bytes()[:length])
    assert read_clusters(path, 3, 4) is None


def test_another_models_another_size_and_another_version_are_not_taken(path, tmp_path, monkeypatch):
    elsewhere = tmp_path / ("e" * 32) / path.name
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(path.read_bytes())
    assert read_clusters(elsewhere, 3, 4) is None, "the folder has another model's name"
    assert read_clusters(path, 4, 4) is None
    assert read_clusters(path, 3, 5) is None
    monkeypatch.setattr(cluster_files, "VERSION", 2)
    assert read_clusters(path, 3, 4) is None


def test_nothing_is_unpickled(path):
    body = b"\x80\x04N."
    path.write_bytes(cluster_files._MAGIC + cluster_files._digest(body) + body)
    assert read_clusters(path, 3, 4) is None


def test_where_nothing_is_nothing_is_read(tmp_path):
    assert read_clusters(tmp_path / "none", 3, 4) is None
    assert read_clusters(tmp_path, 3, 4) is None


def test_a_full_disk_leaves_the_file_from_before(path, monkeypatch):
    before = path.read_bytes()

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in write_clusters(path, KEPT)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_where_nobody_may_write_it_is_said(tmp_path, nobody_may_write):
    nobody_may_write(tmp_path)
    assert "could not be kept" in write_clusters(Path(tmp_path / "c.bin"), KEPT)
