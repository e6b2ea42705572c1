"""The shortest way from one row of tokens to another, against the plainest search."""

from functools import cache
from random import Random

import pytest

from llm_tt.comparison.token_steps import BOTH, ONLY_FIRST, ONLY_SECOND, token_steps


def cost_of(steps, first, second, alone) -> int:
    i = j = cost = 0
    for step in steps:
        if step == BOTH:
            assert not alone[0][i]
            assert not alone[1][j]
            cost += first[i] != second[j]
        else:
            cost += 1
        i, j = i + (step != ONLY_SECOND), j + (step != ONLY_FIRST)
    assert (i, j) == (len(first), len(second))
    return cost


def least_cost(first, second, alone) -> int:
    @cache
    def least(i: int, j: int) -> int:
        if i == 0 or j == 0:
            return i + j
        ways = [least(i - 1, j) + 1, least(i, j - 1) + 1]
        if not (alone[0][i - 1] or alone[1][j - 1]):
            ways.append(least(i - 1, j - 1) + (first[i - 1] != second[j - 1]))
        return min(ways)

    return least(len(first), len(second))


@pytest.mark.parametrize("seed", range(60))
def test_no_way_is_shorter(seed):
    draw = Random(seed)
    first, second = ("".join(draw.choices("abc", k=draw.randrange(9))) for _ in range(2))
    alone = tuple([draw.random() < 0.15 for _ in row] for row in (first, second))
    assert cost_of(token_steps(first, second, alone), first, second, alone) == least_cost(
        first, second, alone
    )


def test_of_a_longer_name_the_end_stands_beside_the_shorter_one():
    steps = token_steps(["a", "Mary", "b"], ["a", "Ann", "abel", "b"], ([False] * 3, [False] * 4))
    assert steps == [BOTH, ONLY_SECOND, BOTH, BOTH]


def test_nothing_beside_something():
    assert token_steps([], [], ([], [])) == []
    assert token_steps([], ["a"], ([], [False])) == [ONLY_SECOND]
    assert token_steps(["a"], ["a"], ([True], [False])) in (
        [ONLY_FIRST, ONLY_SECOND],
        [ONLY_SECOND, ONLY_FIRST],
    )
