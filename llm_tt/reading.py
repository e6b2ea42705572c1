"""Reading a file that anybody may have put there: a plain one, no larger than it should be.

A pipe would wait for ever, and a device never end; both may stand where a file is meant, behind a link.
"""

import errno
import os
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Final

_PIECE: Final = 2**22


def read_plain(path: Path, largest: int) -> bytes:
    """All of a file.

    Args:
        path: Where it lies; links are followed.
        largest: Bytes that it may have.

    Raises:
        OSError: it is not there, no plain file, too large, or cannot be read; `strerror` says which.
    """
    with open_plain(path) as file:
        size = os.fstat(file.fileno()).st_size  # 0 of files that the system makes up while they are read
        content = file.read(size) if 0 < size <= largest else b""
        rest = b"".join(_pieces(file, largest - len(content), largest))
    return content + rest if rest else content


def _pieces(file: BufferedReader, room: int, largest: int) -> Iterator[bytes]:
    """What is left: to ask for so much at once would take the memory for it first."""
    while piece := file.read(_PIECE):
        room -= len(piece)
        if room < 0:
            raise OSError(errno.EFBIG, f"it has more than {largest:,} bytes")
        yield piece


def open_plain(path: Path) -> BufferedReader:
    """A file, opened to be read piece by piece.

    Raises:
        OSError: as for `read_plain`.
    """
    try:
        # Without waiting for whoever writes into a pipe.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError:  # a zero byte, half of a surrogate pair
        raise OSError(errno.EINVAL, "that can be no file's name") from None
    try:
        _check_plain(os.fstat(handle).st_mode)
    except OSError:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def _check_plain(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "that is a folder")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "that is a device or a pipe, and no file")
