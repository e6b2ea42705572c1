"""The line in front of the machine: so many at once, first come first served, and nobody is left standing."""

import threading
import time

import pytest

from llm_tt.app import turns as module
from llm_tt.app.turns import Turns


class Visitor(threading.Thread):
    """Takes a turn, notes what it is told meanwhile, and holds it until it is let go."""

    def __init__(self, turns: Turns, ran: list[str], name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._turns, self._ran = turns, ran
        self.told: list[int] = []
        self.waits, self.runs, self.may_end = threading.Event(), threading.Event(), threading.Event()
        self.gives_up = False

    def run(self) -> None:
        """As a page does."""
        try:
            with self._turns.taken(self._tell):
                self._ran.append(self.name)
                self.runs.set()
                assert self.may_end.wait(60)
        except KeyError:
            pass

    def _tell(self, n_before: int) -> None:
        self.told.append(n_before)
        self.waits.set()
        if self.gives_up:
            raise KeyError

    def end(self) -> None:
        """Let it go, and see it gone."""
        self.may_end.set()
        self.join(60)
        assert not self.is_alive()


@pytest.fixture
def visitors(monkeypatch):
    """Visitors of one line, each begun when the one before stands in it."""
    monkeypatch.setattr(module, "LOOKS_EVERY", 0.01)
    begun: list[Visitor] = []

    def come(turns: Turns, names: str, ran: list[str]) -> list[Visitor]:
        for name in names:
            visitor = Visitor(turns, ran, name)
            begun.append(visitor)
            visitor.start()
            while not (visitor.waits.is_set() or visitor.runs.is_set()):
                time.sleep(0.001)
        return begun

    yield come
    for visitor in begun:
        visitor.end()


def test_whoever_came_first_goes_first_and_knows_how_many_are_before(visitors):
    ran: list[str] = []
    a, b, c = visitors(Turns(1), "abc", ran)
    assert ran == ["a"]
    assert (b.told[0], c.told[0]) == (1, 2)
    a.end()
    assert b.runs.wait(60)
    while c.told[-1] != 1:
        time.sleep(0.001)
    assert not c.runs.is_set()
    b.end()
    assert c.runs.wait(60)
    assert ran == ["a", "b", "c"]


def test_as_many_run_at_once_as_may(visitors):
    ran: list[str] = []
    a, b, c, d = visitors(Turns(2), "abcd", ran)
    assert sorted(ran) == ["a", "b"]
    assert (c.told[0], d.told[0]) == (1, 2)
    b.end()
    assert c.runs.wait(60)
    assert not d.runs.is_set()
    assert a.is_alive()


def test_who_gives_up_or_fails_holds_up_nobody(visitors):
    ran: list[str] = []
    turns = Turns(1)
    a, b, c = visitors(turns, "abc", ran)
    b.gives_up = True
    b.join(60)
    assert not b.is_alive()
    a.end()
    assert c.runs.wait(60)
    c.end()
    with pytest.raises(ZeroDivisionError), turns.taken(lambda n: None):
        1 / 0  # noqa: B018
    with turns.taken(lambda n: pytest.fail("nobody is before")):
        pass


def test_work_inside_of_work_does_not_wait_for_itself():
    turns = Turns(1)
    never = lambda n: pytest.fail("it waits for itself")  # noqa: E731
    with turns.taken(never) as outer, turns.taken(never) as inner:
        assert inner is outer
    assert not turns.anybody_waits


def test_a_run_of_many_steps_lets_others_go_between(visitors, monkeypatch):
    monkeypatch.setattr(module, "SLICE", 0.0)
    turns, ran = Turns(1), []
    told: list[int] = []

    with turns.taken(told.append) as turn:
        turn.let_others_go()
        assert not told  # nobody waits
        (other,) = visitors(turns, "b", ran)
        assert not other.runs.is_set()
        other.may_end.set()
        turn.let_others_go()
        assert ran == ["b"]
    assert not turns.anybody_waits


def test_a_run_keeps_its_turn_for_a_while(visitors):
    turns, ran = Turns(1), []
    with turns.taken(lambda n: pytest.fail("it was sent away")) as turn:
        visitors(turns, "b", ran)[0].may_end.set()
        turn.let_others_go()
        assert not ran
