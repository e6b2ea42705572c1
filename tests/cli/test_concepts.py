"""`llm-tt index` and `llm-tt search`, as a person uses them."""

import json

import pytest

from tests.cli.running import run as run_command
from tests.cli.running import said as run
from tests.concepts.conftest import build_word_model
from tests.concepts.same_index import flip


@pytest.fixture(autouse=True)
def word_model_in_a_cache_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("LLM_TT_CACHE", str(tmp_path / "cache"))
    opened = build_word_model()  # first, for it asks for the name that is replaced below
    monkeypatch.setattr("llm_tt.model.loading.load_model", lambda _: opened)


def test_index_says_where_how_large_and_how_long(tmp_path):
    said = run("index", "words")
    [place] = (tmp_path / "cache" / "indexes").iterdir()
    assert said.startswith(str(place))
    assert "256 neurons, 0." in said
    assert "MB, built in" in said
    assert "MB, opened in" in run("index", "words")
    assert str(tmp_path / "mine") in run("index", "words", "--folder", str(tmp_path / "mine"))


def test_index_goes_on_with_what_is_damaged(tmp_path):
    run("index", "words")
    [place] = (tmp_path / "cache" / "indexes").iterdir()
    flip(place / "directions.npy")
    assert "256 neurons" in run("index", "words")


def test_search_prints_the_lists_that_match():
    said = run("search", "words", "tokyo", "--top", "3")
    assert "L1N5" in said
    assert "·Tokyo (1)" in said
    assert "3 of " in said
    assert "L1N" not in run("search", "words", "tokyo", "--layer", "0")
    assert "inhibited_by" in run("search", "words", "tokyo", "--side", "inhibited_by", "--layer", "1")


def test_search_for_programs():
    found = json.loads(run("search", "words", "tokyo", "--json", "--top", "2"))
    assert len(found["hits"]) == 2
    assert (found["hits"][0]["layer"], found["hits"][0]["neuron"]) == (1, 5)
    assert found["n_found"] > 2
    assert found.keys() == {"query", "terms", "hits", "n_found", "hint"}
    assert found["hits"][0].keys() == {"layer", "neuron", "side", "score", "matches", "tokens"}


def test_search_says_what_it_does_not_find_or_know():
    assert "No token is “nowhere”" in run("search", "words", "nowhere")
    assert "Type a word" in run("search", "words", "")
    assert "[bold]" in run("search", "words", "[bold]")
    result = run_command("search", "words", "tokyo", "--side", "promote")
    assert result.exit_code == 2
    assert "Did you mean promotes?" in result.stderr
