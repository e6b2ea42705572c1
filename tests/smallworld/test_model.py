"""The untrained model."""

import torch

from llm_tt.smallworld.model import new_model, use_fused_activation

SHAPE = {"vocabulary_size": 300, "context": 32, "layers": 2, "width": 32, "heads": 4}


def test_a_seed_fixes_the_weights():
    first, second, other = (new_model(**SHAPE, seed=seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["transformer.wte.weight"], other["transformer.wte.weight"])


def test_the_fused_activation_is_the_same_function():
    model, ids = new_model(**SHAPE, seed=0), torch.arange(20)[None]
    before = model(ids).logits
    use_fused_activation(model)
    torch.testing.assert_close(model(ids).logits, before, rtol=1e-4, atol=1e-4)
