"""Labels along a prompt: text, never markup; and never one over another."""

import itertools

import pytest

from llm_tt.render.position_axis import category_names, label_pixels, labelled_positions, position_axis

TOKENS = ["<b>", " John", " John", "a" * 40, "&lt;", ""]


def test_every_position_has_a_name_of_its_own_and_markup_is_text():
    assert category_names(TOKENS) == [
        "&lt;b&gt; (0)",
        "·John (1)",
        "·John (2)",
        "a" * 40 + " (3)",
        "&amp;lt; (4)",
        "∅ (5)",
    ]


def test_quotes_stay_as_they_are():
    """Plotly knows the names of few characters: it would write &quot; out."""
    assert category_names(['"', "it's"]) == ['" (0)', "it's (1)"]
    assert position_axis(['"', "it's"], 200)["ticktext"] == ['"', "it's"]


def test_few_tokens_are_all_labelled_and_long_ones_shortened():
    axis = position_axis(TOKENS, 200)
    assert axis["tickvals"] == category_names(TOKENS)
    assert axis["ticktext"] == ["&lt;b&gt;", "·John", "·John", "a" * 11 + "…", "&amp;lt;", "∅"]


@pytest.mark.parametrize("chosen", [[], [0], [50], [47], [99]])
@pytest.mark.parametrize("n_labels", [7, 19, 40])
def test_a_hundred_labels_are_thinned_and_the_chosen_one_is_always_there(n_labels, chosen):
    shown = labelled_positions(100, n_labels, chosen)
    assert set(chosen) <= set(shown)
    distances = [right - left for left, right in itertools.pairwise(shown)]
    assert min(distances) >= 100 / n_labels
    assert len(shown) >= 100 / (100 // n_labels + 1) - 2


def test_where_labels_are_thinned_they_say_where_they_stand():
    axis = position_axis([" x"] * 100, 260, [41])
    assert "·x (41)" in axis["ticktext"]
    assert len(axis["ticktext"]) == len(axis["tickvals"]) <= 20


def test_room_is_for_what_is_seen_not_for_its_escapes():
    assert label_pixels(position_axis(["<<<"], 100)) == label_pixels(position_axis(["abc"], 100))
    assert label_pixels(position_axis(["abcdef"], 100)) > label_pixels(position_axis(["abc"], 100))
