"""What is selected is a part that one of both runs has."""

import pytest

from tests.app.comparison.comparing import LONGER, compare_page
from tests.app.driving import words


@pytest.mark.parametrize("name", ["L2H1@14", "L0.mlp@7", "L3.post@14"])
def test_parts_of_columns(name):
    page = compare_page(b_prompt=LONGER, both=name)
    assert not page.exception
    assert f"##### {name.partition('@')[0]}" in words(page)


@pytest.mark.parametrize("name", ["nonsense", "L9H1@3", "L2H1@99", "L2H1@7-3"])
def test_what_is_none(name):
    page = compare_page(b_prompt=LONGER, both=name)
    assert not page.exception
    assert "to see what it promotes in both runs" in words(page)
