"""What is kept stays within its bytes, and the least recently used goes first."""

import pytest

from llm_tt.app.kept import KeptByBytes


def put(kept: KeptByBytes, key: str, size: int) -> object:
    return kept.get(key, lambda: f"made {key}", lambda _: size)


def refuse() -> object:
    pytest.fail("it was made again")


def test_what_is_kept_is_not_made_again():
    kept = KeptByBytes(10)
    made = put(kept, "a", 3)
    assert kept.get("a", refuse, lambda _: 3) is made
    assert (len(kept), kept.n_bytes) == (1, 3)


def test_the_least_recently_used_goes_first():
    kept = KeptByBytes(10)
    for key in ("a", "b", "c"):
        put(kept, key, 3)
    put(kept, "a", 3)  # used once more
    put(kept, "d", 4)
    assert kept.n_bytes == 10
    for key in ("a", "c", "d"):
        assert kept.get(key, refuse, lambda _: 3) == f"made {key}"
    made = []
    kept.get("b", lambda: made.append("again"), lambda _: 1)
    assert made == ["again"]


def test_what_fills_the_store_is_kept_and_what_is_larger_only_handed_out():
    kept = KeptByBytes(10)
    put(kept, "small", 1)
    assert put(kept, "too large", 11) == "made too large"
    assert (len(kept), kept.n_bytes) == (1, 1)
    put(kept, "exactly", 10)
    assert (len(kept), kept.n_bytes) == (1, 10)
    assert kept.get("exactly", refuse, lambda _: 10) == "made exactly"


def test_what_two_visitors_make_at_once_is_counted_once():
    kept = KeptByBytes(10)

    def make_while_another_does() -> str:
        put(kept, "a", 4)
        return "mine"

    assert kept.get("a", make_while_another_does, lambda _: 4) == "mine"
    assert (len(kept), kept.n_bytes) == (1, 4)


def test_nothing_is_left_after_clearing():
    kept = KeptByBytes(10)
    put(kept, "a", 3)
    kept.clear()
    assert (len(kept), kept.n_bytes) == (0, 0)


def test_what_fails_is_not_kept():
    kept = KeptByBytes(10)

    def fail() -> object:
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            kept.get("a", fail, lambda _: 1)
    assert len(kept) == 0


def test_one_can_be_forgotten_and_is_made_anew():
    store = KeptByBytes(100)
    store.get("a", lambda: 1, lambda value: 10)
    store.get("b", lambda: 1, lambda value: 10)
    store.forget("a")
    store.forget("never there")
    assert "a" not in store
    assert "b" in store
    assert store.n_bytes == 10
    assert store.get("a", lambda: 2, lambda value: 10) == 2


def test_what_is_known_can_be_looked_at_without_making_it():
    store = KeptByBytes(100)
    assert store.known("a") is None
    store.get("a", lambda: "made", lambda value: 10)
    assert store.known("a") == "made"
