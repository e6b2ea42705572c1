"""Context lengths, under the names that families give them."""

import pytest
from transformers import AutoConfig

from llm_tt.model.configuration import context_length


@pytest.mark.parametrize(
    ("model_type", "settings", "expected"),
    [
        ("gpt2", {"n_positions": 64}, 64),
        ("llama", {"max_position_embeddings": 96}, 96),
        ("bloom", {}, None),
        ("mpt", {"max_seq_len": 128}, None),
        ("falcon", {"alibi": True}, None),
        ("falcon", {"alibi": False, "max_position_embeddings": 70}, 70),
    ],
)
def test_the_longest_prompt(model_type, settings, expected):
    assert context_length(AutoConfig.for_model(model_type, **settings)) == expected
