"""The small world, whose heads have roles that are known."""

import pytest

import llm_tt


@pytest.fixture(scope="session")
def small_world():
    return llm_tt.load_model("small-world")
