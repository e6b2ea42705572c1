"""Times of two pieces of work taken in turns, and the memory that one of them needs at its peak."""

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

Work = Callable[[], object]

SAMPLE_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Ratio:
    """Work against a yardstick; what else the machine does hits both, because they take turns."""

    seconds: float
    """Of the work, the quickest of all turns."""
    yardstick_seconds: float
    """The quickest too."""
    low: float
    high: float
    """Smallest and largest ratio of one turn."""

    @property
    def value(self) -> float:
        """The quickest of each: other work on the machine only ever adds time."""
        return self.seconds / self.yardstick_seconds


def against(work: Work, yardstick: Work, turns: int) -> Ratio:
    """Both once to warm up, then in turns."""
    yardstick()
    work()
    pairs = [(seconds_of(work), seconds_of(yardstick)) for _ in range(turns)]
    ratios = [mine / other for mine, other in pairs]
    return Ratio(min(p[0] for p in pairs), min(p[1] for p in pairs), min(ratios), max(ratios))


def repeated_seconds(work: Work, turns: int) -> list[float]:
    """What each turn takes, after one warm-up."""
    work()
    return [seconds_of(work) for _ in range(turns)]


def seconds_of(work: Work) -> float:
    """What one turn takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_bytes(work: Work) -> int:
    """How far the process grows while the work is done; sampled, so short peaks may be missed."""
    _give_back_what_is_free()
    process = psutil.Process()
    before = highest = process.memory_info().rss
    done = threading.Event()

    def watch() -> None:
        nonlocal highest
        while not done.wait(SAMPLE_SECONDS):
            highest = max(highest, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        result = work()
        highest = max(highest, process.memory_info().rss)
        del result
    finally:
        done.set()
        watcher.join()
    return int(highest - before)


def _give_back_what_is_free() -> None:
    """Else the work would use memory again that was freed before, and seem to need none (glibc only)."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
