"""One schema for all methods: heads of an edge and of a node are read from it."""

import pytest
import torch

import llm_tt
from llm_tt.attribution.method_list import METHODS
from llm_tt.attribution.methods import attribute
from tests.attribution.conftest import TEXT


@pytest.mark.parametrize("method", METHODS)
def test_heads_of_an_edge_and_of_a_node(method, tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    shares = attribute(tiny_model, trace, method)
    last = len(trace.prompt) - 1
    assert torch.equal(shares.heads_of_edge(1, last, 2), shares.attention[1, :, last, 2])
    expected = [float(shares.attention[1, head, last].sum()) for head in range(4)]
    assert shares.heads_of_node(1, last).tolist() == pytest.approx(expected, rel=1e-5, abs=1e-7)


def test_kinds(tiny_model, open_family):
    trace = llm_tt.capture(tiny_model, TEXT)
    assert not attribute(tiny_model, trace, "ifr").is_signed
    assert attribute(tiny_model, trace, "dla").is_signed
    parallel = open_family("GPT-J")
    assert attribute(parallel, llm_tt.capture(parallel, TEXT)).has_parallel_blocks


@pytest.mark.parametrize("family", ["GPT-2", "GPT-J"])
def test_bytes_are_those_of_all_numbers_with_the_gradients(family, open_family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    positions, layers, heads, width = len(trace.prompt), 2, 4, trace.stream.shape[-1]
    sums = 1 if family == "GPT-J" else 2
    # Edges of attention; of each sum residual and bias; of each MLP one; and a gradient at each state.
    numbers = layers * (heads * positions**2 + (2 * sums + 1) * positions)
    gradients = layers * (sums + 1) * positions * width
    assert attribute(model, trace, "ifr").n_bytes == 4 * numbers
    assert attribute(model, trace, "relp").n_bytes == 4 * (numbers + gradients)
