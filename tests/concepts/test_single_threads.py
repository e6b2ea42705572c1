"""Inside one core each, outside as before."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

import llm_tt
from llm_tt.concepts.single_threads import on_one_core, single_threads


def test_only_the_threads_inside_work_alone():
    before = torch.get_num_threads()
    pool = single_threads()
    together = threading.Barrier(before)

    def inside(_):
        together.wait(10)  # so that every thread answers
        return torch.get_num_threads()

    assert list(pool.map(inside, range(before))) == [1] * before
    assert torch.get_num_threads() == before
    with ThreadPoolExecutor(1) as outside:
        assert outside.submit(torch.get_num_threads).result() == before
    assert single_threads() is pool


@on_one_core
def where(model, *, fails=False):
    if fails:
        message = "as asked"
        raise ValueError(message)
    return torch.get_num_threads(), threading.current_thread().name


@on_one_core
def where_twice(model):
    return where(model)[1] == threading.current_thread().name


def test_a_reading_runs_on_one_core_and_tells_its_errors(tiny_model):
    n_threads, name = where(tiny_model)
    assert n_threads == 1
    assert name != threading.current_thread().name
    with pytest.raises(ValueError, match="as asked"):
        where(tiny_model, fails=True)


def test_readings_inside_of_readings_do_not_wait_for_themselves(tiny_model):
    assert all(where_twice(tiny_model) for _ in range(2 * torch.get_num_threads()))


def test_who_holds_the_model_reads_in_place(tiny_model):
    """Else the other thread would wait for the lock forever."""
    with tiny_model.lock:
        assert where(tiny_model)[1] == threading.current_thread().name
        assert llm_tt.nearest_tokens(tiny_model, 5, "embedding").token_ids
