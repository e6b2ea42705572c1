"""What is said about a search that finds nothing, or too much."""

import pytest

from llm_tt.concepts import hints


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "Type a word"),
        ("OR AND NOT OR", "Type a word"),
        ("-tokyo", "only words that must not be"),
        ("tokio", "No token is “tokio”. Tokens like it: “tokyo”"),
        ("new york city", "No token is “city”"),
        ("tokyo -tokyo", "No list that was searched has all of these"),
        ("zz*", "No token is “zz*”"),
        ("x" * 10_000, "Only the first 500 characters"),
        ("😀😀😀", "No token is"),
        ("<script>alert(1)</script>", "No token is “<script>alert(1)</script>”"),
        ('"\'; DROP TABLE parts; --"', "No token is"),
        ("*%_*", "No token is"),
        ('*"""*', "No token is"),
        ("*(a OR b)*", "No token is"),
        ("\0", "No token is"),
        ("a\ud800b", "No token is"),
    ],
)
def test_odd_input_is_never_an_error(query, says, word_index):
    result = word_index.search(query)
    assert says in result.hint
    assert result.hits == ()
    assert len(result.hint) < 600


def test_a_search_that_finds_says_nothing(word_index):
    assert word_index.search("tokyo").hint == ""


def test_a_word_on_no_list_that_was_searched(word_index):
    result = word_index.search("tokyo", layers=[])
    assert "on no list that was searched" in result.hint


def test_a_word_that_the_model_splits_is_shown_in_pieces(open_family):
    import llm_tt

    index = llm_tt.build_index(open_family("GPT-2"), in_memory=True)
    assert "the model splits it into “ ”, “d”, “o”, “g”" in index.search("dog").hint
    index._model = lambda: None
    assert "splits" not in index.search("dog").hint


def test_long_words_are_cut():
    assert len(hints._shown("x" * 100)) == hints.LONGEST_SHOWN + 2
