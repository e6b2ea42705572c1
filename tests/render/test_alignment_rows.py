"""The rows of an alignment, and the line above them."""

from llm_tt.comparison.alignment import align
from llm_tt.model.prompt import Prompt
from llm_tt.render.alignment_rows import alignment_in_words, alignment_rows


def prompt(*tokens: str) -> Prompt:
    return Prompt("".join(tokens), tuple(range(len(tokens))), tokens)


FIRST, SECOND = prompt("a", " b", "c"), prompt("a", "<script>", " b", "d")


def test_rows():
    alignment = align(FIRST.token_strings, SECOND.token_strings)
    rows = alignment_rows(alignment, (FIRST, SECOND), ("A", "B"), [(1, 2)], (2, 3))
    told = rows["columns"]
    assert [[side and side["text"] for side in column["sides"]] for column in told] == [
        ["a", "a"],
        [None, "<script>"],
        ["·b", "·b"],
        ["c", "d"],
    ]
    assert [column["sides"][1]["position"] for column in told] == [0, 1, 2, 3]
    assert [column["differs"] for column in told] == [False, True, False, True]
    assert [column["isCorrected"] for column in told] == [False, False, True, False]
    assert [column["isTarget"] for column in told] == [False, False, False, True]


def test_in_words():
    alignment = align(FIRST.token_strings, SECOND.token_strings)
    assert (
        alignment_in_words(alignment, (FIRST, SECOND))
        == "4 columns, aligned by tokens, 1 with two tokens, 1 of one prompt alone"
    )
    alike = align(FIRST.token_strings, FIRST.token_strings)
    assert alignment_in_words(alike, (FIRST, FIRST)) == "3 columns, aligned by position, 0 with two tokens"
