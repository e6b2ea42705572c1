"""Inside one core each, outside as before."""

import threading
from concurrent.futures import ThreadPoolExecutor

import torch

from llm_tt.concepts.single_threads import single_threads


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
