"""The files of an index, damaged, foreign or replaced: it is built again, and nothing else is touched."""

import os
import pickle
import shutil
import sqlite3

import numpy as np
import pytest

from llm_tt.concepts.index_building import build_index, is_index_built
from llm_tt.errors import ConceptIndexError
from tests.hostile.answers import NO_FILES, refused, timed

DATABASE, DIRECTIONS = "index.sqlite", "directions.npy"
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS {} FROM c"
HEADER = b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little")


@pytest.fixture(scope="module")
def built(tiny_model, tmp_path_factory):
    """A folder with a finished index."""
    folder = tmp_path_factory.mktemp("indexes")
    build_index(tiny_model, folder)
    return folder


@pytest.fixture
def place(built, tiny_model, tmp_path):
    """A copy of it that may be spoilt."""
    shutil.copytree(built, tmp_path / "indexes")
    return tmp_path / "indexes" / tiny_model.fingerprint


def run(place, *statements):
    connection = sqlite3.connect(place / DATABASE)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def answers_again(model, place):
    """Whatever was done to it, a search finds what it found."""
    with timed():
        is_index_built(model, place.parent)
        index = build_index(model, place.parent)
    assert index.search("a").n_found > 0


def header(shape):
    return (
        HEADER + f"{{'descr': '<f2', 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    )


STATEMENTS = {
    "a table that never ends": [
        "DROP TABLE meta",
        f"CREATE VIEW meta AS {ENDLESS.format('value, 1 AS key')}",
    ],
    "blocks that never end": ["DROP TABLE blocks", f"CREATE VIEW blocks AS {ENDLESS.format('first')}"],
    "a trigger that deletes": ["CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM blocks; END"],
    "texts for numbers": ["UPDATE blocks SET data = 'text', count = 'x'"],
    "the smallest number": ["UPDATE blocks SET first = -9223372036854775808 WHERE first = 0"],
    "the largest number": ["UPDATE blocks SET count = 9223372036854775807"],
    "100 megabytes of zeros": ["UPDATE postings SET data = zeroblob(100000000) WHERE token_id = 97"],
    "a table of other columns": ["DROP TABLE postings", "CREATE TABLE postings (x)"],
    "no words": ["DROP TABLE parts"],
    "bytes that are no text": ["UPDATE meta SET value = CAST(x'ff80' AS TEXT) WHERE key = 'postings'"],
    "an identity that is no text": [
        "DROP TABLE meta",
        "CREATE TABLE meta (key, value)",
        "INSERT INTO meta VALUES ('identity', zeroblob(10)), ('complete', '1')",
    ],
}


@pytest.mark.parametrize("statements", STATEMENTS.values(), ids=STATEMENTS)
def test_a_database_that_somebody_changed(tiny_model, place, statements):
    run(place, *statements)
    answers_again(tiny_model, place)


ARRAYS = {
    "more rows than there is memory": header((10**13, 32)),
    "a negative number of rows": header((-1, 32)) + b"\0" * 6400,
    "brackets without an end": HEADER[:8] + (60_000).to_bytes(2, "little") + b"(" * 60_000,
    "a header of two gigabytes": b"\x93NUMPY\x03\x00" + (2**31 - 1).to_bytes(4, "little") + b"x" * 100,
}


@pytest.mark.parametrize("content", ARRAYS.values(), ids=ARRAYS)
def test_directions_that_cannot_be(tiny_model, place, content):
    (place / DIRECTIONS).write_bytes(content)
    answers_again(tiny_model, place)


def test_no_pickle_is_read(tiny_model, place, harmful_pickle):
    (place / DATABASE).write_bytes(harmful_pickle)
    (place / DIRECTIONS).write_bytes(harmful_pickle)
    answers_again(tiny_model, place)


def test_no_array_of_objects_is_read(tiny_model, place, harmful_pickle):
    array = np.array([pickle.loads(pickle.dumps({}))], dtype=object)
    np.save(place / DIRECTIONS, array, allow_pickle=True)
    content = (place / DIRECTIONS).read_bytes()
    (place / DIRECTIONS).write_bytes(content[:128] + harmful_pickle)
    answers_again(tiny_model, place)


@pytest.mark.parametrize("kind", [*NO_FILES, "link to nowhere"])
@pytest.mark.parametrize("name", [DATABASE, DIRECTIONS])
def test_what_is_no_file_is_put_aside(tiny_model, place, stand_in, name, kind):
    stand_in(kind, place / name)
    answers_again(tiny_model, place)
    assert not (place / "nowhere").exists()


@pytest.mark.parametrize("name", [DATABASE, DIRECTIONS])
def test_nothing_is_written_through_a_link(tiny_model, place, precious, name):
    (place / name).unlink()
    (place / name).symlink_to(precious)
    answers_again(tiny_model, place)


def test_nothing_is_written_into_the_index_of_somebody_else(tiny_model, place, tmp_path):
    """A link to directions that would fit: they are read nowhere and written nowhere."""
    other = tmp_path / "other.npy"
    shutil.move(place / DIRECTIONS, other)
    (place / DIRECTIONS).symlink_to(other)
    before = other.read_bytes()
    (place / DATABASE).unlink()
    answers_again(tiny_model, place)
    assert other.read_bytes() == before


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_a_lock_that_is_none(tiny_model, place, precious, kind):
    (place / DATABASE).unlink()
    (place / "build.lock").unlink(missing_ok=True)
    if kind == "folder":
        (place / "build.lock").mkdir()
    else:
        (place / "build.lock").symlink_to(precious)
    refused(lambda: build_index(tiny_model, place.parent), ConceptIndexError)


def test_what_was_put_aside_before_is_not_looked_for_behind_a_link(tiny_model, place, precious):
    (place / "damaged").symlink_to(precious.parent)
    os.truncate(place / DIRECTIONS, 100)
    refused(lambda: build_index(tiny_model, place.parent), ConceptIndexError)


@pytest.mark.parametrize(
    "folder",
    ["a\0b", "\ud800", "x" * 300, "/dev/null", "/proc"],
    ids=["zero byte", "half", "long", "null", "proc"],
)
def test_a_folder_that_cannot_be(tiny_model, tmp_path, folder):
    refused(lambda: build_index(tiny_model, tmp_path / folder), ConceptIndexError)
