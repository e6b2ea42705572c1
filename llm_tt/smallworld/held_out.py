"""Which combinations training never sees: a fixed hash decides, so that no list has to be kept in step."""

from zlib import crc32

HELD_OUT_SHARE = 5
"""One combination in this many is held out."""


def is_held_out(task: str, *parts: object) -> bool:
    """Whether this combination belongs to the held-out split of the task; stable across machines and runs."""
    return crc32("|".join((task, *map(str, parts))).encode()) % HELD_OUT_SHARE == 0


def is_pair_held_out(task: str, first: str, second: str) -> bool:
    """The same for two things whose order does not matter."""
    return is_held_out(task, *sorted((first, second)))
