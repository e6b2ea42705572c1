"""Threads in which torch works on one core: for products of milliseconds, alone or side by side.

By default every operation is shared out to all cores and waits for the slowest. For such products on a
machine that does something else too, that waiting took ten times as long as the work.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, wraps
from typing import Literal, TypeVar, cast

import torch

from llm_tt.model.language_model import LanguageModel

_Read = TypeVar("_Read", bound=Callable[..., object])

Use = Literal["readings", "products"]
"""Readings may wait for a model's lock. Products wait for nothing: who holds that lock may wait for them."""

_here = threading.local()

_making = threading.Lock()


def single_threads(use: Use) -> ThreadPoolExecutor:
    """As many threads as torch would use, made once a use; nothing changes for threads outside of them."""
    with _making:  # who comes while threads become single would take one core for the number of all
        return _made_once(use)


@cache
def _made_once(use: Use) -> ThreadPoolExecutor:
    n_threads = torch.get_num_threads()
    pool = ThreadPoolExecutor(n_threads, f"single {use}", initializer=_become_single)
    all_there = threading.Barrier(n_threads + 1)
    for _ in range(n_threads):
        pool.submit(all_there.wait)
    all_there.wait()
    torch.set_num_threads(n_threads)  # each thread has its own; new ones begin with the last one set
    return pool


def on_one_core(read: _Read) -> _Read:
    """Run a reading, whose first argument is a model, in one of these threads, and wait for it.

    Not where that makes no sense, on a GPU or inside of such a thread; nor where the caller holds the model's
    lock, which the other thread would wait for.
    """

    @wraps(read)
    def elsewhere(*args: object, **kwargs: object) -> object:
        model = cast("LanguageModel", args[0] if args else kwargs["model"])
        is_inside = getattr(_here, "is_single", False)
        is_held = model.lock._is_owned()  # type: ignore[attr-defined]
        if is_inside or is_held or model.device.type != "cpu":
            return read(*args, **kwargs)
        return single_threads("readings").submit(read, *args, **kwargs).result()

    return cast("_Read", elsewhere)


def _become_single() -> None:
    _here.is_single = True
    torch.get_num_threads()  # a thread takes the process's number when it first asks, and would do so later
    torch.set_num_threads(1)
