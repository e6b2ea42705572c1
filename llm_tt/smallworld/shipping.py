"""Writing the finished model: float16 weights, tokenizer, and what the training run says about itself."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import GPT2LMHeadModel

from llm_tt.smallworld.generation import generate, task_names
from llm_tt.smallworld.recipe import Recipe
from llm_tt.smallworld.scoring import Score, score
from llm_tt.smallworld.tokenizer import save_tokenizer

JUDGED_PROMPTS = 500
JUDGED_SEED = 7


def ship(model: GPT2LMHeadModel, tokenizer: Tokenizer, recipe: Recipe, minutes: float, folder: Path) -> None:
    """Write config.json, model.safetensors, the tokenizer's files and training.json."""
    folder.mkdir(parents=True, exist_ok=True)
    _cut_unused_tokens(model, tokenizer.get_vocab_size())
    model.eval().to("cpu", torch.float16).save_pretrained(folder)
    (folder / "model.safetensors").chmod(0o644)  # the writer keeps it to its owner
    save_tokenizer(tokenizer, folder, recipe.context)
    model.to(torch.float32)  # the accuracies are those of the rounded weights
    said = {
        "recipe": asdict(recipe),
        "steps": recipe.steps,
        "tokens": recipe.steps * recipe.tokens_per_batch,
        "minutes": round(minutes, 1),
        "parameters": sum(p.numel() for p in model.parameters()),
        "sha256": sha256_of(folder / "model.safetensors"),
        "held_out": [asdict(result) for result in judge(model, tokenizer)],
    }
    (folder / "training.json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def _cut_unused_tokens(model: GPT2LMHeadModel, vocabulary_size: int) -> None:
    """Training leaves room for more tokens than the sentences needed; no text has those."""
    model.resize_token_embeddings(vocabulary_size)
    for configuration in (model.config, model.generation_config):
        configuration.bos_token_id = configuration.eos_token_id = configuration.pad_token_id = (
            vocabulary_size - 1
        )


def judge(model: GPT2LMHeadModel, tokenizer: Tokenizer, prompts: int = JUDGED_PROMPTS) -> list[Score]:
    """Every task on fresh held-out prompts."""
    return [
        score(model, tokenizer, generate(task, prompts, JUDGED_SEED, "held_out")) for task in task_names()
    ]


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
