"""Masks: by threshold, the other way round, stacked, and in parts."""

import torch

from llm_tt.faithfulness.keep import EdgeScores, stacked, strongest

SCORES = EdgeScores(torch.tensor([[[[0.0, 0.0], [0.3, 0.7]]]]), torch.tensor([[0.5, 0.0]]))


def test_what_reaches_the_threshold_is_kept():
    keep = strongest(SCORES, torch.tensor([0.0, 0.5, 9.0]))
    assert keep.copies == 3
    assert keep.attention(0).flatten(1).tolist() == [
        [False, False, True, True],
        [False, False, False, True],
        [False] * 4,
    ]
    assert keep.mlp(0).tolist() == [[True, False], [True, False], [False, False]]


def test_cut_is_everything_else():
    kept, cut = (strongest(SCORES, torch.tensor([0.5]), cut=way) for way in (False, True))
    assert torch.equal(kept.attention(0), ~cut.attention(0))
    assert torch.equal(kept.mlp(0), ~cut.mlp(0))


def test_parts_of_a_stack_are_what_was_stacked():
    one, two = strongest(SCORES, torch.tensor([0.5])), strongest(SCORES, torch.tensor([0.1, 0.6]))
    both = stacked([one, two])
    assert both.copies == 3
    for place, (run, copy) in enumerate([(one, 0), (two, 0), (two, 1)]):
        part = both.part(place, place + 1)
        assert part.copies == 1
        assert torch.equal(part.attention(0)[0], run.attention(0)[copy])
        assert torch.equal(part.mlp(0)[0], run.mlp(0)[copy])
    assert both.part(2, 9).copies == 1
