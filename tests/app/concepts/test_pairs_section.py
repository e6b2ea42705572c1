"""The strongest pairs: at once, or on request with large vocabularies; and the proof's share."""

import pytest

import llm_tt.app.concepts.pairs_section as pairs_section
from tests.app.driving import page_of_link, words


def pairs_of(page) -> list:
    """The table of pairs, if it is there."""
    return [frame.value for frame in page.dataframe if {"attended to", "logit"} <= {*frame.value}]


def test_switches_are_the_librarys_filters(world):
    page = page_of_link("concepts", concepts="weights", select="L1H0@13")
    assert "Proven" in words(page)
    for key, value in (("hide-same-words", True), ("hide-non-text", True), ("lowest-pairs", True)):
        page.checkbox(key=key).set_value(value).run()
        assert not page.exception
    (shown,) = pairs_of(page)
    assert (shown["logit"] < 0).all()
    assert all(any(letter.isalnum() for letter in token) for token in shown["written"])


@pytest.fixture
def large_vocabulary(monkeypatch):
    monkeypatch.setattr(pairs_section, "SMALL", 10)


def test_a_large_vocabulary_is_searched_when_asked_for(large_vocabulary):
    page = page_of_link("concepts", concepts="weights", select="L1H1@13")
    assert not pairs_of(page)
    page.button(key="search-pairs").click().run()
    assert not page.exception
    assert len(pairs_of(page)[0]) == 50
