"""A norm's table: all of its columns, or as many as a card has room for."""

import json

import pytest
from streamlit.testing.v1 import AppTest

GAINS = {"token": ["·Mary", "·Tom"], "change": [5.7382, -0.013], "ranks": ["2 → 1", "9 → 12"]}


def script(only) -> None:
    from llm_tt.app.anatomy.norm_table import show_norm_table
    from tests.app.anatomy.test_norm_table import GAINS

    show_norm_table("Gain most", GAINS, only)


def shown(only=None):
    page = AppTest.from_function(script, kwargs={"only": only}).run()
    assert not page.exception
    (frame,) = page.dataframe
    return frame


@pytest.mark.parametrize("only", [None, ("token", "change")])
def test_changes_have_signs_and_enough_digits(only):
    columns = json.loads(shown(only).proto.columns)
    assert columns["change"]["label"] == "Δ %"
    assert columns["change"]["type_config"]["format"] == "%+.2f"


def test_all_columns_or_those_for_which_there_is_room():
    from llm_tt.app.anatomy.norm_table import ON_A_CARD

    assert list(shown().proto.column_order) == []
    assert list(shown(ON_A_CARD).proto.column_order) == ["token", "change"]
    assert shown(ON_A_CARD).value.to_dict("list") == GAINS
