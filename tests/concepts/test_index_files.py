"""Blocks in and out, and what the seal covers."""

import numpy as np
import pytest

from llm_tt.concepts.index_errors import DamagedIndexError


def test_lists_are_found_by_any_of_their_neurons(word_index):
    files = word_index._files
    starts = [first for first, _ in files.each_list()]
    assert starts == [0, 64, 128, 192]
    assert {files.first_of(number) for number in range(256)} == set(starts)
    for number in (0, 63, 64, 200):
        assert files.first_of(number) == number // 64 * 64
        assert len(files.lists_at(files.first_of(number))) == 64


def test_verified_figures_are_those_of_the_lists(word_index):
    figures = word_index._files.verified()
    reading = word_index.reading(1, 9)
    assert figures.norms[128 + 9].tolist() == [reading.output_norm, reading.input_norm]
    assert figures.spreads[128 + 9].tolist() == [reading.output_spread, reading.input_spread]
    assert figures.counts.sum() == 256 * 4 * 50
    assert figures.counts.dtype == np.int64


def test_lists_that_are_not_there_are_said(word_index):
    with pytest.raises(DamagedIndexError, match="missing"):
        word_index._files.lists_at(3)
