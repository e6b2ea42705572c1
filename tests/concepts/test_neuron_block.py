"""Lists as bytes, and back."""

import numpy as np
import pytest

from llm_tt.concepts.neuron_block import NeuronBlock, checksum, pack_lists, pack_numbers, unpack_lists


@pytest.fixture
def block():
    generator = np.random.default_rng(0)
    return NeuronBlock(
        token_ids=generator.integers(0, 1000, (7, 4, 5)).astype(np.int32),
        strengths=generator.normal(size=(7, 4, 5)).astype(np.float16),
        norms=generator.uniform(size=(7, 2)).astype(np.float32),
        spreads=generator.uniform(size=(7, 2)).astype(np.float32),
        directions=generator.normal(size=(7, 6)).astype(np.float16),
    )


def test_what_was_packed_comes_back(block):
    back = unpack_lists(pack_lists(block), 7, 5)
    for name in ("token_ids", "strengths", "norms", "spreads"):
        np.testing.assert_array_equal(getattr(back, name), getattr(block, name))
    assert len(back) == len(block) == 7
    np.testing.assert_array_equal(block.rows(2, 4).directions, block.directions[2:4])


def test_another_number_of_bytes_is_refused(block):
    with pytest.raises(ValueError, match="bytes instead of"):
        unpack_lists(pack_lists(block)[:-1], 7, 5)


def test_a_checksum_is_of_the_bytes_their_place_and_their_model(block):
    data = pack_numbers(block.directions)
    own = checksum("model", 64, data)
    assert own == checksum("model", 64, bytes(data))
    others = [
        checksum("other", 64, data),
        checksum("model", 0, data),
        checksum("model", 64, data[:-1] + b"x"),
    ]
    assert own not in others
