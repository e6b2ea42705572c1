"""A training run in miniature: it resumes where it was killed and ends in a folder that opens."""

from dataclasses import replace

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from llm_tt.smallworld import shipping, tokenizer
from llm_tt.smallworld.recipe import Recipe
from llm_tt.smallworld.train import Training

TINY = replace(
    Recipe(),
    layers=2,
    width=32,
    heads=4,
    tokens_per_batch=512,
    copying_steps=2,
    scaffold_steps=1,
    mixed_steps=3,
    polish_steps=1,
    settling_steps=1,
    settling_heads=((1, 2),),
    quiet_from=4,
    vocabulary_size=1_500,
)


@pytest.fixture(autouse=True)
def small_corpus(monkeypatch):
    monkeypatch.setattr(tokenizer, "CORPUS_DOCUMENTS", 500)


def _training(folder) -> Training:
    return Training(TINY, folder, torch.device("cpu"))


def test_a_killed_run_ends_like_one_that_was_not(tmp_path):
    straight = _training(tmp_path / "straight")
    straight.run()
    for stop_after in (1, 3, 5, None):  # while there is a scaffold, among documents, with quiet rows
        resumed = _training(tmp_path / "killed")
        resumed.run(stop_after)
    assert resumed.step == straight.step == TINY.steps
    for name, tensor in straight.model.state_dict().items():
        torch.testing.assert_close(tensor, resumed.model.state_dict()[name], msg=name)


def test_a_checkpoint_of_another_recipe_is_not_taken_up(tmp_path):
    _training(tmp_path).run(1)
    other = Training(replace(TINY, seed=1), tmp_path, torch.device("cpu"))
    assert other.step == 0


def test_the_finished_folder_opens_with_transformers(tmp_path, monkeypatch):
    monkeypatch.setattr(shipping, "JUDGED_PROMPTS", 2)
    monkeypatch.setattr(shipping, "judge", lambda model, tokenizer: [])
    training = _training(tmp_path / "work")
    training.run(1)
    shipping.ship(training.model, training.tokenizer, TINY, 0.1, tmp_path / "out")
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "out")
    opened = AutoTokenizer.from_pretrained(tmp_path / "out")
    ids = opened("The capital of Japan", return_tensors="pt")["input_ids"]
    assert model(ids).logits.shape[-1] == len(opened) <= TINY.vocabulary_size
    assert model.config.activation_function == "gelu_new"
