"""Whatever was done to the files: what is not as it was written is put aside and built again."""

import json
import os
import shutil
import sqlite3

import pytest

from llm_tt.concepts.index_building import build_index
from llm_tt.concepts.index_identity import IndexIdentity
from llm_tt.concepts.index_opening import ASIDE, open_finished, put_aside
from tests.concepts.same_index import flip, place_of, same

pytestmark = pytest.mark.usefixtures("small_blocks")


def run_sql(path, *statements):
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def replaced_by_a_folder(path):
    path.unlink()
    (path / "inside").mkdir(parents=True)


def other_fingerprint(path):
    identity = json.loads(
        sqlite3.connect(path).execute("SELECT value FROM meta WHERE key='identity'").fetchone()[0]
    )
    identity["fingerprint"] = "0" * 32
    run_sql(path, f"UPDATE meta SET value = '{json.dumps(identity, sort_keys=True)}' WHERE key = 'identity'")


def other_version(path):
    run_sql(path, "UPDATE meta SET value = replace(value, '\"version\": 1', '\"version\": 0')")


DAMAGE = {
    "database cut": lambda place: os.truncate(
        place / "index.sqlite", (place / "index.sqlite").stat().st_size // 2
    ),
    "database cut to its head": lambda place: os.truncate(place / "index.sqlite", 50),
    "database empty": lambda place: os.truncate(place / "index.sqlite", 0),
    "database no database": lambda place: (place / "index.sqlite").write_text("hello " * 1000),
    "vectors cut": lambda place: os.truncate(place / "directions.npy", 5000),
    "vectors empty": lambda place: os.truncate(place / "directions.npy", 0),
    "vectors flipped": lambda place: flip(place / "directions.npy"),
    "vectors gone": lambda place: (place / "directions.npy").unlink(),
    "vectors of another shape": lambda place: (place / "directions.npy").write_bytes(
        (place / "directions.npy").read_bytes().replace(b"(256, 32)", b"(32, 256)")
    ),
    "vectors with objects": lambda place: (place / "directions.npy").write_bytes(
        (place / "directions.npy").read_bytes().replace(b"'<f2'", b"'|O' ")
    ),
    "a folder for the database": lambda place: replaced_by_a_folder(place / "index.sqlite"),
    "a folder for the vectors": lambda place: replaced_by_a_folder(place / "directions.npy"),
    "foreign": lambda place: other_fingerprint(place / "index.sqlite"),
    "old": lambda place: other_version(place / "index.sqlite"),
    "a block missing": lambda place: run_sql(place / "index.sqlite", "DELETE FROM blocks WHERE first = 64"),
    "blocks swapped": lambda place: run_sql(
        place / "index.sqlite",
        "UPDATE blocks SET data = (SELECT data FROM blocks WHERE first = 0) WHERE first = 64",
    ),
    "a posting missing": lambda place: run_sql(
        place / "index.sqlite", "DELETE FROM postings WHERE token_id = 1"
    ),
    "a posting of another token": lambda place: run_sql(
        place / "index.sqlite", "UPDATE postings SET token_id = 100000 WHERE token_id = 1"
    ),
    "a posting cut": lambda place: run_sql(
        place / "index.sqlite", "UPDATE postings SET data = x'0011' WHERE token_id = 1"
    ),
    "parts missing": lambda place: run_sql(place / "index.sqlite", "DELETE FROM parts_data WHERE id > 10"),
    "a table missing": lambda place: run_sql(place / "index.sqlite", "DROP TABLE blocks"),
    **{
        f"database flipped at {share}": lambda place, share=share: flip(place / "index.sqlite", share, 3000)
        for share in (0.0, 0.2, 0.4, 0.6, 0.8, 0.97)
    },
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_is_put_aside_and_built_again(damage, word_model, word_index, tmp_path, read_by):
    build_index(word_model, tmp_path)
    place = place_of(word_model, tmp_path)
    DAMAGE[damage](place)
    index = build_index(word_model, tmp_path)
    same(index, word_index)
    assert read_by == [4, 4], "nothing of it was trusted"
    if damage != "database empty":
        assert any((place / "damaged").iterdir())
    same(build_index(word_model, tmp_path), word_index)


def test_only_the_last_damage_is_kept(word_model, tmp_path):
    build_index(word_model, tmp_path)
    place = place_of(word_model, tmp_path)
    for text in ("first", "second"):
        (place / "index.sqlite").write_text(text)
        put_aside(place)
    assert (place / ASIDE / "index.sqlite").read_text() == "second"
    assert {path.name for path in place.iterdir()} <= {ASIDE, "build.lock"}


def test_nothing_is_opened_where_nothing_is(word_model, tmp_path):
    assert open_finished(tmp_path, IndexIdentity.of(word_model)) is None


def test_an_open_index_outlives_its_folder(word_model, word_index, tmp_path):
    """A cache may be emptied at any time; so may an index that another process puts aside."""
    index = build_index(word_model, tmp_path)
    place = place_of(word_model, tmp_path)
    put_aside(place)
    (place / "directions.npy").write_bytes(b"another builder has only begun")
    same(index, word_index)
    shutil.rmtree(place)
    same(index, word_index)
    assert index.neighbours(0, 3) == word_index.neighbours(0, 3)
