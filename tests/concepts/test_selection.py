"""Choosing in bfloat16 and scoring in single precision gives what scoring everything gives."""

import numpy as np
import pytest
import torch

from llm_tt.concepts import selection, selection_kernel
from llm_tt.concepts.selection import TokenReader
from llm_tt.concepts.token_matrices import TokenMatrix


def matrix_of(rows):
    return TokenMatrix(rows.contiguous(), torch.eye(rows.shape[1]))


def every_token_scored(directions, rows, rank):
    """The same products, of every token, sorted by Python."""
    n_rows, n_tokens = len(directions), len(rows)
    values = np.empty((n_rows, 2, n_tokens), np.float32)
    found = np.broadcast_to(np.arange(n_tokens, dtype=np.int32), values.shape)
    counts = np.full((n_rows, 2), n_tokens, np.int32)
    selection_kernel.score(directions.numpy(), rows.numpy(), 0, n_tokens, found, counts, values)
    products = values[:, 0].tolist()
    most = [sorted(range(n_tokens), key=lambda t, row=row: (-row[t], t))[:rank] for row in products]
    least = [sorted(range(n_tokens), key=lambda t, row=row: (row[t], t))[:rank] for row in products]
    ids = torch.tensor([list(pair) for pair in zip(most, least, strict=True)])
    return ids, torch.tensor(products)


def plain(generator):
    return torch.randn(3000, 96, generator=generator)


def one_axis_has_nearly_everything(generator):
    """All tokens point the same way, and differ in the last digits of bfloat16."""
    rows = 0.01 * torch.randn(3000, 96, generator=generator)
    rows[:, 0] += 50
    return rows


def lengths_over_six_powers_of_ten(generator):
    return (
        plain(generator) * 10 ** torch.linspace(-3, 3, 3000)[torch.randperm(3000, generator=generator), None]
    )


def many_equal_tokens(generator):
    rows = plain(generator)
    rows[1000:1200] = rows[7]
    rows[2000:2300] = 0
    return rows


def on_a_coarse_grid(generator):
    return torch.randint(-2, 3, (3000, 96), generator=generator).float()


def fewer_tokens_than_a_list(generator):
    return plain(generator)[:30]


SPECTRA = [
    plain,
    one_axis_has_nearly_everything,
    lengths_over_six_powers_of_ten,
    many_equal_tokens,
    on_a_coarse_grid,
    fewer_tokens_than_a_list,
]


@pytest.mark.parametrize("in_halves", [False, True])
@pytest.mark.parametrize("spectrum", SPECTRA)
def test_it_equals_scoring_every_token(spectrum, in_halves, request):
    generator = torch.Generator().manual_seed(3)
    rows = spectrum(generator)
    directions = torch.randn(70, 96, generator=generator)
    directions[5] = rows[7]
    directions = directions / directions.norm(dim=-1, keepdim=True)
    directions[6] = 0
    rank = min(50, len(rows))
    ids, strengths = TokenReader(matrix_of(rows), in_halves=in_halves).both_ends(directions, rank)
    expected, products = every_token_scored(directions, rows, rank)
    assert torch.equal(ids.long(), expected)
    flat = ids.long().reshape(70, -1)
    assert torch.equal(strengths.reshape(70, -1), products.gather(-1, flat))
    exact = (directions.double() @ rows.double().T).gather(-1, flat)
    bound = 1e-6 * rows.double().norm(dim=-1)[flat] + 1e-12
    assert ((strengths.reshape(70, -1) - exact).abs() <= bound).all()


@pytest.mark.parametrize("spectrum", SPECTRA)
def test_every_product_lies_within_its_bound(spectrum):
    """What makes the choice right: never once may the error be larger than what is allowed for."""
    generator = torch.Generator().manual_seed(4)
    rows = spectrum(generator)
    directions = torch.randn(40, 96, generator=generator)
    directions = directions / directions.norm(dim=-1, keepdim=True)
    reader = TokenReader(matrix_of(rows), in_halves=True)
    rounded = directions.bfloat16()
    products = (rounded @ rows.bfloat16().T).double()
    allowed = torch.from_numpy(reader._error(directions, rounded)).double()
    allowed = allowed + selection._OUTPUT_ROUNDING * products.abs()
    off = (products - directions.double() @ rows.double().T).abs()
    assert (off <= allowed).all()
    assert off.max() > 0.1 * allowed[off == off.max()].min(), "the bound is not so wide that anything holds"


def test_a_bound_that_is_too_narrow_would_be_noticed(monkeypatch):
    generator = torch.Generator().manual_seed(5)
    rows, directions = one_axis_has_nearly_everything(generator), torch.randn(70, 96, generator=generator)
    reader = TokenReader(matrix_of(rows), in_halves=True)
    monkeypatch.setattr(reader, "_error", lambda *_: np.zeros(3000, np.float32))
    monkeypatch.setattr(selection, "_OUTPUT_ROUNDING", 0.0)
    assert not torch.equal(
        reader.both_ends(directions, 50)[0].long(), every_token_scored(directions, rows, 50)[0]
    )


def test_where_candidates_do_not_fit_all_tokens_are_scored(monkeypatch):
    monkeypatch.setattr(selection, "PLACES", 5)
    generator = torch.Generator().manual_seed(3)
    rows, directions = many_equal_tokens(generator), torch.randn(20, 96, generator=generator)
    directions[3] = rows[7]
    ids, _ = TokenReader(matrix_of(rows), in_halves=True).both_ends(directions, 50)
    assert torch.equal(ids.long(), every_token_scored(directions, rows, 50)[0])


def test_without_the_kernel_it_is_the_same(monkeypatch):
    generator = torch.Generator().manual_seed(8)
    rows, directions = on_a_coarse_grid(generator), torch.randn(20, 96, generator=generator).round()
    compiled = TokenReader(matrix_of(rows), in_halves=False).both_ends(directions, 50)
    monkeypatch.setattr(selection, "find_spec", lambda _: None)
    plain_ids, plain_strengths = TokenReader(matrix_of(rows)).both_ends(directions, 50)
    assert torch.equal(compiled[0].long(), plain_ids)
    assert torch.equal(compiled[1], plain_strengths)


def test_the_probe_gives_an_answer_and_is_asked_once():
    assert selection.halves_are_quick() in (True, False)
    assert selection.halves_are_quick.cache_info().currsize == 1


@pytest.mark.gpu
def test_on_a_gpu_it_is_the_same_up_to_the_last_digits():
    generator = torch.Generator().manual_seed(3)
    rows, directions = plain(generator), torch.randn(70, 96, generator=generator)
    on_cpu = TokenReader(matrix_of(rows)).both_ends(directions, 50)
    on_gpu = TokenReader(matrix_of(rows.cuda())).both_ends(directions.cuda(), 50)
    torch.testing.assert_close(on_gpu[1].cpu(), on_cpu[1], rtol=1e-5, atol=1e-5)
