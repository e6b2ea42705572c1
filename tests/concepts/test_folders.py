"""Folders that a variable may name."""

from pathlib import Path

from llm_tt.concepts.folders import cache_folder, data_folder


def test_variables_win(monkeypatch):
    monkeypatch.delenv("LLM_TT_CACHE", raising=False)
    monkeypatch.delenv("LLM_TT_DATA", raising=False)
    assert cache_folder() != data_folder()
    monkeypatch.setenv("LLM_TT_CACHE", "/a")
    monkeypatch.setenv("LLM_TT_DATA", "/b")
    assert (cache_folder(), data_folder()) == (Path("/a"), Path("/b"))
