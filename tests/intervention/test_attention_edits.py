"""Edits of attention, against messages that are built one by one; also with sinks and windows."""

import torch
from torch.testing import assert_close

from llm_tt.intervention.attention_edits import AttentionEdits
from llm_tt.intervention.blending import Window
from llm_tt.intervention.edits import Ablate, Scale

N_HEADS, D_HEAD, LENGTH = 4, 3, 6
WINDOW = Window(0, LENGTH, LENGTH)
EDITS = [
    Ablate.head(0, 1, strength=0.5),
    Ablate.edge(0, 2, head=1, positions=(3, 5)),
    Scale.edge(0, 4, -2.0),
    Scale.edge(0, 9, 3.0),
]


def world(seed=0):
    generator = torch.Generator().manual_seed(seed)
    pattern = torch.rand(1, N_HEADS, LENGTH, LENGTH, generator=generator).tril()
    values = torch.randn(1, LENGTH, 2, D_HEAD, generator=generator)
    usual = torch.randn(N_HEADS, D_HEAD, generator=generator)
    return pattern, values, usual


def by_hand(pattern, values, usual):
    """Rows do not sum to one here: as with attention sinks."""
    messages = torch.einsum("bhqk,bkhd->bhqkd", pattern, values.repeat_interleave(2, dim=2))
    instead = torch.einsum("bhqk,hd->bhqkd", pattern, usual)
    messages[:, 1] = 0.5 * messages[:, 1] + 0.5 * instead[:, 1]
    messages[:, 1, [3, 5], 2] = instead[:, 1, [3, 5], 2]
    messages[:, :, :, 4] *= -2
    return messages.sum(3).transpose(1, 2)


def test_with_sinks_usual_values_come_as_far_as_attention_was_paid():
    pattern, values, usual = world()
    edits = AttentionEdits(EDITS, N_HEADS, usual, has_sinks=True)
    mixed = torch.einsum("bhqk,bkhd->bqhd", pattern, values.repeat_interleave(2, dim=2))
    at_keys = [values[:, key] if key < LENGTH else None for key in edits.keys]
    found = edits.edited(edits.blends(WINDOW), mixed, edits.columns(pattern), at_keys)
    assert edits.keys == [2, 4, 9]
    assert_close(found, by_hand(pattern, values, usual))


def test_without_sinks_rows_are_whole():
    _, _, usual = world()
    edits = AttentionEdits([Ablate.head(0, 1)], N_HEADS, usual, has_sinks=False)
    assert not edits.needs_pattern
    found = edits.edited(edits.blends(WINDOW), torch.randn(2, LENGTH, N_HEADS, D_HEAD), None, [])
    assert_close(found[:, :, 1], usual[1].expand(2, LENGTH, -1))


def test_a_pattern_of_the_last_keys_only():
    pattern, _, usual = world()
    edits = AttentionEdits(EDITS, N_HEADS, usual, has_sinks=False)
    columns = edits.columns(pattern[..., 3:], first_key=3)
    assert_close(columns[..., 0], torch.ones(1, N_HEADS, LENGTH))
    assert_close(columns[..., 1], torch.zeros(1, N_HEADS, LENGTH))  # key 2 is out of sight
    assert_close(columns[..., 2], pattern[..., 4])
    assert_close(columns[..., 3], torch.zeros(1, N_HEADS, LENGTH))  # key 9 is not there yet


def test_factors_of_messages():
    pattern, _, usual = world()
    edits = AttentionEdits(EDITS, N_HEADS, usual, has_sinks=False)
    factor = edits.message_factor(edits.blends(WINDOW), pattern[0])
    expected = torch.ones(N_HEADS, LENGTH, LENGTH)
    expected[1] = 0.5
    expected[1, [3, 5], 2] = 0
    expected[:, :, 4] *= -2
    assert_close(factor, expected)
    whole = AttentionEdits([Scale.head(0, 1, 0.5)], N_HEADS, usual, has_sinks=False)
    spread = whole.message_factor(whole.blends(WINDOW), pattern[0])
    assert spread.untyped_storage().nbytes() == 4 * N_HEADS * LENGTH, "spread over the keys without a copy"


def test_only_the_mean_with_sinks_needs_the_pattern():
    _, _, usual = world()
    for edit, needed in [(Ablate.head(0, 1), True), (Ablate.head(0, 1, baseline="zero"), False)]:
        assert AttentionEdits([edit], N_HEADS, usual, has_sinks=True).needs_pattern is needed
    assert AttentionEdits([Scale.edge(0, 3, 2.0)], N_HEADS, usual, has_sinks=False).needs_pattern


def test_nothing_comes_from_outside_without_a_mean():
    _, _, usual = world()
    edits = AttentionEdits([Scale.head(0, 1, 2.0)], N_HEADS, usual, has_sinks=False)
    assert edits.outside(edits.blends(WINDOW), None, usual) is None
