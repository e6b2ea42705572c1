"""The index: built at once, or offered where it takes long, or in memory where nothing can be kept."""

import pytest

import llm_tt.app.concepts.index_place as index_place
from llm_tt.app.cached import kept
from llm_tt.concepts.index_errors import DamagedIndexError
from llm_tt.concepts.neuron_index import NeuronIndex
from llm_tt.errors import ConceptIndexError
from tests.app.driving import cards_of, page_of_link, words


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("LLM_TT_CACHE", str(tmp_path))
    kept.clear()
    yield tmp_path
    kept.clear()


def test_a_small_model_is_read_unasked(empty_cache):
    page = page_of_link("concepts", q="paris")
    assert not page.exception
    assert cards_of(page, "hits")
    assert list(empty_cache.rglob("index.sqlite"))


def test_a_large_one_is_offered_and_read_when_asked_for(empty_cache, monkeypatch):
    monkeypatch.setattr(index_place, "QUICK", 10)
    page = page_of_link("concepts", q="paris")
    assert "were not read yet" in words(page)
    assert not list(empty_cache.rglob("index.sqlite"))
    page.button(key="build-index").click().run()
    assert not page.exception
    assert cards_of(page, "hits")


def test_where_nothing_can_be_written_it_is_kept_in_memory_and_that_is_said(empty_cache, monkeypatch):
    build = index_place.build_index

    def refuse(model, *, in_memory=False, **options):
        if not in_memory:
            raise ConceptIndexError(asked="Keep an index.", found="The disk is full.", remedy="Make room.")
        return build(model, in_memory=True, **options)

    monkeypatch.setattr(index_place, "build_index", refuse)
    page = page_of_link("concepts", q="paris")
    assert not page.exception
    assert "The disk is full." in words(page)
    assert "kept in memory" in words(page)
    assert cards_of(page, "hits")
    page.text_input(key="q").set_value("tokyo").run()
    assert "The disk is full." not in words(page)  # said once
    assert cards_of(page, "hits")


@pytest.mark.parametrize("quick", [10, index_place.QUICK])
def test_a_hosted_dashboard_does_not_name_its_folders(empty_cache, monkeypatch, quick, caplog):
    blocked = empty_cache / "a-file"
    blocked.write_text("")
    monkeypatch.setenv("LLM_TT_CACHE", str(blocked))
    for settings, is_named in (("config/hosted.toml", False), ("config/local.toml", True)):
        kept.clear()
        monkeypatch.setenv("LLM_TT_SETTINGS", settings)
        monkeypatch.setattr(index_place, "QUICK", quick)
        page = page_of_link("concepts", q="paris")
        if quick == 10:
            page.button(key="build-index").click().run()
        assert not page.exception
        assert "That did not work" in words(page)
        assert (str(empty_cache) in words(page)) is is_named
    assert str(empty_cache) in caplog.text  # whoever runs the dashboard sees it


def test_files_that_break_while_the_dashboard_runs_are_made_anew(empty_cache):
    page = page_of_link("concepts", q="paris", select="L1N5@3")
    found = cards_of(page, "hits")
    (file,) = empty_cache.rglob("index.sqlite")
    with file.open("r+b") as index:
        index.write(bytes(200_000))
    page.text_input(key="q").set_value("tokyo").run()
    assert not page.exception
    assert "That did not work" not in words(page)
    page.text_input(key="q").set_value("paris").run()
    assert cards_of(page, "hits") == found


def test_what_turns_out_to_be_damaged_in_a_search_is_opened_anew_by_the_next(empty_cache, monkeypatch):
    page = page_of_link("concepts", q="paris")
    found = cards_of(page, "hits")
    opened = []
    build = index_place.build_index
    monkeypatch.setattr(
        index_place, "build_index", lambda model, **how: opened.append(model) or build(model, **how)
    )
    with monkeypatch.context() as broken:

        def search(*question, **how):
            raise DamagedIndexError(asked="Search.", found="It is damaged.", remedy="Open it again.")

        broken.setattr(NeuronIndex, "search", search)
        page.text_input(key="q").set_value("tokyo").run()
        assert "It is damaged." in words(page)
        assert not opened
    page.text_input(key="q").set_value("paris").run()
    assert len(opened) == 1
    assert cards_of(page, "hits") == found
