"""What Transformers says between our lines, and what it says afterwards."""

from contextlib import suppress

import pytest
from transformers.utils import logging

from llm_tt.model.quiet import quiet


@pytest.mark.parametrize("has_bars", [True, False])
def test_only_errors_are_heard_and_everything_is_as_before_afterwards(has_bars):
    switch = logging.enable_progress_bar if has_bars else logging.disable_progress_bar
    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    switch()
    with suppress(KeyError), quiet():
        assert logging.get_verbosity() == logging.ERROR
        assert not logging.is_progress_bar_enabled()
        raise KeyError
    assert logging.get_verbosity() == before[0]
    assert logging.is_progress_bar_enabled() == has_bars
    (logging.enable_progress_bar if before[1] else logging.disable_progress_bar)()
