"""The documents' pictures: each is there in both themes, each is shown, and none is left over."""

import re
import struct
from pathlib import Path

import pytest

from tests.end_to_end.pictures import DOCS, NOTEBOOK, SHOTS, all_files, file_names

ROOT = DOCS.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(
    r'<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*'
    r'<img alt="([^"]+)" src="([^"]+)">\s*</picture>',
    README,
)
LARGEST = 200_000
"""Bytes of a picture."""
PALETTE = 3
"""A PNG's type of colours."""


def header_of(path: Path) -> tuple[int, int, int]:
    """Width, height and type of colours."""
    begin = path.read_bytes()[:26]
    assert begin[:8] == b"\x89PNG\r\n\x1a\n"
    return (*struct.unpack(">II", begin[16:24]), begin[25])


def test_the_script_writes_all_that_lie_there_and_nothing_else():
    assert sorted(path.name for path in DOCS.rglob("*.png")) == sorted(all_files())


def test_the_readme_shows_each_once_in_the_readers_theme():
    shown = [(Path(light).name, Path(dark).name) for dark, _, light in SHOWN]
    assert sorted(shown) == sorted(tuple(file_names(name)) for name in (*SHOTS, NOTEBOOK))
    assert all((ROOT / path).exists() for dark, _, light in SHOWN for path in (dark, light))


def test_no_picture_is_shown_in_one_theme_alone():
    everywhere = set(re.findall(r"docs/[\w-]+\.png", README))
    assert everywhere == {path for dark, _, light in SHOWN for path in (dark, light)}


@pytest.mark.parametrize("name", [*SHOTS, NOTEBOOK])
def test_both_are_of_one_window_and_small(name):
    light, dark = (DOCS / file for file in file_names(name))
    assert header_of(light) == header_of(dark)
    assert header_of(light)[2] == PALETTE
    assert max(light.stat().st_size, dark.stat().st_size) < LARGEST
    assert light.read_bytes() != dark.read_bytes()
