"""Alignments: whole, in order, and as a person corrected them."""

from random import Random

import pytest

from llm_tt.comparison.alignment import Alignment, align
from llm_tt.errors import ComparisonError

FIRST = ["When", "Mary", "and", "John", "went"]
SECOND = ["When", "Ann", "abel", "and", "John", "went"]


@pytest.mark.parametrize("seed", range(80))
def test_every_alignment_is_whole_in_order_and_as_asked(seed):
    draw = Random(seed)
    first, second = ("".join(draw.choices("abcd", k=draw.randrange(1, 10))) for _ in range(2))
    target = draw.randrange(len(first)), draw.randrange(len(second))
    pairs = []
    for _ in range(3):
        pair = draw.choice(
            [
                (draw.randrange(len(first)), draw.randrange(len(second))),
                (draw.randrange(len(first)), None),
                (None, draw.randrange(len(second))),
            ]
        )
        try:
            align(first, second, [*pairs, pair], target=target)
        except ComparisonError:
            continue
        pairs.append(pair)
    columns = align(first, second, pairs, target=target).columns
    for side, tokens in enumerate((first, second)):
        assert [column[side] for column in columns if column[side] is not None] == list(range(len(tokens)))
    assert (None, None) not in columns
    assert {target, *pairs} <= set(columns)


def test_prompts_of_one_length_are_aligned_by_position():
    alignment = align(FIRST, FIRST[::-1])
    assert alignment.is_by_position
    assert alignment.columns == tuple((at, at) for at in range(5))


def test_others_by_their_tokens():
    alignment = align(FIRST, SECOND)
    assert not alignment.is_by_position
    assert alignment.labels(FIRST, SECOND) == ("When", "Ann", "Mary | abel", "and", "John", "went")
    assert alignment.columns_of(0).tolist() == [0, 2, 3, 4, 5]
    assert [alignment.partner(at, of=1) for at in range(6)] == [0, None, 1, 2, 3, 4]


def test_a_correction_holds_and_the_rest_follows():
    corrected = align(FIRST, SECOND, [(1, 1)])
    assert corrected.labels(FIRST, SECOND) == ("When", "Mary | Ann", "abel", "and", "John", "went")
    assert align(FIRST, FIRST, [(1, None)]).columns[1:3] != ((1, 1), (2, 2))
    shifted = align(list("xabc"), list("abcy"), [(1, 0)], target=(3, 2))
    assert shifted.columns == ((0, None), (1, 0), (2, 1), (3, 2), (None, 3))


def test_what_is_explained_shares_a_column():
    assert (2, 4) in align(FIRST, SECOND, target=(2, 4)).columns


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([(1, 3), (2, 2)], "crosses 1 and 3, another pair"),
        ([(1, 1), (1, 2)], "already belongs to 1 and 1"),
        ([(9, 0)], "first prompt's positions are 0 to 4"),
        ([(0, -1)], "second prompt's positions are 0 to 5"),
        ([(2, 5)], "already belongs to 4 and 5, what is explained"),
        ([(4, 2)], "already belongs to 4 and 5, what is explained"),
        ([(4, None)], "is what is explained"),
        ([(None, 2), (1, 2)], "1 and 2 is a pair"),
        ([(None, None)], "names no position"),
    ],
)
def test_what_cannot_be_is_refused_in_words(pairs, found):
    with pytest.raises(ComparisonError, match=found):
        align(FIRST, SECOND, pairs)


@pytest.mark.parametrize(
    "columns", [((1, 0), (0, 1)), ((0, 0), (0, 1)), ((0, None),), ((0, 0), (None, None)), ((0, 0), (2, 1))]
)
def test_columns_that_are_no_alignment(columns):
    with pytest.raises(ComparisonError):
        Alignment(columns)
