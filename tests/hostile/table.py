"""The cases of bad input with their answer times.

python -m tests.hostile.table
"""

import sys
from collections.abc import Mapping
from pathlib import Path

HEAD = "seconds  case"


def summary(times: Mapping[str, float]) -> str:
    """One line: how many, and the slowest."""
    slowest = max(times, key=times.__getitem__)
    return (
        f"Bad input: {len(times):,} cases answered; the slowest took {times[slowest]:.2f} s of the processor "
        f"({slowest.partition('::')[2]})."
    )


def table(times: Mapping[str, float]) -> str:
    """All of them, the slowest first."""
    rows = sorted(times.items(), key=lambda row: -row[1])
    return "\n".join([HEAD, *(f"{seconds:7.2f}  {case.rpartition('/')[2]}" for case, seconds in rows)])


if __name__ == "__main__":
    import pytest

    from tests.hostile.answers import TIMES

    ended = pytest.main([str(Path(__file__).parent), "-q"])
    sys.stdout.write(table(TIMES) + "\n")
    sys.exit(ended)
