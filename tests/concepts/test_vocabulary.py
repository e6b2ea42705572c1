"""The tokens that a term means, against looking at every token."""

import unicodedata

import pytest

from llm_tt.concepts.query import term_of
from llm_tt.concepts.token_filters import key_of
from llm_tt.concepts.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("term", "texts"),
    [
        ("tokyo", {" Tokyo", "tokyo", " Tōkyō"}),
        ("TŌKYŌ", {" Tokyo", "tokyo", " Tōkyō"}),
        ('" Tokyo"', {" Tokyo"}),
        ('"Tokyo"', set()),
        ("strasse", {" Straße", "strasse"}),
        ("uber", {" über", "uber"}),
        ("17", {"17", " 17"}),
        ("!", {"!", " !"}),
        ("*", {"*"}),
        ("1*", {"17", " 17", " 1"}),
        ("to*", {" Tokyo", "tokyo", " Tōkyō", "to", " to", " Toronto"}),
        ("*oky*", {" Tokyo", "tokyo", " Tōkyō"}),
        ("*yo*", {" Tokyo", "tokyo", " Tōkyō", "Kyoto", " Kyoto", " York", "York"}),
        ("*oto", {"Kyoto", " Kyoto"}),
        ("😀", {" 😀"}),
        ("日本", {" 日本", "日本"}),
        ("<0xe2>", {"<0xE2>"}),
        ("<script>", {"<script>"}),
        ("a", {" a", "A", "á"}),
        ('"', {'"', ' "'}),
        ('"""', {'"'}),
        ("*e2>*", {"<0xE2>"}),
        ("zzz", set()),
    ],
)
def test_words_as_a_person_means_them(term, texts, word_index):
    found = word_index.matching_tokens(term)
    assert set(found.token_strings) == texts
    assert len(set(found.token_ids)) == len(found.token_ids)


def plain_key(text):
    folded = unicodedata.normalize("NFD", text.strip().casefold())
    return unicodedata.normalize("NFC", "".join(c for c in folded if not "\u0300" <= c <= "\u036f"))


@pytest.mark.parametrize("needle", ["a", "o", "yo", "wor", "word1", "e2>", "-", '"', "日", "ord2", "0x"])
def test_beginnings_ends_and_parts_equal_looking_at_every_token(needle, word_index):
    texts = word_index._vocabulary.texts
    for typed, fits in (
        (f"{needle}*", lambda key: key.startswith(needle)),
        (f"*{needle}", lambda key: key.endswith(needle)),
        (f"*{needle}*", lambda key: needle in key),
    ):
        expected = [number for number, text in enumerate(texts) if fits(plain_key(text))]
        expected.sort(key=lambda number: (len(plain_key(texts[number])), number))
        assert list(word_index.matching_tokens(typed).token_ids) == expected, typed


def test_keys():
    assert key_of("  Ärger ") == "arger"
    assert key_of("한국") == "한국", "Korean letters are put together again"
    assert key_of("कि") == "कि", "vowel signs are letters"
    assert key_of(" \n") == ""


def test_half_a_surrogate_and_zero_bytes_are_no_error(word_index):
    vocabulary = Vocabulary(["a\ud800bc", "x\0yz", "", " "])
    assert vocabulary.matching(term_of("*d800*"), word_index._files.database) == []
    assert vocabulary.matching(term_of("*\0yz*"), word_index._files.database) == [1]
    assert vocabulary.matching(term_of("a\ud800bc"), word_index._files.database) == [0]
    assert vocabulary.matching(term_of('" "'), word_index._files.database) == [3]


def test_words_worth_comparing_include_the_ones_that_begin_alike(word_index):
    assert {"tokyo", "toronto"} <= set(word_index._vocabulary.words_like("tokio"))
    assert word_index._vocabulary.words_like("") == []
