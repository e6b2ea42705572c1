"""Which parts are the strongest, and numbers that make no sense."""

import pytest
import torch

from llm_tt.anatomy.measures import Numbers, all_but, check_measure, strongest, strongest_of_each_sign
from llm_tt.errors import GraphError


def test_the_strongest_come_first_and_nothing_is_not_chosen():
    strengths = torch.tensor([0.0, 3.0, 1.0, 3.0, 2.0])
    assert strongest(strengths, 3).tolist() == [1, 3, 4]
    assert strongest(strengths, 99).tolist() == [1, 3, 4, 2]
    assert strongest(torch.zeros(4), 2).tolist() == []


def test_each_sign_has_its_own_and_the_lowest_stands_last():
    numbers = torch.tensor([0.5, -3.0, 0.0, 2.0, -1.0, 1.0])
    assert strongest_of_each_sign(numbers, 2).tolist() == [3, 5, 4, 1]
    assert strongest_of_each_sign(numbers.abs(), 2).tolist() == [1, 3]


def test_all_others():
    assert all_but(torch.tensor([2, 0]), 4).tolist() == [False, True, False, True]


@pytest.mark.parametrize(
    ("measure", "numbers", "said"),
    [
        ("size", Numbers(), "contribution, norm, attention"),
        ("norm", Numbers(heads=0), "Ask for 1 or more"),
        ("norm", Numbers(keys=0), "Show 0 keys"),
        ("norm", Numbers(neurons=-1), "Sums would have no parts"),
        ("norm", Numbers(outputs=-1), "Ask for 0 or more"),
    ],
)
def test_what_shows_nothing_is_refused(measure, numbers, said):
    with pytest.raises(GraphError, match=said):
        check_measure(measure, numbers, 5)


@pytest.mark.parametrize("top", [0, -1])
def test_no_tokens_are_no_reading(top):
    with pytest.raises(GraphError, match=f"Show {top} tokens"):
        check_measure("norm", Numbers(), top)


def test_no_output_neurons_are_allowed():
    check_measure("attention", Numbers(1, 1, 0, 1), 1)
