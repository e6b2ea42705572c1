"""What the index says of a neuron is what the model's weights say, in every family."""

import pytest
import torch
from torch.testing import assert_close

import llm_tt
from llm_tt.concepts import block_reading
from llm_tt.concepts.block_reading import blocks_of, unit_rows
from llm_tt.concepts.neuron_block import ROWS_IN_BYTES
from llm_tt.concepts.sides import SIGNS, TOKEN_SIDES
from llm_tt.model.check_up import Capability
from llm_tt.model.dimensions import ModelDimensions
from tests.conftest import BY_NAME
from tests.families.registry import FAMILIES, build

WITH_NEURONS = [family.name for family in FAMILIES if Capability.NEURONS not in family.switched_off]


def in_double(model, layer, neuron):
    """Both readings of a neuron's directions of length one, by the model itself."""
    written = model.layer_weights(layer).neuron_out[neuron].double()
    read = model.neuron_inputs(layer).activated[neuron].double()
    logits = model.read_part((written / written.norm()).float(), 1.0).double()
    products = model.embedding().double() @ (read / read.norm())
    return (written.norm(), read.norm()), (logits, products)


@pytest.mark.parametrize("name", WITH_NEURONS)
def test_lists_are_the_strongest_of_the_whole_vocabulary(name, open_family):
    model = open_family(name)
    index = llm_tt.build_index(model, in_memory=True)
    for layer, neuron in ((0, 0), (1, 37), (1, model.dimensions.d_mlp - 1)):
        found = index.reading(layer, neuron)
        norms, readings = in_double(model, layer, neuron)
        assert_close(torch.tensor([found.output_norm, found.input_norm]).double(), torch.stack(norms))
        spreads = torch.stack([reading.std(correction=0) for reading in readings])
        assert_close(
            torch.tensor([found.output_spread, found.input_spread]).double(), spreads, rtol=1e-4, atol=1e-5
        )
        for place, side in enumerate(TOKEN_SIDES):
            values, own = SIGNS[place] * readings[place // 2], found.sides[side]
            largest = values.sort(descending=True).values[:50]
            scale = float(values.abs().max())
            # The tokens are the right ones up to the last digit of single precision; strengths are halves.
            assert_close(values[list(own.token_ids)], largest, rtol=0, atol=2e-6 * scale)
            stored = SIGNS[place] * torch.tensor(own.changes).double()
            assert_close(stored, largest, rtol=1e-3, atol=1e-3 * scale)
            assert own.token_strings == model.token_strings(own.token_ids)


def test_the_blocks_are_all_neurons_once_and_each_in_one_layer():
    for d_vocab, d_mlp in ((300, 48), (50257, 3072), (300_000, 1000), (2_000_000, 100)):
        sizes = ModelDimensions(
            n_layers=3, n_heads=1, n_kv_heads=1, d_model=8, d_head=8, d_mlp=d_mlp, d_vocab=d_vocab,
            n_context=8, parallel_blocks=False, d_experts=0, attention_sinks=False,
        )  # fmt: skip
        blocks = blocks_of(sizes)
        assert [number for block in blocks for number in block] == list(range(3 * d_mlp))
        assert all(block.start // d_mlp == (block.stop - 1) // d_mlp for block in blocks)
        assert all(block.start % d_mlp % ROWS_IN_BYTES == 0 for block in blocks)
        assert max(map(len, blocks)) * d_vocab <= max(block_reading.NUMBERS_AT_ONCE, ROWS_IN_BYTES * d_vocab)


def test_unit_rows_of_nothing_and_of_tiny_numbers():
    rows = torch.tensor([[0.0, 0.0], [3e-30, 4e-30], [3e30, 4e30]])
    units, norms = unit_rows(rows)
    assert_close(units, torch.tensor([[0.0, 0.0], [0.6, 0.8], [0.6, 0.8]]))
    assert_close(norms, torch.tensor([0.0, 5e-30, 5e30]))


def test_a_neuron_that_writes_nothing_is_never_found(byte_tokenizer):
    plain = build(BY_NAME["GPT-2"])
    with torch.no_grad():
        plain.transformer.h[0].mlp.c_proj.weight[3] = 0
    index = llm_tt.build_index(llm_tt.load_model(plain, byte_tokenizer), in_memory=True)
    assert index.reading(0, 3).output_norm == 0
    first = index.reading(0, 3).sides["promotes"]
    assert first.changes == (0.0,) * 50
    hits = index.search("*", top=10_000).hits + index.search("a* OR b* OR !", top=10_000).hits
    assert all((hit.layer, hit.neuron) != (0, 3) for hit in hits)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_other_precisions_are_read_in_single(dtype, byte_tokenizer):
    model = llm_tt.load_model(build(BY_NAME["Llama"]).to(dtype), byte_tokenizer)
    index = llm_tt.build_index(model, in_memory=True)
    written = model.layer_weights(1).neuron_out[7].float()
    logits = model.read_part((written / written.norm()).to(model.compute_dtype), 1.0)
    assert index.reading(1, 7).sides["promotes"].token_ids[0] == int(logits.argmax())
