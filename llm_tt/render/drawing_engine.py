"""What draws pictures where no browser is: the pages' own modules, run by V8 inside of this process.

One engine is enough. It starts when first needed, does one picture at a time, and is given up when a picture
wanted more memory than it may have. A process that was forked has none of its parent's threads, so it gets an
engine of its own.
"""

import atexit
import ctypes
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Final, Literal

from llm_tt.errors import ExportError
from llm_tt.render import anatomy_view, flow_view

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

MEMORY: Final = 512 * 2**20
"""Bytes that one picture may take while it is drawn."""
SECONDS: Final = 120.0
"""As long may it take."""
ASKED: Final = "Draw a picture."

Kind = Literal["flow", "anatomy"]
_one_at_a_time = Lock()


def draw(kind: Kind, payload: bytes, wishes: Mapping[str, object]) -> str | None:
    """What `stillOf` makes of a payload; None where the part that was to be selected is not there.

    Raises:
        ExportError: the payload cannot be read, or drawing it takes too much memory or time.
    """
    with _one_at_a_time:
        return _drawn(kind, payload, wishes)


def _drawn(kind: Kind, payload: bytes, wishes: Mapping[str, object]) -> str | None:
    from py_mini_racer import JSEvalException, JSOOMException, JSTimeoutException

    engine = _engine()
    try:
        # The engine's own memory, written from here: nothing is encoded, and nothing is copied twice.
        engine.eval(f"inbox = new Uint8Array({len(payload)}); inbox.buffer")[:] = payload
        drawn = engine.eval(f"DRAW.{kind}(inbox, {json.dumps(dict(wishes))})", timeout_sec=SECONDS)
    except JSOOMException as error:
        _give_up(engine)
        raise _too_much(MEMORY / 2**20, "MB") from error
    except JSTimeoutException as error:
        raise _too_much(SECONDS, "seconds") from error
    except JSEvalException as error:
        raise ExportError(
            asked=ASKED,
            found=f"Drawing failed: {_first_line(str(error))}.",
            remedy="The bytes may be cut off or from another version: pack them anew.",
        ) from error
    finally:
        if _engine.cache_info().currsize:
            engine.eval("inbox = null")
    return None if drawn is None else str(drawn)


def _too_much(most: float, unit: str) -> ExportError:
    return ExportError(
        asked=ASKED,
        found=f"It took more than {most:g} {unit}.",
        remedy="Show less: cut the graph to fewer edges, or shorten the prompt.",
    )


def _give_up(engine: "MiniRacer") -> None:
    """What was stopped does nothing any more; the next picture starts another one."""
    _engine.cache_clear()
    atexit.unregister(engine.close)
    engine.close()


def _forget_the_parents() -> None:
    """In a child: who asks its copy of the engine, or takes it down, waits for threads that are not here."""
    global _one_at_a_time  # whoever held the other one is not here
    _one_at_a_time = Lock()
    if _engine.cache_info().currsize:
        engine = _engine()
        atexit.unregister(engine.close)
        # Nobody lets go of it any more, not even the interpreter at its end: that too would take it down.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(engine))
        _engine.cache_clear()


if hasattr(os, "register_at_fork"):  # Windows has no forks
    os.register_at_fork(after_in_child=_forget_the_parents)


def _first_line(message: str) -> str:
    """Of what the engine says: what was wrong, without where in its text."""
    return next((line for line in message.splitlines() if "Error: " in line), message).partition("Error: ")[2]


@cache
def _engine() -> "MiniRacer":
    from py_mini_racer import MiniRacer

    # In a thread of its own: where an event loop runs, as in notebooks, it would tie itself to that loop.
    with ThreadPoolExecutor(1) as starter:
        engine = starter.submit(MiniRacer).result()
    # Not left to the interpreter's own end, where the engine would wait for threads that are gone.
    atexit.register(engine.close)
    engine.set_hard_memory_limit(MEMORY)
    # Each module in a function of its own: both bring what they share.
    modules = {"flow": flow_view.still_module(), "anatomy": anatomy_view.still_module()}
    made = ",".join(f"{kind}:(()=>{{{text}return stillOf;}})()" for kind, text in modules.items())
    engine.eval(f"let inbox = null; const DRAW = {{{made}}};")
    return engine
