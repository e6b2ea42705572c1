"""All tokens at once, in blocks, are what each is alone; and what is kept is computed once."""

import gc

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.lens import token_products
from llm_tt.lens.token_products import (
    all_strings,
    kept_numbers,
    strongest_changes,
    token_blocks,
    token_divisors,
    weakest_changes,
)
from llm_tt.model.frozen_norm import FrozenNorm
from tests.families.registry import FAMILIES, build


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(token_products, "NUMBERS_AT_ONCE", 32 * 70)


def test_blocks_are_the_vocabulary(tiny_model):
    blocks = list(token_blocks(tiny_model))
    assert [token for block in blocks for token in block] == list(range(300))
    assert max(map(len, blocks)) == 70


@pytest.mark.parametrize("family", ["GPT-2", "Llama", "Granite", "OLMo 2"])
def test_products_and_divisors(family, open_family):
    model = open_family(family)
    inputs, embedding = model.head_inputs(0), model.embedding()
    directions = torch.randn(3, 32)
    assert_close(token_products.token_products(model, directions), directions @ embedding.T)
    assert_close(token_divisors(model, inputs.norm), inputs.divisor(embedding)[:, 0])


def test_numbers_and_strings_are_kept_as_long_as_the_model(byte_tokenizer):
    model = llm_tt.load_model(build(FAMILIES[0]), byte_tokenizer)
    asked = []

    def of_block(block):
        asked.append(block)
        return torch.arange(block.start, block.stop, dtype=torch.float32)

    for _ in range(2):
        assert torch.equal(kept_numbers(model, ("places",), of_block), torch.arange(300.0))
    assert len(asked) == 5
    assert all_strings(model) is all_strings(model)
    n_models = len(token_products._kept)
    del model, of_block
    gc.collect()
    assert len(token_products._kept) < n_models


def test_strongest_and_weakest_are_best_first(tiny_model):
    numbers = torch.zeros(300)
    numbers[[65, 66, 67, 68]] = torch.tensor([2.0, 3.0, -1.0, -4.0])
    strongest, weakest = strongest_changes(tiny_model, numbers, 2), weakest_changes(tiny_model, numbers, 2)
    assert strongest.token_ids == (66, 65)
    assert strongest.changes == (3.0, 2.0)
    assert weakest.token_ids == (68, 67)
    assert weakest.changes == (-4.0, -1.0)
    assert strongest.token_strings == tiny_model.token_strings([66, 65])


def test_norms_that_divide_differently_are_kept_apart(tiny_model):
    embedding = tiny_model.embedding()
    for norm in (FrozenNorm(None, centred, epsilon) for centred in (True, False) for epsilon in (1e-5, 0.5)):
        assert_close(token_divisors(tiny_model, norm), norm.divisor(embedding)[:, 0])
