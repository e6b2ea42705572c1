"""Proximity by hand, and every way of computing it against the plainest one."""

import pytest
import torch
from torch.testing import assert_close

from llm_tt.attribution import proximity, proximity_kernel
from llm_tt.attribution.messages import LayerMessages


def messages(n_heads=3, n_positions=7, width=20, dtype=torch.float32, seed=0):
    generator = torch.Generator().manual_seed(seed)
    whole = torch.randn(n_positions, width, generator=generator, dtype=torch.float64)
    vectors = torch.randn(n_heads, n_positions, width, generator=generator, dtype=torch.float64) * 2
    pattern = torch.rand(n_heads, n_positions, n_positions, generator=generator, dtype=torch.float64).tril()
    return tuple(tensor.to(dtype) for tensor in (whole, vectors, pattern / pattern.sum(-1, keepdim=True)))


def layer(whole, vectors, coefficient):
    """The same as one layer's messages: one unit of each head's values for every coordinate."""
    width = whole.shape[-1]
    unit = torch.eye(width, dtype=whole.dtype).expand(len(vectors), -1, -1)
    return LayerMessages(vectors, coefficient, torch.zeros_like(whole), vectors.transpose(0, 1), unit)


def proximities(whole, vectors, coefficient, norm="l1"):
    result = torch.full_like(coefficient, 7.0)  # whatever was there before
    messages = layer(whole, vectors, coefficient)
    proximity.of_messages([proximity.MessageSum(whole, messages, result)], norm)
    return result


def plain(whole, vectors, coefficient, norm=1):
    """Every message in full, in float64."""
    parts = coefficient.double()[..., None] * vectors.double()[:, None]
    distance = (whole.double()[:, None] - parts).norm(p=norm, dim=-1)
    return (whole.double().norm(p=norm, dim=-1)[:, None] - distance).clamp(min=0).tril()


def test_by_hand_in_two_dimensions():
    whole = torch.tensor([3.0, -4.0])
    closer = lambda x, norm="l1": float(proximity.of_part(whole[None], torch.tensor([x]), norm))  # noqa: E731
    assert closer([3.0, -4.0]) == 7  # the whole itself
    assert closer([1.0, 0.0]) == 1  # |7| - |2, -4|
    assert closer([1.0, 2.0]) == 0  # 7 - (2 + 6) leads away
    assert closer([5.0, 0.0]) == 1  # overshoots: 7 - (2 + 4)
    assert closer([3.0, -4.0], "l2") == 5
    assert closer([3.0, 0.0], "l2") == 1  # 5 - 4
    assert closer([0.0, 4.0], "l2") == 0


@pytest.mark.parametrize("norm", ["l1", "l2"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_message_as_the_plainest_way_has_it(norm, dtype):
    for n_positions in (1, 2, 5, 16, 17, 40):  # less than a block of keys, exactly one, several
        whole, vectors, pattern = messages(n_positions=n_positions, dtype=dtype, seed=n_positions)
        found = proximities(whole, vectors, pattern, norm)
        expected = plain(whole, vectors, pattern, {"l1": 1, "l2": 2}[norm])
        assert found.dtype == dtype
        assert_close(found.double(), expected, atol=1e-5 if dtype == torch.float32 else 1e-12, rtol=0)


@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_a_part_by_the_kernel_and_without_it(norm, monkeypatch):
    whole, vectors, _ = messages(n_positions=6, width=21)
    expected = whole.double().norm(p=int(norm[1]), dim=1) - (whole - vectors[0]).double().norm(
        p=int(norm[1]), dim=1
    )
    compiled = proximity.of_part(whole, vectors[0], norm)
    assert_close(compiled.double(), expected.clamp(min=0), atol=1e-5, rtol=0)
    monkeypatch.setattr(proximity_kernel, "find_spec", lambda _: None)
    assert_close(proximity.of_part(whole, vectors[0], norm), compiled, atol=1e-5, rtol=0)


def test_chunks_of_any_size_give_the_same(monkeypatch):
    given = messages(n_positions=11)
    expected = plain(*given)
    for size in (1, 500, 1 << 20):
        monkeypatch.setitem(proximity.CHUNK_ELEMENTS, "cpu", size)
        found = torch.full_like(given[2], 7.0)
        proximity.of_messages_in_chunks(*given, found)
        assert_close(found.double(), expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("slopes_from", [0, 1000])
def test_with_and_without_slopes(slopes_from, monkeypatch):
    monkeypatch.setattr(proximity, "SLOPES_FROM", slopes_from)
    given = messages(n_positions=13)
    assert_close(proximities(*given).double(), plain(*given), atol=1e-5, rtol=0)


def test_what_adds_nothing_is_exactly_nothing():
    whole, vectors, pattern = messages()
    found = proximities(whole, vectors, pattern)
    assert (found.triu(1) == 0).all()
    assert (found[proximity.slope(whole, layer(whole, vectors, pattern)) <= 0] == 0).all()
    assert (found > 0).any()


def test_the_slope_bounds_the_proximity():
    whole, vectors, pattern = messages(dtype=torch.float64)
    bound = (pattern * proximity.slope(whole, layer(whole, vectors, pattern))).clamp(min=0)
    assert (proximities(whole, vectors, pattern) <= bound + 1e-12).all()


def test_small_parts_of_a_large_whole_keep_their_digits():
    whole = torch.full((1, 768), 1000.0)
    part = torch.full((1, 768), 1e-3)
    found = proximities(whole, part[None], torch.ones(1, 1, 1))
    assert_close(
        found[0, 0, 0], torch.tensor(0.768), rtol=0.05, atol=0
    )  # 768,000 - 767,999.2 would give 0.75
