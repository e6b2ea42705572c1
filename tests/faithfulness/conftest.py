"""The small world's own questions."""

import pytest

import llm_tt
from llm_tt.attribution.target import resolve_target


@pytest.fixture(scope="session")
def small_world():
    return llm_tt.load_model("small-world")


@pytest.fixture(scope="session")
def ask(small_world):
    """The trace of a prompt and the target: one token against another."""

    def answer(prompt, token, contrast):
        trace = llm_tt.capture(small_world, prompt)
        return trace, resolve_target(small_world, trace, token=token, contrast=contrast)

    return answer
