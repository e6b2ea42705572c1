"""Inside one core each, outside as before."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

import llm_tt
from llm_tt.concepts import single_threads as single_threads_module
from llm_tt.concepts.single_threads import on_one_core, single_threads


def test_only_the_threads_inside_work_alone():
    before = torch.get_num_threads()
    pool = single_threads("products")
    together = threading.Barrier(before)

    def inside(_):
        together.wait(10)  # so that every thread answers
        return torch.get_num_threads()

    assert list(pool.map(inside, range(before))) == [1] * before
    assert torch.get_num_threads() == before
    with ThreadPoolExecutor(1) as outside:
        assert outside.submit(torch.get_num_threads).result() == before
    assert single_threads("products") is pool


def test_two_that_need_the_threads_first_get_the_same_ones(monkeypatch):
    make, made = single_threads_module._become_single, []

    def slowly():
        make()
        made.append(1)
        time.sleep(0.05)

    monkeypatch.setattr(single_threads_module, "_become_single", slowly)
    single_threads_module._made_once.cache_clear()
    before = torch.get_num_threads()
    with ThreadPoolExecutor(4) as outside:
        first, *others = outside.map(lambda _: single_threads("products"), range(4))
    assert all(pool is first for pool in others) and len(made) == before
    assert torch.get_num_threads() == before


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


def test_who_holds_the_model_may_search_while_others_wait_for_it(tiny_model):
    """All threads of readings wait for the lock then, and products must not wait behind them."""
    waiting = 2 * torch.get_num_threads()
    done = threading.Event()
    with ThreadPoolExecutor(waiting + 1) as others:

        def hold_and_search():
            with tiny_model.lock:
                started = [
                    others.submit(llm_tt.nearest_tokens, tiny_model, 5, "embedding") for _ in range(waiting)
                ]
                time.sleep(0.2)
                found = single_threads("products").submit(done.set)
                return started, found.result(10)

        started, _ = others.submit(hold_and_search).result(20)
        assert done.is_set() and all(reading.result(10).token_ids for reading in started)
