"""Texts that can be read everywhere."""

import pytest

from llm_tt.render.portable_text import portable

TEXTS = [
    ('a "b"\n', 'a "b"\n'),
    ("👋🏽", "👋🏽"),
    ("half \ud83d", "half \ufffd"),
    ("\udc4bother half", "\ufffdother half"),
    ("\ud83d\udc4b", "👋"),
    ("zero\0byte", "zero\ufffdbyte"),
]


@pytest.mark.parametrize(("text", "written"), TEXTS)
def test_what_no_file_can_hold_is_marked(text, written):
    assert portable(text) == written
    assert portable(text).encode().decode() == written
