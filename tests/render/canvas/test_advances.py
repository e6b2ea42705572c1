"""How wide letters are said to be where nothing can measure them."""

import pytest
from py_mini_racer import MiniRacer

from llm_tt.render.browser_module import CANVAS, folded_module


@pytest.fixture(scope="module")
def width():
    """Of a text, in sizes of its letters."""
    with MiniRacer() as engine:
        engine.eval(folded_module(CANVAS / "advances.js", "advanceOf"))
        yield lambda text: engine.call("advanceOf", text, 100) / 100


def test_widths_add_up_and_grow_with_the_size(width):
    assert width("") == 0
    assert width("Mary to") == pytest.approx(sum(map(width, "Mary to")))
    assert width("mW") > width("nV") > width("il")


def test_every_printable_letter_of_ascii_stands_in_the_table_once(width):
    unlisted = width("\N{GREEK SMALL LETTER ALPHA}")
    printable = [chr(code) for code in range(32, 127)]
    assert all(0.2 < width(letter) < 1.2 and width(letter) != unlisted for letter in printable)
    assert width("A") == pytest.approx(1.18 * 0.722)
    assert width("m") == pytest.approx(1.18 * 0.889)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("é", "e"),  # an accent takes no room
        ("e\u0301", "e"),
        ("Ä", "A"),
        ("東", "京"),
        ("👩\u200d👩\u200d👧", "🎉"),  # a family is one picture
        ("🇩🇪", "🎉"),
        ("한", "東"),  # one square, in however many pieces
    ],
)
def test_what_is_seen_as_one_character_is_as_wide_as_one(width, text, same):
    assert width(text) == pytest.approx(width(same))


def test_other_scripts_have_room(width):
    assert width("東") > width("Ж") > width("ж") > width("i")
    assert width("🎉") > width("東")
    assert width("مرحبا") > 3
