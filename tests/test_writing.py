"""A file is written whole or not at all, and why not is said."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from llm_tt.errors import ExportError
from llm_tt.writing import write_whole


def test_a_file_is_written_and_written_over(tmp_path):
    for content in (b"one", b"two"):
        write_whole(tmp_path / "x.json", content)
        assert (tmp_path / "x.json").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


def test_it_keeps_the_rights_that_the_file_had(tmp_path):
    place = tmp_path / "x"
    place.write_bytes(b"old")
    place.chmod(0o640)
    write_whole(place, b"new")
    assert stat.S_IMODE(place.stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_device_is_written_to_and_not_replaced():
    write_whole(__import__("pathlib").Path(os.devnull), b"gone")
    assert not os.path.isfile(os.devnull)  # noqa: PTH113


@pytest.mark.parametrize(
    ("name", "found"),
    [("", "That is a folder"), ("none/x.json", "There is no folder"), ("x" * 300, "cannot be")],
)
def test_why_not_is_said(name, found, tmp_path):
    with pytest.raises(ExportError, match=found) as caught:
        write_whole(tmp_path / name, b"x")
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_leaves_what_was_there(tmp_path, monkeypatch):
    place = tmp_path / "x"
    place.write_bytes(b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(ExportError, match="The disk is full"):
        write_whole(place, b"new")
    assert place.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_was_left_or_is_being_written_is_in_nobodys_way(tmp_path, monkeypatch):
    """Threads share a number of their process, and processes of a container often have the same."""
    monkeypatch.setattr("os.getpid", lambda: 7)
    start, contents = Barrier(4), [bytes([letter]) * 2_000_000 for letter in b"abcd"]

    def write(content):
        start.wait()
        for _ in range(5):
            write_whole(tmp_path / "x", content)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, contents))
    assert (tmp_path / "x").read_bytes() in contents
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_any_name_that_a_file_may_have_will_do(tmp_path):
    write_whole(tmp_path / ("😀" * 63), b"x")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_pipe_is_written_to_by_its_name_alone():
    """As in `-o /dev/stdout | less`: where the name leads to can be opened, and has no place in a folder."""
    script = "from pathlib import Path\nfrom llm_tt.writing import write_whole\n"
    script += "write_whole(Path('/dev/stdout'), b'through')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"through", b"")


@pytest.mark.parametrize("name", ["a\0b", "a\ud800"])
def test_what_can_be_no_name_is_said(name, tmp_path):
    with pytest.raises(ExportError, match="no file's name"):
        write_whole(tmp_path / name, b"x")


def test_a_folder_that_is_there_is_not_denied(tmp_path, monkeypatch):
    """As of /proc, where nothing can be made and the system says that nothing is there."""

    def nothing_there(*_):
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("pathlib.Path.replace", nothing_there)
    with pytest.raises(ExportError, match="It cannot be written: No such file or directory"):
        write_whole(tmp_path / "x", b"x")
