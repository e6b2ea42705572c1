"""The small world is opened once for all tests of commands."""

import pytest

import llm_tt
from llm_tt.model import loading


@pytest.fixture(scope="session")
def small_world():
    return llm_tt.load_model("small-world")  # by its public name, which then stays what it is


@pytest.fixture(autouse=True)
def opened_once(small_world, monkeypatch):
    def load(source, *more):
        return small_world if source == "small-world" else llm_tt.load_model(source, *more)

    monkeypatch.setattr(loading, "load_model", load)
