"""The pace of a job."""

from llm_tt.batch.progress import BatchState


def test_the_pace_is_that_of_what_is_done_now():
    state = BatchState(n_entries=100, n_done=60, n_before=40, seconds=10.0)
    assert (state.rate, state.seconds_left) == (2.0, 20.0)


def test_before_anything_is_done_there_is_none():
    assert BatchState(100, 40, 40, 3.0).seconds_left is None
    assert BatchState(100, 0, 0, 0.0).rate == 0
