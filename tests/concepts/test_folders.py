"""The folders of this person, or the ones that the environment names."""

from pathlib import Path

from llm_tt.concepts.folders import cache_folder, data_folder


def test_the_environment_wins(monkeypatch, tmp_path):
    monkeypatch.setenv("LLM_TT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("LLM_TT_DATA", str(tmp_path / "data"))
    assert cache_folder() == tmp_path / "cache"
    assert data_folder() == tmp_path / "data"


def test_an_empty_variable_names_nothing_and_a_home_is_spelled_out(monkeypatch):
    monkeypatch.setenv("LLM_TT_CACHE", "  ")
    monkeypatch.setenv("LLM_TT_DATA", "~/mine")
    assert cache_folder().name == "llm_tt"
    assert data_folder() == Path.home() / "mine"


def test_without_it_both_lie_apart_and_nothing_is_made(monkeypatch, tmp_path):
    for variable in ("LLM_TT_CACHE", "LLM_TT_DATA", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() != data_folder()
    assert cache_folder().is_absolute()
    assert not any(tmp_path.iterdir())
