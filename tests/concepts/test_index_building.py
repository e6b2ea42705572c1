"""Building: killed, stopped, without room, in a folder that may not be written, and by two at once."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest

import llm_tt
from llm_tt.concepts import database, directions, index_building
from llm_tt.concepts.index_building import build_index, index_cost, is_index_built
from llm_tt.errors import CapabilityError, ConceptIndexError
from tests.concepts.conftest import PLANTED
from tests.concepts.same_index import flip, place_of, same

pytestmark = pytest.mark.usefixtures("small_blocks")


def test_it_is_built_once_and_opened_from_then_on(word_model, word_index, tmp_path, read_by):
    assert not is_index_built(word_model, tmp_path)
    same(build_index(word_model, tmp_path), word_index)
    assert is_index_built(word_model, tmp_path)
    same(build_index(word_model, tmp_path), word_index)
    assert read_by == [4]


def test_the_folder_is_the_cache_of_this_person(word_model, tmp_path, monkeypatch):
    monkeypatch.setenv("LLM_TT_CACHE", str(tmp_path))
    index = build_index(word_model)
    assert index.place == tmp_path / "indexes" / word_model.fingerprint
    assert {path.name for path in index.place.iterdir()} >= {"index.sqlite", "directions.npy"}


def test_progress_rises_to_one(word_model, tmp_path):
    told = []
    build_index(word_model, tmp_path, progress=told.append)
    assert told == sorted(told)
    assert told[0] > 0
    assert told[-1] == 1
    assert len(told) > 5
    again = []
    build_index(word_model, tmp_path, progress=again.append)
    assert again == [1.0]


class StopError(Exception):
    """What a page raises when a person presses stop."""


@pytest.mark.parametrize("at", [0.2, 0.6, 0.96])
def test_a_stop_leaves_what_was_finished(at, word_model, word_index, tmp_path, read_by):
    def stop(share):
        if share > at:
            raise StopError

    with pytest.raises(StopError):
        build_index(word_model, tmp_path, progress=stop)
    assert not is_index_built(word_model, tmp_path)
    same(build_index(word_model, tmp_path), word_index)
    assert read_by == [4, {0.2: 3, 0.6: 1, 0.96: 0}[at]]


KILLED = """
import os, signal, sys
from pathlib import Path
from llm_tt.concepts import block_reading
from llm_tt.concepts.index_building import build_index
from tests.concepts.conftest import build_word_model
block_reading.MOST_ROWS = 64
def tell(share):
    if share > 0.5:
        os.kill(os.getpid(), signal.SIGKILL)
