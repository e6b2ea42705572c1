"""Colours of ranks: alike from both ends, and letters that can be read on all of them."""

import math
from itertools import pairwise

import pytest

LIGHT = {
    "positive": "#1f6fb5",
    "negative": "#d4500a",
    "plain": {"band": "#f4f4f1", "background": "#ffffff", "ink": "#31333f"},
}
DARK = {
    "positive": "#6cb2ee",
    "negative": "#ff8a4c",
    "plain": {"band": "#232320", "background": "#141412", "ink": "#fafafa"},
}


@pytest.mark.parametrize("vocabulary", [2, 3, 50, 3013, 256_000])
def test_tones_fall_from_the_first_rank_to_the_last_and_mirror_each_other(vocabulary, ask_node):
    ranks = sorted({1, 2, 3, 10, 100, vocabulary // 2, vocabulary // 2 + 1, vocabulary - 9, vocabulary})
    ranks = [rank for rank in ranks if 1 <= rank <= vocabulary]
    mirrored = [vocabulary + 1 - rank for rank in ranks]
    tones, others = ask_node(
        b"",
        {"ask": "tones", "ranks": ranks, "vocabulary": vocabulary},
        {"ask": "tones", "ranks": mirrored, "vocabulary": vocabulary},
    )
    assert tones[0] == 1
    assert tones[-1] == -1
    assert all(before >= after for before, after in pairwise(tones))
    for rank, mirror, tone, other in zip(ranks, mirrored, tones, others, strict=True):
        assert rank == mirror or tone == pytest.approx(-other)


def test_a_tone_is_the_logarithm_of_the_rank_from_its_end(ask_node):
    (tones,) = ask_node(b"", {"ask": "tones", "ranks": [10, 2992, 1500, None], "vocabulary": 3000})
    expected = 1 - math.log(10) / math.log(1500)
    assert tones[0] == pytest.approx(expected)
    assert tones[1] == pytest.approx(-(1 - math.log(9) / math.log(1500)))
    assert tones[2:] == [0, 0]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_ends_have_full_colour_and_all_letters_can_be_read(theme, ask_node):
    tones = [i / 100 for i in range(-100, 101)]
    (chips,) = ask_node(b"", {"ask": "chip", "theme": theme, "tones": tones})
    assert chips[0]["fill"] == theme["negative"]
    assert chips[100]["fill"] == theme["plain"]["band"]
    assert chips[-1]["fill"] == theme["positive"]
    assert min(chip["contrast"] for chip in chips) >= 4.5


def test_the_bar_is_long_where_a_reading_is_decided(ask_node):
    (shares,) = ask_node(
        b"",
        {"ask": "decided", "entropies": [0, math.log(1000) / 2, math.log(1000), None], "vocabulary": 1000},
    )
    assert shares[:3] == pytest.approx([1, 0.5, 0])
    assert shares[3] is None
