"""A store of results that is bounded by their bytes: the least recently used go first."""

import threading
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from cachetools import LRUCache

T = TypeVar("T")


class KeptByBytes:
    """Shared by all visitors. What is larger than the whole store is handed out and not kept."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._lock = threading.Lock()
        self._values: LRUCache[Hashable, tuple[object, int]] = LRUCache(max_bytes, getsizeof=lambda v: v[1])

    def known(self, key: Hashable) -> object | None:
        """What is kept under a key, if it is there."""
        with self._lock:
            found = self._values.get(key)
        return None if found is None else found[0]

    def get(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """What is kept under a key, or made now. Two visitors who ask at once may both make it."""
        known = self.known(key)
        if known is not None:
            return cast(T, known)
        made = make()
        with self._lock:
            if size(made) <= self.max_bytes:
                self._values[key] = (made, size(made))
        return made

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._values

    def forget(self, key: Hashable) -> None:
        """Forget one, if it is there."""
        with self._lock:
            self._values.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()

    @property
    def n_bytes(self) -> int:
        """How much is kept."""
        return int(self._values.currsize)

    def __len__(self) -> int:
        return len(self._values)
