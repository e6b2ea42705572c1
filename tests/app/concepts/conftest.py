"""The small world's index, as every test of the Concepts page reads it."""

import pytest

import llm_tt


@pytest.fixture(scope="session")
def index(world):
    """Built once, in the folder that the tests have for such things."""
    return llm_tt.build_index(world[0])


@pytest.fixture(autouse=True)
def own_notes(tmp_path, monkeypatch):
    """Each test begins without notes."""
    from llm_tt.app.cached import open_notebook

    monkeypatch.setenv("LLM_TT_DATA", str(tmp_path))
    open_notebook.clear()
    yield
    open_notebook.clear()
