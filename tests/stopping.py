"""Stopping a run from its progress, and what must hold afterwards."""

import threading
from collections.abc import Callable

import pytest
import torch

import llm_tt
from llm_tt.tracing.progress import Progress

PROBE = (5, 9, 2, 7, 40, 3)


class Stopped(BaseException):
    """As Streamlit stops a script: no `except Exception` on the way may hold it."""


def shares_told(run: Callable[[Progress], object]) -> list[float]:
    """What a run tells; never less than before, above 0, and in the end 1."""
    told: list[float] = []
    run(told.append)
    assert told == sorted(told)
    assert told[0] > 0
    assert told[-1] == pytest.approx(1)
    return told


def check_stops_cleanly(model: llm_tt.LanguageModel, run: Callable[[Progress], object]) -> None:
    """Stop a run at each of its calls: no hook stays, the lock is free, predictions are as before."""
    expected, hooks = model.run(PROBE).detach(), _hooks_of(model)
    for at in range(len(shares_told(run))):
        left = [at]

        def stop(_: float, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Stopped

        with pytest.raises(Stopped):
            run(stop)
        assert _hooks_of(model) == hooks
        assert _lock_is_free(model)
        assert torch.equal(model.run(PROBE), expected)


def _hooks_of(model: llm_tt.LanguageModel) -> dict[str, int]:
    """How many hooks each hook point has; some families keep a few of their own."""
    return {name: len(point._forward_hooks) for name, point in model._bridge.hook_dict.items()}


def _lock_is_free(model: llm_tt.LanguageModel) -> bool:
    found: list[bool] = []

    def try_it() -> None:
        found.append(model.lock.acquire(timeout=1))
        if found[0]:
            model.lock.release()

    thread = threading.Thread(target=try_it)
    thread.start()
    thread.join()
    return found[0]
