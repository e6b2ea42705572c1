"""The scale from the empty graph to the whole model."""

import pytest
import torch

from llm_tt.attribution.target import Target
from llm_tt.faithfulness.measures import Outcome, Reference, mean_retained

WHOLE, EMPTY = torch.tensor([4.0, 1.0, 0.0]), torch.tensor([1.0, 1.0, 3.0])
REFERENCE = Reference(Target(0, 0, 1, "logit"), WHOLE, EMPTY)


def test_both_ends():
    whole, empty = REFERENCE.compare(torch.stack([WHOLE, EMPTY]))
    assert (whole.metric, whole.retained, whole.kl, whole.same_top_token) == (3.0, 1.0, 0.0, True)
    assert (empty.metric, empty.retained, empty.same_top_token) == (0.0, 0.0, False)
    expected = float((WHOLE.softmax(0) * (WHOLE.log_softmax(0) - EMPTY.log_softmax(0))).sum())
    assert empty.kl == pytest.approx(expected)


def test_between_and_beyond():
    half, more = REFERENCE.compare(torch.tensor([[2.5, 1.0, 0.0], [7.0, 1.0, 0.0]]))
    assert half.retained == pytest.approx(0.5)
    assert more.retained == pytest.approx(2.0)


def test_where_there_is_nothing_to_retain():
    same = Reference(REFERENCE.target, EMPTY, EMPTY)
    (outcome,) = same.compare(WHOLE[None])
    assert outcome.retained is None
    assert mean_retained([outcome]) is None
    more = [Outcome(0.0, retained, 0.0, same_top_token=True) for retained in (0.25, 0.75)]
    assert mean_retained([outcome, *more]) == pytest.approx(0.5)
