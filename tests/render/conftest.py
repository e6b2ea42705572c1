"""A comparison of the embedded model, for what is drawn and told of two runs."""

import pytest

import llm_tt
from llm_tt.comparison.compared import Comparison

CLEAN = "When Mary and John went to the store, John gave a drink to"
LONGER = "When Mary and John went to the big store, Mary gave a drink to"


@pytest.fixture(scope="session")
def world_model():
    return llm_tt.load_model("small-world")


@pytest.fixture(scope="session")
def two_runs_compared(world_model) -> Comparison:
    """Prompts of other lengths, each with its own prediction, by relevance."""
    return llm_tt.compare(
        llm_tt.explain(world_model, CLEAN, "relp"), llm_tt.explain(world_model, LONGER, "relp")
    )
