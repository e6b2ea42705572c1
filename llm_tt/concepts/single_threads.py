"""Threads in which torch works on one core: for many short products side by side.

By default every operation is shared out to all cores and waits for the slowest. For products of a millisecond
on a machine that does something else too, that waiting took ten times as long as the work.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import torch


@cache
def single_threads() -> ThreadPoolExecutor:
    """As many threads as torch would use, made once; nothing changes for threads outside of it."""
    n_threads = torch.get_num_threads()
    pool = ThreadPoolExecutor(n_threads, "single", initializer=torch.set_num_threads, initargs=(1,))
    all_there = threading.Barrier(n_threads + 1)
    for _ in range(n_threads):
        pool.submit(all_there.wait)
    all_there.wait()
    torch.set_num_threads(
        n_threads
    )  # each thread has its own number, but new ones begin with the last one set
    return pool
