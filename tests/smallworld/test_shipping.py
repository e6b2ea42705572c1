"""The shipped folder: what training.json says of it is true."""

import json

import pytest
from transformers import AutoModelForCausalLM

from llm_tt.smallworld.evaluate import open_model
from llm_tt.smallworld.model import WEIGHTS_FOLDER
from llm_tt.smallworld.shipping import sha256_of

LARGEST_FOLDER = 8_000_000


@pytest.fixture(scope="module")
def said():
    return json.loads((WEIGHTS_FOLDER / "training.json").read_text(encoding="utf-8"))


def test_the_checksum_is_that_of_the_training_run(said):
    assert sha256_of(WEIGHTS_FOLDER / "model.safetensors") == said["sha256"]


def test_the_configuration_is_that_of_the_training_run(said):
    model, tokenizer = open_model()
    recipe, config = said["recipe"], model.config
    assert config.n_layer == recipe["layers"]
    assert config.n_embd == recipe["width"]
    assert config.n_head == recipe["heads"]
    assert config.vocab_size == tokenizer.get_vocab_size() <= recipe["vocabulary_size"]
    assert config.bos_token_id == config.eos_token_id == config.vocab_size - 1
    assert config.n_positions == recipe["context"]
    assert sum(p.numel() for p in model.parameters()) == said["parameters"]


def test_the_folder_is_small_and_opens_as_any_local_folder():
    assert sum(file.stat().st_size for file in WEIGHTS_FOLDER.iterdir()) < LARGEST_FOLDER
    assert AutoModelForCausalLM.from_pretrained(WEIGHTS_FOLDER).config.model_type == "gpt2"
