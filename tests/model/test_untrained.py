"""Models without files: always the same, and without side effects."""

import pytest
import torch

import llm_tt
from llm_tt.model.spec import UNTRAINED
from llm_tt.model.untrained import SHAPES, build


def test_every_name_has_a_shape():
    assert set(SHAPES) == set(UNTRAINED)


def test_the_weights_are_always_the_same_and_other_random_numbers_are_left_alone():
    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    first, _ = build("untrained")
    assert torch.rand(1) == expected
    second, _ = build("untrained")
    pairs = zip(first.parameters(), second.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("source", UNTRAINED)
def test_every_one_passes_its_check_up(source):
    assert llm_tt.load_model(source).self_test.switched_off == ()
