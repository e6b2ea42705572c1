"""Reading a file that anybody may have put there."""

import os
from pathlib import Path

import pytest

from llm_tt.reading import read_plain


def test_a_file_is_read_whole_also_behind_a_link(tmp_path):
    (tmp_path / "file").write_bytes(b"\0abc")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert read_plain(tmp_path / "file", 4) == read_plain(tmp_path / "link", 4) == b"\0abc"


def test_one_byte_too_many_is_said(tmp_path):
    (tmp_path / "file").write_bytes(b"abcd")
    with pytest.raises(OSError, match="more than 3 bytes"):
        read_plain(tmp_path / "file", 3)


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "link", Path("/dev/zero")):
        with pytest.raises(OSError, match="a device or a pipe"):
            read_plain(path, 10)
    with pytest.raises(IsADirectoryError, match="that is a folder"):
        read_plain(tmp_path, 10)


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_what_is_no_name_is_said(tmp_path, name):
    with pytest.raises(OSError, match="no file's name"):
        read_plain(tmp_path / name, 10)


def test_what_is_not_there_keeps_its_class(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "nothing", 10)
