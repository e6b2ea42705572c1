"""Writing a file whole or not at all."""

import errno
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from llm_tt.errors import ExportError


def write_whole(path: Path, content: bytes) -> None:
    """Beside its place first, then moved there: nobody ever finds half of it.

    Raises:
        ExportError: it cannot be written there.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError
        if path.exists() and not path.is_file():
            # A device or a pipe, which no file may take the place of. What /dev/stdout leads to has no name,
            # so it is opened by the one that was given.
            path.write_bytes(content)
        else:
            put_whole(path.resolve(), content)
    except OSError as problem:
        refuse(path, problem)
    except ValueError:  # a zero byte, half of a surrogate pair
        refuse(path, OSError(0, "that can be no file's name"))


def put_whole(place: Path, content: bytes) -> None:
    """The same for a file that takes no other's place, for callers with words of their own.

    Raises:
        OSError: it cannot be written there.
    """
    # By chance: threads share a process's number, and so do, one after another, the processes of a container.
    unfinished = place.with_name(f".{secrets.token_hex(8)}.unfinished")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
        if place.exists():
            shutil.copymode(place, unfinished)
        unfinished.replace(place)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise


def is_full(problem: OSError) -> bool:
    """Whether there is no room: on the disk, in a person's share of it, or in one file."""
    return problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def refuse(path: Path, problem: OSError) -> NoReturn:
    """Say in three parts why a file cannot be written.

    Raises:
        ExportError: always.
    """
    if isinstance(problem, IsADirectoryError):
        found, remedy = "That is a folder.", f"Name a file in it, such as {str(path / 'out.html')!r}."
    elif isinstance(problem, FileNotFoundError) and not path.absolute().parent.is_dir():
        found = f"There is no folder {str(path.absolute().parent)!r}."
        remedy = "Make the folder first, or write elsewhere."
    elif is_full(problem):
        found, remedy = "The disk is full.", "Make room, or choose another place."
    else:
        found, remedy = f"It cannot be written: {problem.strerror}.", "Choose a place where you may write."
    raise ExportError(asked=f"Write {path}.", found=found, remedy=remedy) from None
