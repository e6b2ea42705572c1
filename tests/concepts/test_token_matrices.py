"""The matrices that directions are read against, in every family."""

import pytest
import torch
from torch.testing import assert_close

from llm_tt.concepts import token_matrices
from llm_tt.concepts.token_matrices import embedding_matrix, unembedding_matrix
from tests.families.registry import FAMILIES


@pytest.mark.parametrize("name", [family.name for family in FAMILIES])
def test_reading_with_the_matrix_is_reading_with_the_model(name, open_family, monkeypatch):
    monkeypatch.setattr(token_matrices, "NUMBERS_AT_ONCE", 3000)  # several pieces
    model = open_family(name)
    vectors = torch.randn(5, model.dimensions.d_model, generator=torch.Generator().manual_seed(1))
    written, read = unembedding_matrix(model), embedding_matrix(model)
    assert_close(vectors @ written.rows.T, model.read_part(vectors, 1.0), rtol=1e-4, atol=1e-4)
    assert_close(read.rows, model.embedding())
    for matrix in (written, read):
        exact = (vectors.double() @ matrix.rows.double().T).std(-1, correction=0)
        assert_close(matrix.spreads(vectors).double(), exact, rtol=1e-4, atol=1e-5)


def test_a_large_mean_takes_no_digits_from_the_spread(tiny_model):
    rows = torch.randn(1000, 8, generator=torch.Generator().manual_seed(2)) + 3000
    matrix = token_matrices._with_covariance(rows)
    vectors = torch.eye(8)
    exact = (vectors.double() @ rows.double().T).std(-1, correction=0)
    assert_close(matrix.spreads(vectors).double(), exact, rtol=1e-3, atol=0)
    assert (matrix.spreads(torch.zeros(2, 8)) == 0).all()
