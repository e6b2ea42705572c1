"""Turns, ratios and peaks of known work."""

import time

import pytest
import torch

from llm_tt.benchmark.timing import Ratio, against, peak_bytes, repeated_seconds


def test_a_ratio_is_of_the_quickest_turns():
    assert Ratio(0.2, 0.1, 1.5, 3.0).value == 2.0


def test_twice_the_work_takes_about_twice_as_long():
    taken = against(lambda: time.sleep(0.04), lambda: time.sleep(0.02), turns=3)
    assert 1.5 < taken.value < 2.5
    assert taken.low <= taken.high
    assert taken.yardstick_seconds == pytest.approx(0.02, abs=0.01)


def test_work_is_warmed_up_and_repeated():
    calls = []
    taken = repeated_seconds(lambda: calls.append(1), turns=4)
    assert len(taken) == 4
    assert max(taken) < 0.1
    assert len(calls) == 5


def test_a_peak_is_seen_also_when_it_is_gone_in_the_end():
    def work():
        big = torch.ones(64 * 2**20 // 4)
        time.sleep(0.05)
        del big

    assert 50 * 2**20 < peak_bytes(work) < 120 * 2**20
