"""Random graphs have the size asked for, and no edge that could not matter."""

import torch

from llm_tt.faithfulness.keep import EdgeScores
from llm_tt.faithfulness.random_edges import random_graphs, random_scores

LIKE = EdgeScores(torch.zeros(2, 3, 6, 6), torch.zeros(2, 6))
POSSIBLE = 2 * (3 * 15 + 5)  # up to position 4


def sizes(keep):
    attention = sum(keep.attention(layer).flatten(1).sum(1) for layer in range(2))
    return (attention + sum(keep.mlp(layer).sum(1) for layer in range(2))).tolist()


def test_sizes_are_exact():
    asked = [0, 1, 17, POSSIBLE]
    assert sizes(random_graphs(LIKE, 4, asked, seed=0)) == asked


def test_only_edges_that_can_reach_the_target():
    keep = random_graphs(LIKE, 4, [POSSIBLE], seed=0)
    for layer in range(2):
        mask = keep.attention(layer)[0]
        assert torch.equal(mask, mask.tril())
        assert not mask[:, 5:].any()
        assert not keep.mlp(layer)[0, 5:].any()


def test_a_seed_fixes_them_and_each_is_another():
    one, again = (random_graphs(LIKE, 4, [20, 20], seed=3).attention(1) for _ in range(2))
    assert torch.equal(one, again)
    assert not torch.equal(one[0], one[1])
    other = random_graphs(LIKE, 4, [20], seed=4).attention(1)
    assert not torch.equal(one[:1], other)


def test_every_edge_has_its_chance():
    generator = torch.Generator().manual_seed(0)
    drawn = torch.stack([random_scores(LIKE, 4, generator).attention for _ in range(200)])
    assert 0.4 < drawn[:, 0, 0, 4, 4].mean() < 0.6
    assert (drawn[:, 0, 0, 4, 4] > 0).all()