build_index(build_word_model(), Path(sys.argv[1]), progress=tell)
"""


def test_a_kill_loses_no_finished_block(word_model, word_index, tmp_path, read_by):
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    same(build_index(word_model, tmp_path), word_index)
    assert read_by == [1]


def test_two_builders_make_one_index(word_model, word_index, tmp_path, read_by):
    told = {0: [], 1: []}
    made = {}

    def build(number):
        def tell(share):
            told[number].append(share)
            time.sleep(0.1)

        made[number] = build_index(word_model, tmp_path, progress=tell)

    threads = [threading.Thread(target=build, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in (0, 1):
        same(made[number], word_index)
        assert told[number] == sorted(told[number])
        assert told[number][-1] == 1
    assert read_by == [4], "the second waited"


def test_who_waits_sees_how_far_the_other_is_and_goes_on_when_it_dies(word_model, word_index, tmp_path):
    slow = KILLED.replace("if share > 0.5:", "if share > 0.5:\n        import time; time.sleep(3)")
    with subprocess.Popen([sys.executable, "-c", slow, str(tmp_path)]) as other:
        place = place_of(word_model, tmp_path)
        while not (place / "build.lock").exists():
            time.sleep(0.05)
        while index_building._finished_share(place, index_building.IndexIdentity.of(word_model)) < 0.5:
            time.sleep(0.05)
        told = []
        same(build_index(word_model, tmp_path, progress=told.append), word_index)
        assert other.wait() == -signal.SIGKILL
    assert 0.4 < told[0] < 0.9, "the other's blocks"
    assert told == sorted(told)


def test_blocks_that_were_damaged_while_a_build_was_stopped_are_built_again(
    word_model, word_index, tmp_path, read_by
):
    def stop(share):
        if share > 0.6:
            raise StopError

    with pytest.raises(StopError):
        build_index(word_model, tmp_path, progress=stop)
    flip(place_of(word_model, tmp_path) / "directions.npy", 0.3, 8)
    same(build_index(word_model, tmp_path), word_index)
    assert read_by == [4, 2]


def test_a_full_disk_for_the_database(word_model, word_index, tmp_path, read_by, monkeypatch):
    opened = database.Database.open_to_write.__func__

    def nearly_full(cls, place, identity):
        found = opened(cls, place, identity)
        pages = found.rows("PRAGMA page_count")[0][0]
        found.rows(f"PRAGMA max_page_count = {pages + 30}")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(database.Database, "open_to_write", classmethod(nearly_full))
        with pytest.raises(ConceptIndexError, match=r"disk is full.*MB.*LLM_TT_CACHE"):
            build_index(word_model, tmp_path)
    same(build_index(word_model, tmp_path), word_index)
    assert read_by[0] == 4
    assert read_by[1] < 4, "what was finished is kept"


def test_a_full_disk_for_the_vectors(word_model, word_index, tmp_path, read_by, monkeypatch):
    write, written = directions.DirectionsFile.write, []

    def full(self, first, rows):
        written.append(first)
        if len(written) > 2:
            with directions.said_clearly(self._place, self._room):
                raise OSError(errno.ENOSPC, "No space left on device")
        write(self, first, rows)

    with monkeypatch.context() as patch:
        patch.setattr(directions.DirectionsFile, "write", full)
        with pytest.raises(ConceptIndexError, match=r"disk is full.*MB.*LLM_TT_CACHE"):
            build_index(word_model, tmp_path)
    same(build_index(word_model, tmp_path), word_index)
    assert read_by == [4, 2]


def test_a_disk_without_room_is_said_before_the_work(word_model, tmp_path, read_by, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(ConceptIndexError, match=r"0.8 MB, and 0.0 MB are free"):
        build_index(word_model, tmp_path)
    assert read_by == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(word_model, word_index, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(ConceptIndexError, match=r"Permission denied.*LLM_TT_CACHE"):
        build_index(word_model, tmp_path)


def test_a_file_where_the_folder_should_be(word_model, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConceptIndexError, match=r"cannot be used.*LLM_TT_CACHE"):
        build_index(word_model, tmp_path / "file")


def test_a_system_that_refuses_to_write(word_model, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(index_building.FileLock, "acquire", refuse)
    with pytest.raises(ConceptIndexError, match=r"Read-only file system.*in_memory"):
        build_index(word_model, tmp_path)


def test_a_finished_index_needs_no_writing(word_model, word_index, tmp_path, monkeypatch):
    place = build_index(word_model, tmp_path).place
    assert {path.name for path in place.iterdir()} <= {"index.sqlite", "directions.npy", "build.lock"}

    def refuse(*_, **__):
        raise PermissionError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(index_building.FileLock, "acquire", refuse)
    for path in place.iterdir():
        path.chmod(0o400)
    place.chmod(0o500)
    same(build_index(word_model, tmp_path), word_index)
    place.chmod(0o700)


def test_a_folder_that_vanishes_while_it_is_built_or_open(word_model, tmp_path):
    def remove(share):
        shutil.rmtree(place_of(word_model, tmp_path), ignore_errors=True)

    with pytest.raises(ConceptIndexError):
        build_index(word_model, tmp_path, progress=remove)
    index = build_index(word_model, tmp_path)
    shutil.rmtree(index.place)
    try:
        assert index.search("tokyo").hits[0].neuron == PLANTED
    except ConceptIndexError as error:
        assert error.remedy


def test_in_memory_writes_nothing(word_model, tmp_path, monkeypatch):
    monkeypatch.setenv("LLM_TT_CACHE", str(tmp_path))
    index = build_index(word_model, in_memory=True)
    assert index.place is None
    assert not any(tmp_path.iterdir())


def test_the_cost_is_known_before(word_model, tmp_path):
    cost = index_cost(word_model)
    assert cost.multiplications == 2 * 256 * 32 * 300
    place = build_index(word_model, tmp_path).place
    written = sum(path.stat().st_size for path in place.iterdir())
    assert 0.5 * written < cost.bytes_on_disk < 2 * written


def test_models_without_neurons_or_lens_are_refused(open_family, word_model, without_lens):
    with pytest.raises(CapabilityError, match=r"no sum of them"):
        build_index(open_family("Mixtral"), in_memory=True)
    without_lens(word_model)
    with pytest.raises(CapabilityError, match=r"logit lens is switched off"):
        build_index(word_model, in_memory=True)


def test_the_public_name(word_index):
    assert llm_tt.build_index is build_index
    assert isinstance(word_index, llm_tt.NeuronIndex)
