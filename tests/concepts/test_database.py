"""One connection for several threads; all or nothing is written."""

import threading

import pytest

from llm_tt.concepts.database import Database
from llm_tt.concepts.index_errors import DamagedIndexError
from llm_tt.concepts.index_identity import IndexIdentity
from llm_tt.errors import ConceptIndexError

IDENTITY = IndexIdentity("f" * 32, 1, 2, 3, 4)


def test_a_transaction_is_all_or_nothing(tmp_path):
    database = Database.open_to_write(tmp_path, IDENTITY)

    def write_half():
        with database.transaction():
            database.insert("INSERT INTO meta VALUES (?, ?)", [("a", "1")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert database.rows("SELECT * FROM meta WHERE key = 'a'") == []
    database.close()


def test_readers_read_while_somebody_writes_and_change_nothing(tmp_path):
    writer = Database.open_to_write(tmp_path, IDENTITY)
    reader = Database.open_to_read(tmp_path, 0)
    with writer.transaction():
        writer.insert("INSERT INTO meta VALUES (?, ?)", [("a", "1")])
        assert reader.rows("SELECT * FROM meta WHERE key = 'a'") == []
    assert reader.rows("SELECT value FROM meta WHERE key = 'a'") == [("1",)]
    with pytest.raises(ConceptIndexError, match="readonly"):
        reader.rows("DELETE FROM meta")
    reader.close()
    writer.leave_one_file()
    writer.close()
    assert [path.name for path in tmp_path.iterdir()] == ["index.sqlite"]


def test_one_file_is_left_also_if_somebody_looks_at_it_meanwhile(tmp_path):
    writer = Database.open_to_write(tmp_path, IDENTITY)
    reader = Database.open_to_read(tmp_path, 0)
    assert reader.rows("SELECT count(*) FROM meta")
    threading.Timer(0.3, reader.close).start()
    writer.leave_one_file()
    writer.close()
    assert [path.name for path in tmp_path.iterdir()] == ["index.sqlite"]


def test_the_wrong_model_is_refused(tmp_path):
    Database.open_to_write(tmp_path, IDENTITY).close()
    Database.open_to_write(tmp_path, IDENTITY).close()
    with pytest.raises(DamagedIndexError, match="another model"):
        Database.open_to_write(tmp_path, IndexIdentity("e" * 32, 1, 2, 3, 4))


def test_threads_share_one_connection():
    database, wrong = Database.in_memory(IDENTITY), []

    def work(number):
        for turn in range(50):
            with database.transaction():
                database.insert("INSERT INTO meta VALUES (?, ?)", [(f"{number} {turn}", "")])
            if not database.rows("SELECT 1 FROM meta WHERE key = ?", (f"{number} {turn}",)):
                wrong.append(turn)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert database.rows("SELECT count(*) FROM meta") == [(201,)]
