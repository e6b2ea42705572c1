"""Reports as files: every component is in the table, text is text, and programs get plain numbers."""

import csv
import io

import pytest

from llm_tt.render.role_report import heading, report_csv, report_html, report_tables
from llm_tt.summaries.report import summarize_runs
from tests.summaries.planted_runs import planted, random_contributions

NASTY = "=cmd()<b>"


@pytest.fixture(scope="module")
def reports():
    runs = planted(random_contributions(8), groups=["a", NASTY] * 4, neurons=[{"L0N3": 0.5}] * 8)
    return [summarize_runs(runs, group=group) for group in (None, NASTY)]


def test_a_table_of_all_components(reports):
    rows = list(csv.DictReader(io.StringIO(report_csv(reports))))
    assert len(rows) == 2 * 9
    first = reports[0].parts.rows[0]
    assert rows[0]["component"] == first.component.name
    assert float(rows[0]["share"]) == first.share.mean
    assert float(rows[0]["contribution_high"]) == first.contribution.high
    assert rows[0]["group"] == ""
    assert rows[-1]["kind"] == "neuron"


def test_a_group_is_no_formula(reports):
    rows = list(csv.DictReader(io.StringIO(report_csv(reports))))
    assert rows[-1]["group"] == f"'{NASTY}"


def test_a_page_that_stands_alone(reports):
    page = report_html(reports)
    assert NASTY not in page
    assert "=cmd()&lt;b&gt;" in page
    assert page.count("<h2>") == 2
    assert '<script src="http' not in page
    assert "A name needs attention" in page


def test_headings(reports):
    assert heading(reports[0]) == "planted: 8 prompts, relp"
    assert heading(reports[1]) == f"planted, {NASTY}: 4 prompts, relp"
    assert len(report_tables(reports[0], 3)) >= 4
