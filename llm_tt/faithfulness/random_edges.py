"""Graphs of random edges: the floor that every graph must clear."""

from collections.abc import Sequence

import torch

from llm_tt.faithfulness.keep import EdgeScores, Keep, stacked, strongest


def random_graphs(
    like: EdgeScores, target_position: int, sizes: Sequence[int], seed: int, *, cut: bool = False
) -> Keep:
    """One copy for each size: so many messages and MLPs, drawn anew from all that could reach the target.

    With `cut` these are the ones that are cut, and everything else is kept.
    """
    generator = torch.Generator().manual_seed(seed)
    return stacked([_random_graph(like, target_position, size, generator, cut) for size in sizes])


def random_scores(like: EdgeScores, target_position: int, generator: torch.Generator) -> EdgeScores:
    """A number above 0 for every edge that could reach the target, 0 for the others."""
    attention = 1 - torch.rand(like.attention.shape, generator=generator)  # (0, 1]
    mlp = 1 - torch.rand(like.mlp.shape, generator=generator)
    attention.tril_()
    attention[:, :, target_position + 1 :] = 0
    mlp[:, target_position + 1 :] = 0
    return EdgeScores(attention, mlp)


def _random_graph(
    like: EdgeScores, target_position: int, size: int, generator: torch.Generator, cut: bool
) -> Keep:
    scores = random_scores(like, target_position, generator)
    everything = torch.cat([scores.attention.flatten(), scores.mlp.flatten()])
    # The threshold is the size-th largest score; scores do not repeat, or hardly ever.
    limit = everything.kthvalue(len(everything) - size + 1).values if size else torch.tensor(torch.inf)
    return strongest(scores, limit[None], cut=cut)
