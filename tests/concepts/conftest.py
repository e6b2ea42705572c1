"""What several tests of notes need."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from llm_tt.concepts.notebook import Notebook


@pytest.fixture
def notebook(tiny_model, tmp_path):
    """Kept in a folder of its own."""
    book = Notebook.of(tiny_model, tmp_path / "notes")
    yield book
    book.close()


@pytest.fixture
def nobody_may_write() -> Iterator[Callable[[Path], None]]:
    """Take the right to write a folder and its files away, until the test is over; from root too."""
    if os.name != "posix":
        pytest.skip("rights are kept in another way here")
    was, changed = os.geteuid(), []

    def forbid(folder: Path) -> None:
        for place in (folder, *folder.rglob("*")):
            changed.append((place, place.stat().st_mode))
            place.chmod(0o555 if place.is_dir() else 0o444)
        for parent in folder.parents:  # pytest's folders are for root alone
            if parent.stat().st_uid == was and not parent.stat().st_mode & 0o001:
                changed.append((parent, parent.stat().st_mode))
                parent.chmod(parent.stat().st_mode | 0o055)
        if was == 0:
            os.seteuid(65534)

    yield forbid
    os.seteuid(was)
    for place, mode in reversed(changed):
        place.chmod(mode)
