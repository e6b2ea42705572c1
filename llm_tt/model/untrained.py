"""Models with random weights, built in memory: to try the machinery and to measure its speed offline.

Their predictions mean nothing, and the dashboard says so.
"""

import itertools
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from llm_tt.model.quiet import quiet

SHAPES: dict[str, dict[str, int]] = {
    "untrained": {"n_layer": 4, "n_embd": 128, "n_head": 4, "n_positions": 512},
    "untrained-gpt2-small": {
        "n_layer": 12,
        "n_embd": 768,
        "n_head": 12,
        "n_positions": 1024,
        "vocab_size": 50257,
    },
}
"""One shape for each name in `spec.UNTRAINED`."""

DEEP = {"n_layer": 32, "n_embd": 256, "n_head": 32, "n_positions": 128}
"""As many heads as a model of 8 billion weights, all small: what counts is the size of its graphs."""

SEED = 20
SPREAD = 0.1  # of the weights: wide enough for attention that is not uniform


def build(source: str) -> tuple[GPT2LMHeadModel, PreTrainedTokenizerFast]:
    """Build one of `SHAPES`; the same weights every time, biases included."""
    return _build(SHAPES[source])


def save_deep(folder: Path) -> None:
    """Put a model of the shape `DEEP` into a folder, from where it is opened like any other."""
    with quiet():
        for saved in _build(DEEP):
            saved.save_pretrained(folder)


def _build(shape: dict[str, int]) -> tuple[GPT2LMHeadModel, PreTrainedTokenizerFast]:
    tokenizer = build_byte_tokenizer()
    config = GPT2Config(**{"vocab_size": len(tokenizer), **shape})
    with torch.random.fork_rng(devices=[]):  # its own first weights are random too, and nobody wants them
        model = GPT2LMHeadModel(config).eval()
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            centre = 1.0 if name.endswith(("ln_1.weight", "ln_2.weight", "ln_f.weight")) else 0.0
            parameter.normal_(centre, SPREAD, generator=generator)
    return model, tokenizer


def build_byte_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer without merges: one token a byte, and <|endoftext|>."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = dict(zip(["<|endoftext|>", *letters], itertools.count(), strict=False))
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<|endoftext|>",
        eos_token="<|endoftext|>",
    )
