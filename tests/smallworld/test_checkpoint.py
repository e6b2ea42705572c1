"""Checkpoints: what is saved comes back."""

import torch

from llm_tt.smallworld.checkpoint import Checkpoint
from llm_tt.smallworld.model import new_model
from llm_tt.smallworld.optimizer import MixedOptimizer
from llm_tt.smallworld.recipe import Recipe

SHAPE = {"vocabulary_size": 300, "context": 16, "layers": 1, "width": 16, "heads": 2}


def test_weights_and_progress_come_back(tmp_path):
    model = new_model(**SHAPE, seed=0)
    model(input_ids=torch.arange(8)[None], labels=torch.arange(8)[None]).loss.backward()
    optimizer = MixedOptimizer(model)
    optimizer.step(0.01, 0.01)
    Checkpoint(tmp_path, Recipe()).save(7, 1.5, model, optimizer)
    again = Checkpoint(tmp_path, Recipe())
    assert again.progress() == (7, 1.5)
    other = new_model(**SHAPE, seed=1)
    restored = MixedOptimizer(other)
    again.load(other, restored)
    assert all(torch.equal(p, q) for p, q in zip(model.parameters(), other.parameters(), strict=True))
    assert all(torch.equal(tensor, restored.state()[name]) for name, tensor in optimizer.state().items())


def test_nothing_saved_means_nothing_done(tmp_path):
    assert Checkpoint(tmp_path, Recipe()).progress() == (0, 0.0)
