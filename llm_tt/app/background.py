"""Work that a page does not wait for: it runs in a thread of its own, and the page asks for the result."""

import atexit
import logging
import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Final

from cachetools import LRUCache

from llm_tt.errors import LlmTtError
from llm_tt.tracing.progress import Progress

PATIENCE_AT_THE_END: Final = 5.0
"""Seconds that a process which ends waits for the work under way."""

_log = logging.getLogger("llm_tt")


class _Dropped(BaseException):
    """Nobody waits for this any more."""


class _GivesWay(BaseException):
    """Somebody waits for a page: this has to begin again later."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a piece of work: its value, why there is none, or neither while it still runs."""

    value: object | None = None
    error: LlmTtError | None = None
    share: float = 0.0
    """How far it is, from 0 to 1."""

    @property
    def is_pending(self) -> bool:
        """Whether it is worth asking again."""
        return self.value is None and self.error is None


@dataclass(slots=True, eq=False)
class _Job:
    future: "Future[Answer]" = field(default_factory=Future)
    drop: threading.Event = field(default_factory=threading.Event)
    share: float = 0.0


class Background:
    """Jobs by key, one at a time; finished ones are kept, the oldest beyond `keep` are forgotten."""

    def __init__(self, keep: int) -> None:
        self._waiting: SimpleQueue[tuple[Callable[[Progress], object], _Job]] = SimpleQueue()
        self._idle = threading.Condition()
        self._n_pages = 0
        self._is_ending = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._jobs: LRUCache[Hashable, _Job] = LRUCache(keep)

    def ask(self, key: Hashable, make: Callable[[Progress], object]) -> Answer:
        """The answer, if it is there; the first to ask starts the work."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                self._jobs[key] = job = _Job()
                self._waiting.put((make, job))
                self._start()
        return job.future.result() if job.future.done() else Answer(share=job.share)

    def _start(self) -> None:
        """The thread, when it is first needed; it does not keep the process from ending."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="llm_tt background", daemon=True)
            self._thread.start()
            atexit.register(self._end)

    def _end(self) -> None:
        """With the process: what runs ends at its next report, so that nothing is torn off in its middle."""
        self._is_ending = True
        with self._idle:
            self._idle.notify_all()
        self._waiting.put((lambda report: None, _Job()))
        if self._thread is not None:
            self._thread.join(PATIENCE_AT_THE_END)

    def _run(self) -> None:
        while not self._is_ending:
            make, job = self._waiting.get()
            with self._idle:
                self._idle.wait_for(lambda: self._n_pages == 0 or self._is_ending)
            try:
                job.future.set_result(self._work(make, job))
            except _GivesWay:
                self._waiting.put((make, job))
            del make, job  # while this waits, nobody may hold on to their pass

    def _work(self, make: Callable[[Progress], object], job: _Job) -> Answer:
        def report(share: float) -> None:
            if job.drop.is_set() or self._is_ending:
                raise _Dropped
            if self._n_pages > 0:
                raise _GivesWay
            job.share = share

        try:
            report(0.0)
            return Answer(value=make(report))
        except LlmTtError as error:
            return Answer(error=error)
        except _Dropped:
            return Answer()
        except Exception:
            _log.exception("an error in the background that nobody foresaw")
            return Answer(
                error=LlmTtError(
                    asked="Compute this.", found="Something went wrong.", remedy="Reload the page."
                )
            )

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While somebody waits for a page: what runs gives the model free at its next report, and waits."""
        with self._idle:
            self._n_pages += 1
        try:
            yield
        finally:
            with self._idle:
                self._n_pages -= 1
                self._idle.notify_all()

    def drop(self, key: Hashable) -> None:
        """Give up unfinished work; whoever asks again starts it anew."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.future.done():
                return
            del self._jobs[key]
        job.drop.set()
