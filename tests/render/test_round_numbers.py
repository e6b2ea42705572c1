"""Ends of sliders and places on axes are round, and shares are written with a space before the per cent."""

import pytest

from llm_tt.render.round_numbers import round_up, share_ticks


@pytest.mark.parametrize(("size", "nice"), [(0.11, 0.2), (1.0, 1.0), (1.4, 2.0), (4.9, 5.0), (51.0, 100.0)])
def test_rounding_up(size, nice):
    assert round_up(size) == pytest.approx(nice)


@pytest.mark.parametrize(
    ("largest", "texts"),
    [
        (1.0, ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]),
        (0.23, ["0 %", "5 %", "10 %", "15 %", "20 %"]),
        (0.011, ["0.0 %", "0.5 %", "1.0 %"]),
        (1e-9, ["0 %", "2e-08 %", "4e-08 %", "6e-08 %", "8e-08 %", "1e-07 %"]),
    ],
)
def test_places_of_shares(largest, texts):
    ticks = share_ticks(0.0, largest)
    assert ticks["ticktext"] == texts
    assert ticks["tickvals"][-1] <= largest * (1 + 1e-9)
    assert len(ticks["tickvals"]) == len(texts) <= 6


def test_a_change_has_its_sign():
    ticks = share_ticks(-0.1, 0.1, most=4, is_change=True)
    assert ticks["ticktext"] == ["−10 %", "−5 %", "0 %", "+5 %", "+10 %"]
    assert ticks["tickvals"] == pytest.approx([-0.1, -0.05, 0.0, 0.05, 0.1])
