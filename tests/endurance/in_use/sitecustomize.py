"""Python imports this in each process of the dashboard: what is really in use, written into a file.

The resident size also counts what the allocator keeps for later. This folder is put on the way of imports by
`served.py`, and nowhere else.
"""

import ctypes
import os
import threading
import time
from pathlib import Path

EVERY = 2.0
"""Seconds."""


class _InUse(ctypes.Structure):
    """As <malloc.h> of glibc has it."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "ordblks",
            "smblks",
            "hblks",
            "hblkhd",
            "usmblks",
            "fsmblks",
            "uordblks",
            "fordblks",
            "keepcost",
        )
    )


def _write_on(folder: Path) -> None:
    ask = ctypes.CDLL(None).mallinfo2
    ask.restype = _InUse
    file = folder / str(os.getpid())
    while folder.exists():
        found = ask()
        fresh = file.with_suffix(".fresh")
        fresh.write_text(str(found.uordblks + found.hblkhd))
        fresh.replace(file)  # so that nobody reads half of it
        time.sleep(EVERY)


if "LLM_TT_ENDURANCE_IN_USE" in os.environ and hasattr(ctypes.CDLL(None), "mallinfo2"):
    _folder = Path(os.environ["LLM_TT_ENDURANCE_IN_USE"])
    threading.Thread(target=_write_on, args=(_folder,), daemon=True, name="in use").start()
