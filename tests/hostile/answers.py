"""What every answer to bad input is held against, in one place.

- It ends within two seconds. What counts is the processor's time of this process: the wall clock of a machine
  that others use too says how busy they are. A call that waits for something takes no such time, so after a
  minute by the clock it is stopped, and the case fails.
- It takes no memory to speak of: more than three gigabytes at once are refused by the system.
- It is a sentence: an error of ours in three parts, a box on a page, or lines on stderr, never a traceback,
  the name of a class or an address in memory.
"""

import os
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings, strategies

from llm_tt.errors import LlmTtError

T = TypeVar("T")

SECONDS = 2.0
"""Of the processor."""
SECONDS_BEFORE_IT_HANGS = 60
BYTES = 3 * 2**30

NO_FILES = ("pipe", "/dev/zero", "folder", "link to itself")
"""What may stand where a file is meant; the fixture `stand_in` puts it there."""

often = settings(
    max_examples=150,
    deadline=None,  # each answer is timed here
    derandomize=True,  # the same everywhere, so that what fails can be looked at again
    database=None,
    suppress_health_check=list(HealthCheck),
)
"""For cases that hypothesis thinks of."""

now_and_then = settings(often, max_examples=25)
"""For cases that run a model each time."""

any_text = strategies.text(strategies.characters(exclude_categories=()), max_size=60)
"""Also halves of surrogate pairs, zero bytes, letters that turn the direction of writing."""

TIMES: dict[str, float] = {}
"""The longest answer of each case."""

INTERNALS = re.compile(r"<class |object at 0x|Traceback|File \"|\[Errno|\bNone\.|site-packages|Error\(")
PATH = re.compile(r"(?<![\w:.])/(?:[\w.-]+/)*[\w.-]{2,}")
LONGEST = 20_000
"""Characters of a message, of which most are a name that was given."""


class HangsError(Exception):
    """It did not end."""


@contextmanager
def timed(*, is_bounded: bool = True) -> Iterator[None]:
    """Measure what is inside, and stop it where it hangs or takes the memory.

    Not bounded is what draws pictures: an engine for JavaScript reserves more addresses than it ever fills.
    """

    def stop(*_: object) -> None:
        raise HangsError

    before = signal.signal(signal.SIGALRM, stop)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    if is_bounded and sys.platform == "linux":
        size = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (size + BYTES, limits[1]))
    signal.alarm(SECONDS_BEFORE_IT_HANGS)
    start = time.process_time()
    try:
        yield
    except HangsError:
        pytest.fail(f"It still went on after {SECONDS_BEFORE_IT_HANGS} seconds.", pytrace=False)
    finally:
        taken = time.process_time() - start
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, limits)
    case = os.environ.get("PYTEST_CURRENT_TEST", "").removesuffix(" (call)")
    TIMES[case] = max(taken, TIMES.get(case, 0.0))
    assert taken <= SECONDS, f"It took {taken:.1f} s."


def refused(call: Callable[[], object], kind: type[LlmTtError] = LlmTtError) -> LlmTtError:
    """The error of ours that a call ends with; anything else fails the case."""
    with timed():
        try:
            taken = call()
        except LlmTtError as problem:
            error = problem
        else:
            pytest.fail(f"It was taken: {repr(taken)[:200]}", pytrace=False)
    assert isinstance(error, kind), type(error)
    check_sentences(error)
    return error


def answered(call: Callable[[], T]) -> T | LlmTtError:
    """What a call returns, or the error of ours that it ends with: of input that may be good."""
    with timed():
        try:
            return call()
        except LlmTtError as problem:
            error = problem
    check_sentences(error)
    return error


def check_sentences(error: LlmTtError) -> None:
    """Its three parts are what a person can read."""
    for part in (error.asked, error.found, error.remedy):
        check_text(part)
    for part in (error.asked, error.found):  # a remedy may end with a command
        assert part.rstrip("”'\")").endswith((".", "!", "?", "…", ":")) or part.endswith("`"), part


def check_text(text: str) -> None:
    """No internals, and not endless."""
    assert text.strip()
    assert len(text) <= LONGEST, f"{len(text):,} characters"
    assert not INTERNALS.search(text), text


def check_without_paths(text: str) -> None:
    """Visitors hear of no folder of the machine."""
    assert not PATH.search(text), text


def acts_on_a_terminal(text: str) -> bool:
    """Whether a terminal would do anything else than show it."""
    return not all(letter.isprintable() or letter == "\n" for letter in text)
