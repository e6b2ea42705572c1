"""What several tests of notes need."""

import pytest

from llm_tt.concepts.notebook import Notebook


@pytest.fixture
def notebook(tiny_model, tmp_path):
    """Kept in a folder of its own."""
    book = Notebook.of(tiny_model, tmp_path / "notes")
    yield book
    book.close()
