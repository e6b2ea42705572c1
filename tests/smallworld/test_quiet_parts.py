"""Silenced rows: the parts asked for write their mean, all others what they did before."""

import torch

from llm_tt.smallworld.model import new_model
from llm_tt.smallworld.quiet_parts import QuietParts

SHAPE = {"vocabulary_size": 60, "context": 32, "layers": 2, "width": 32, "heads": 4}


def _run(quiet_heads, rows, positions):
    """What enters layer 1's output matrix and leaves its MLP: before, within, after."""
    model = new_model(**SHAPE, seed=0)
    ids = torch.randint(0, 60, (4, 10), generator=torch.Generator().manual_seed(0))
    seen, written = [], []
    quiet = QuietParts(model)
    block = model.transformer.h[1]
    block.attn.c_proj.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    block.mlp.register_forward_hook(lambda _, __, output: written.append(output))
    model(ids)
    with quiet.within(quiet_heads, rows, positions):
        model(ids)
    model(ids)
    return seen, written


def test_only_the_rows_and_heads_asked_for_are_silenced():
    nowhere = torch.zeros(4, 10, dtype=torch.bool)
    (before, silenced, after), _ = _run([(1, 2)], torch.tensor([False, True, False, False]), nowhere)
    assert torch.equal(before, after)
    assert torch.equal(before[[0, 2, 3]], silenced[[0, 2, 3]])
    assert torch.equal(before[1, :, :16], silenced[1, :, :16])
    assert torch.equal(before[1, :, 24:], silenced[1, :, 24:])
    expected = before[[0, 2, 3], :, 16:24].mean((0, 1)).expand(10, 8)
    torch.testing.assert_close(silenced[1, :, 16:24], expected)


def test_mlps_write_their_mean_at_the_positions_asked_for():
    positions = torch.zeros(4, 10, dtype=torch.bool)
    positions[2, 5:] = True
    _, (before, silenced, after) = _run([], torch.zeros(4, dtype=torch.bool), positions)
    assert torch.equal(before, after)
    first = silenced[2, 5]
    assert torch.equal(silenced[2, 5:], first.expand(5, -1))
    # The mean of everywhere else, after the layer below was silenced too: other rows are as before.
    assert torch.equal(before[[0, 1, 3]], silenced[[0, 1, 3]])
    torch.testing.assert_close(first, silenced[~positions].mean(0))
