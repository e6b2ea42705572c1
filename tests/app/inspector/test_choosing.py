"""A row of a table is a part; choosing it goes there."""

import pytest

from llm_tt.app.inspector import choosing
from llm_tt.tracing.parts import Part

PARTS = [Part.named("L0H0@1-2"), Part.named("L0H1@1-2")]
EDGE = Part.named("L0.attention@1-2")


@pytest.fixture
def table(monkeypatch):
    """What the table was given, and a function that chooses rows as a browser would."""
    given, chosen, state = {}, [], {}
    monkeypatch.setattr(choosing.st, "dataframe", lambda columns, **options: given.update(options))
    monkeypatch.setattr(choosing.st, "session_state", state)

    def mount(**options):
        choosing.choose_from_table(
            {"head": ["L0H0", "L0H1"], "nats": [0.5, 0.01]},
            PARTS,
            chosen.append,
            key="k",
            unit="nats",
            column_config={},
            **options,
        )

        def choose_rows(rows):
            state["k"] = {"selection": {"rows": rows}}
            given["on_select"]()
            return chosen

        return given, choose_rows

    return mount


def test_a_row_chooses_its_part(table):
    _, choose_rows = table()
    assert choose_rows([1]) == [PARTS[1]]


@pytest.mark.parametrize("rows", [[], [7], [-1]])
def test_no_row_or_one_that_does_not_exist_chooses_nothing(table, rows):
    _, choose_rows = table()
    assert choose_rows(rows) == []


def test_leaving_a_row_goes_back_to_what_it_belongs_to(table):
    given, choose_rows = table(chosen=PARTS[1], otherwise=EDGE)
    assert given["selection_default"] == {"selection": {"rows": [1]}}
    assert choose_rows([]) == [EDGE]
