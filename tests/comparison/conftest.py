"""Two runs of tiny random models, for what needs a model."""

import pytest

from llm_tt.comparison.compared import Comparison, compare
from llm_tt.comparison.explained_run import explain


@pytest.fixture(scope="session")
def two_prompts(tiny_model) -> Comparison:
    """Prompts of other lengths, by relevance."""
    return compare(
        explain(tiny_model, "abcd", "relp", target_token="x"),
        explain(tiny_model, "abxycd", "relp", target_token="y"),
    )
