"""The largest entries of a product: as many ways as there are to get them wrong, held against brute force."""

import time

import pytest
import torch
from torch.testing import assert_close

from llm_tt.concepts import pair_search
from llm_tt.concepts.pair_search import balance, quickest_precision, search_pairs


@pytest.fixture(params=["float32", "bfloat16"], autouse=True)
def precision(request, monkeypatch):
    """Either way must give the same, whatever this machine is quicker at; in tiles smaller than usual."""
    monkeypatch.setattr(pair_search, "quickest_precision", lambda device: getattr(torch, request.param))
    monkeypatch.setattr(pair_search, "TILE_ROWS", 48)
    monkeypatch.setattr(pair_search, "TILE_COLUMNS", 80)
    monkeypatch.setattr(pair_search, "CANDIDATES_AT_ONCE", 256)
    monkeypatch.setattr(pair_search, "TILES_AT_ONCE", 1)


def factors(kind: str, n_rows: int = 300, n_columns: int = 400, width: int = 16):
    generator = torch.Generator().manual_seed(3)
    left = torch.randn(n_rows, width, generator=generator)
    right = torch.randn(n_columns, width, generator=generator)
    if kind == "spectrum":  # a few directions carry nearly everything, and others cancel against each other
        scales = torch.logspace(4, -4, width)
        return left * scales, right * scales.flip(0)
    if kind == "lengths":
        return left * torch.logspace(0, -3, n_rows)[:, None], right * torch.logspace(-3, 0, n_columns)[
            :, None
        ]
    if kind == "ties":
        return left[:7].repeat(43, 1)[:n_rows], right[:9].repeat(45, 1)[:n_columns]
    if kind == "rank":
        left[:, 3:] = 0
        return left, right
    if kind == "nothing":
        return left * 0, right
    return left, right


def brute_force(left, right, top, keep=None):
    entries = (left.double()[:, None] * right.double()[None]).sum(-1)
    pairs = torch.cartesian_prod(torch.arange(len(left)), torch.arange(len(right)))
    entries = entries.flatten()
    if keep is not None:
        pairs, entries = pairs[keep(pairs)], entries[keep(pairs)]
    order = entries.argsort(descending=True, stable=True)[:top]
    return pairs[order], entries[order]


KINDS = ["plain", "spectrum", "lengths", "ties", "rank", "nothing"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("top", [1, 50])
def test_it_finds_what_brute_force_finds(kind, top):
    left, right = factors(kind)
    found = search_pairs(left, right, top)
    pairs, entries = brute_force(left, right, top)
    assert torch.equal(found.pairs, pairs)
    assert torch.equal(found.strengths, entries)
    assert found.proven == 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_hidden_is_never_among_them_and_everything_else_is(kind):
    left, right = factors(kind)

    def keep(pairs):
        return (pairs.sum(-1) % 5 == 2) & (pairs[:, 0] != pairs[:, 1])

    found = search_pairs(left, right, 40, keep=keep)
    pairs, entries = brute_force(left, right, 40, keep)
    assert torch.equal(found.pairs, pairs)
    assert torch.equal(found.strengths, entries)


def test_if_nearly_all_is_hidden_there_are_fewer():
    left, right = factors("plain", 60, 90)
    found = search_pairs(left, right, 40, keep=lambda pairs: pairs[:, 0] + pairs[:, 1] < 3)
    assert sorted(map(tuple, found.pairs.tolist())) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 0)]
    assert found.proven == 1.0


def test_more_than_there_are():
    left, right = factors("plain", 4, 5)
    assert len(search_pairs(left, right, 1000).pairs) == 20


def test_out_of_time_it_says_how_much_is_proven():
    left, right = factors("plain")
    found = search_pairs(left, right, 50, until=time.monotonic() - 1)
    n_computed = 48 * 80
    assert n_computed / (300 * 400) <= found.proven < 1
    assert len(found.pairs) == 50
    # What it has are true entries, best first.
    products = (left[found.pairs[:, 0]].double() * right[found.pairs[:, 1]].double()).sum(-1)
    assert torch.equal(found.strengths, products)
    assert found.strengths.diff().max() <= 0


def test_what_is_called_proven_is_proven():
    """Stopped after so many tiles: no more entries than the unproven share may lie above the bar."""
    left, right = factors("lengths")
    left, right = left + 0.3 * factors("plain")[0], right + 0.3 * factors("plain")[1]
    entries = (left.double()[:, None] * right.double()[None]).sum(-1)
    shares = []
    for n_tiles in range(1, 40, 4):
        clock = iter(range(10_000))
        found = search_with_clock(left, right, clock, n_tiles)
        bar = float(found.strengths[-1])
        n_above = int((entries > bar).sum())
        n_found_above = int((found.strengths > bar).sum())
        assert n_above - n_found_above <= round((1 - found.proven) * entries.numel())
        shares.append(found.proven)
    assert shares == sorted(shares)
    assert shares[0] < 0.95
    assert shares[-1] == 1.0


def search_with_clock(left, right, clock, n_tiles):
    original = pair_search.time
    pair_search.time = type("Clock", (), {"monotonic": staticmethod(lambda: next(clock))})
    try:
        return search_pairs(left, right, 50, until=float(n_tiles))
    finally:
        pair_search.time = original


def test_a_decaying_spectrum_needs_only_a_part(monkeypatch):
    left, right = factors("plain", 1000, 1000)
    lengths = torch.logspace(0, -2, 1000)[:, None]
    searched = []
    original = pair_search._Tiles._search
    monkeypatch.setattr(
        pair_search._Tiles, "_search", lambda self, *given: (searched.append(1), original(self, *given))
    )
    found = search_pairs(left * lengths, right * lengths, 50)
    assert found.proven == 1.0
    assert len(searched) < 0.3 * (1000 / 48) * (1000 / 80)


@pytest.mark.parametrize("kind", KINDS)
def test_balanced_factors_have_the_same_product_and_equal_columns(kind):
    left, right = factors(kind)
    balanced_left, balanced_right = balance(left, right)
    product = left.double() @ right.double().T
    largest = float(product.abs().max())
    assert_close(balanced_left @ balanced_right.T, product, atol=1e-6 * max(largest, 1e-9), rtol=0)
    if kind in ("plain", "lengths"):  # not where lengths differ so much that rounding decides
        assert_close(balanced_left.norm(dim=0)[:3], balanced_right.norm(dim=0)[:3], rtol=1e-3, atol=0)


def test_progress_only_grows_and_ends_at_one():
    told = []
    left, right = factors("plain")
    search_pairs(left, right, 50, progress=told.append)
    assert told == sorted(told)
    assert told[0] > 0
    assert told[-1] == 1.0


def test_stopping_from_the_progress_leaves_with_its_error():
    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search_pairs(*factors("plain"), 5, progress=stop)


def test_the_machine_is_asked_once():
    assert quickest_precision("cpu") in (torch.float32, torch.bfloat16)
    assert quickest_precision.cache_info().misses <= 1
