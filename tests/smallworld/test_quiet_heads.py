"""Silenced rows: the named heads write nothing that depends on what they see, the others as before."""

import torch

from llm_tt.smallworld.model import new_model
from llm_tt.smallworld.quiet_heads import QuietHeads

SHAPE = {"vocabulary_size": 60, "context": 32, "layers": 2, "width": 32, "heads": 4}


def test_only_the_rows_and_heads_asked_for_are_silenced():
    model = new_model(**SHAPE, seed=0)
    ids = torch.randint(0, 60, (4, 10), generator=torch.Generator().manual_seed(0))
    seen = []
    quiet = QuietHeads(model, [(1, 2)])
    model.transformer.h[1].attn.c_proj.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    model(ids)
    with quiet.in_rows(torch.tensor([False, True, False, False])):
        model(ids)
    model(ids)
    before, silenced, after = seen
    assert torch.equal(before, after)
    assert torch.equal(before[[0, 2, 3]], silenced[[0, 2, 3]])
    assert torch.equal(before[1, :, :16], silenced[1, :, :16])
    assert torch.equal(before[1, :, 24:], silenced[1, :, 24:])
    expected = before[[0, 2, 3], :, 16:24].mean((0, 1)).expand(10, 8)
    torch.testing.assert_close(silenced[1, :, 16:24], expected)
