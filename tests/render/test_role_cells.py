"""The cells of the map: numbers from the summary, and lines that explain them."""

import numpy as np
import pytest

from llm_tt.faithfulness.statistics import Interval
from llm_tt.render.role_cells import (
    amount_text,
    attention_cells,
    attention_difference_map,
    difference_map,
    share_text,
    summary_map,
)
from llm_tt.summaries.component_values import component_values
from llm_tt.summaries.group_difference import group_difference
from llm_tt.summaries.report import summarize_runs
from tests.summaries.planted_runs import PARTS, planted, random_contributions


@pytest.fixture(scope="module")
def runs():
    attention = np.tile([0.9, 0.2, 0.1, 0.1, 0.1, 0.1], (20, 1))
    attention[:10] -= 0.1
    return planted(
        random_contributions(20),
        groups=["a"] * 10 + ["b"] * 10,
        attention={"previous": attention},
        chance=0.05,
    )


def test_every_part_has_its_cell_with_its_mean(runs):
    report = summarize_runs(runs)
    for measured in ("share", "contribution"):
        shown = summary_map(report.parts, measured, report.roles)
        assert {cell.component for cell in shown.cells} == set(PARTS)
        assert (shown.is_signed, shown.is_share) == (measured == "contribution", measured == "share")
        for cell in shown.cells:
            row = report.parts.named(cell.component)
            assert cell.number == getattr(row, measured).mean
            assert (cell.layer, cell.head) == (row.component.layer, row.component.head)


def test_a_cell_says_its_role_and_a_persons_name(runs):
    report = summarize_runs(runs)
    shown = summary_map(report.parts, "share", report.roles, {"L0H0": "<b>mine</b>"})
    lines = next(cell.lines for cell in shown.cells if cell.component == "L0H0")
    assert lines[0] == "L0H0 <b>mine</b>"
    assert "previous-token head" in lines
    assert any(line.startswith("share ") and "place" in line for line in lines)


def test_a_difference_says_what_may_be_chance(runs):
    values = [component_values(runs, group=group) for group in ("a", "b")]
    difference = group_difference(*values)
    shown = difference_map(difference, "share")
    assert shown.is_signed
    for cell, row in zip(shown.cells, difference.rows, strict=True):
        assert cell.number == row.share.mean
        assert cell.is_sure == (row.share.low > 0 or row.share.high < 0)


def test_attention_of_one_group_and_of_two(runs):
    one, other = (summarize_runs(runs, group=group).attention for group in ("a", "b"))
    numbers = {cell.component: cell.number for cell in attention_cells(one, "previous").cells}
    assert numbers["L0H0"] == pytest.approx(0.8)
    assert len(numbers) == 6, "MLPs attend to nothing"
    cells = attention_difference_map(one, other, "previous").cells
    assert [cell.number for cell in cells] == pytest.approx([-0.1] * 6)
    assert all(cell.is_sure for cell in cells)
    assert attention_cells(one, "same").cells == ()


def test_intervals_in_words():
    assert share_text(Interval(0.123, 0.11, 0.135)) == "12.3 % [11.0, 13.5]"
    assert share_text(Interval(-0.01, -0.02, 0.005), signed=True) == "−1.0 % [−2.0, +0.5]"
    assert amount_text(Interval(8.271, -7.0, 8.8)) == "+8.27 [−7.00, +8.80]"
