"""Nearest tokens by hand, in both spaces."""

import pytest
import torch
from torch.testing import assert_close

from llm_tt.concepts.nearest_tokens import check_space, nearest_tokens
from llm_tt.errors import AttributionError, CapabilityError, TargetError


@pytest.mark.parametrize("family", ["GPT-2", "Gemma 2", "Cohere", "OLMo", "Llama"])
@pytest.mark.parametrize("space", ["embedding", "unembedding"])
def test_they_are_the_largest_cosines(family, space, open_family):
    model = open_family(family)
    by_coordinate = model.read_part(torch.eye(32), 1.0)  # the matrix that `read_part` multiplies with
    vectors = model.embedding() if space == "embedding" else by_coordinate.T
    cosines = torch.nn.functional.cosine_similarity(vectors[77][None], vectors)
    cosines[77] = -1
    found = nearest_tokens(model, 77, space, top=6)
    assert_close(torch.tensor(found.changes), cosines.topk(6).values, atol=1e-5, rtol=1e-5)
    assert found.token_ids == tuple(cosines.topk(6).indices.tolist())
    assert 77 not in found.token_ids


def test_never_the_token_itself(tiny_model):
    assert len(nearest_tokens(tiny_model, 0, "embedding", top=1000).token_ids) == 299


def test_refusals(tiny_model, without_lens):
    with pytest.raises(AttributionError, match="embedding and unembedding"):
        check_space("both")
    with pytest.raises(TargetError):
        nearest_tokens(tiny_model, 300, "embedding")
    without_lens(tiny_model)
    nearest_tokens(tiny_model, 5, "embedding")
    with pytest.raises(CapabilityError):
        nearest_tokens(tiny_model, 5, "unembedding")
