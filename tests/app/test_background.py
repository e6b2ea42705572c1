"""Work in the background: asked for once, dropped when nobody waits, and every error is an answer."""

import threading
from collections.abc import Callable

from llm_tt.app.background import Answer, Background, _Job
from llm_tt.errors import LlmTtError, PromptError
from llm_tt.tracing.progress import Progress


class Held:
    """Work that tells when it has begun, and waits until it may go on to its next report."""

    def __init__(self) -> None:
        self.begun, self.may_go_on, self.reported = threading.Event(), threading.Event(), False

    def __call__(self, report: Progress) -> str:
        """Begin, wait, report, end."""
        self.begun.set()
        assert self.may_go_on.wait(60)
        report(0.5)
        self.reported = True
        return "done"


def wait_for(background: Background) -> None:
    """There is one worker, and it keeps the order: what is asked last is done last."""
    job = _Job()
    background._start()
    background._waiting.put((lambda report: None, job))
    job.future.result(timeout=60)


def answer_to(background: Background, key: str, make: Callable[[Progress], object]) -> Answer:
    background.ask(key, make)
    wait_for(background)
    return background.ask(key, make)


def test_an_answer_is_pending_until_it_is_there():
    background, work = Background(2), Held()
    assert background.ask("key", work).is_pending
    assert work.begun.wait(60)
    assert background.ask("key", work) == Answer()
    work.may_go_on.set()
    wait_for(background)
    answer = background.ask("key", work)
    assert answer == Answer(value="done")
    assert not answer.is_pending


def test_what_is_known_is_not_computed_again():
    background, calls = Background(2), []
    for _ in range(3):
        assert answer_to(background, "key", lambda report: calls.append(1) or len(calls)).value == 1


def test_the_oldest_are_forgotten():
    background, calls = Background(2), []
    for key in ("a", "b", "c", "a"):
        answer_to(background, key, lambda report, key=key: calls.append(key) or key)
    assert calls == ["a", "b", "c", "a"]


def test_a_falsy_value_is_an_answer_too():
    assert answer_to(Background(1), "key", lambda report: {}) == Answer(value={})


def test_an_error_of_ours_is_the_answer():
    error = PromptError(asked="Ask.", found="Nothing.", remedy="Go.")

    def fail(report: Progress) -> object:
        raise error

    answer = answer_to(Background(1), "key", fail)
    assert answer == Answer(error=error)
    assert not answer.is_pending


def test_an_error_that_nobody_foresaw_is_logged_and_says_nothing_of_its_inside(caplog):
    def fail(report: Progress) -> object:
        message = "secret"
        raise ZeroDivisionError(message)

    answer = answer_to(Background(1), "key", fail)
    assert isinstance(answer.error, LlmTtError)
    assert "secret" not in str(answer.error)
    assert "ZeroDivisionError: secret" in caplog.text
    assert answer_to(Background(1), "key", lambda report: 7).value == 7


def test_dropped_work_ends_at_its_next_report_and_can_be_asked_for_anew():
    background, first, second = Background(2), Held(), Held()
    background.ask("key", first)
    assert first.begun.wait(60)
    background.drop("key")
    first.may_go_on.set()
    second.may_go_on.set()
    assert background.ask("key", second).is_pending
    wait_for(background)
    assert not first.reported
    assert background.ask("key", second).value == "done"


def test_dropped_work_that_had_not_begun_never_begins():
    background, first, begun = Background(2), Held(), []
    background.ask("first", first)
    background.ask("second", lambda report: begun.append("second"))
    background.drop("second")
    first.may_go_on.set()
    wait_for(background)
    assert background.ask("first", first).value == "done"
    assert begun == []
    assert answer_to(background, "second", lambda report: 2).value == 2


def test_finished_work_and_work_nobody_asked_for_cannot_be_dropped():
    background = Background(2)
    assert answer_to(background, "key", lambda report: 1).value == 1
    background.drop("key")
    background.drop("another")
    assert background.ask("key", lambda report: 2).value == 1


def test_work_gives_way_to_a_page_and_is_done_after_it():
    background, calls = Background(2), []

    def make(report: Progress) -> str:
        calls.append("begun")
        report(0.5)
        return "done"

    with background.paused():
        assert background.ask("key", make).is_pending
        assert not calls  # nothing begins while somebody waits
    wait_for(background)
    assert background.ask("key", make).value == "done"


def test_work_under_way_gives_the_model_free_at_its_next_report():
    background, work = Background(2), Held()
    background.ask("key", work)
    assert work.begun.wait(60)
    with background.paused():
        work.may_go_on.set()
        assert not work.reported
    wait_for(background)
    wait_for(background)  # it was put at the end of the line
    assert background.ask("key", work).value == "done"


def test_a_pending_answer_says_how_far_it_is():
    background, told = Background(2), threading.Event()
    may_end = threading.Event()

    def make(report: Progress) -> str:
        report(0.25)
        told.set()
        assert may_end.wait(60)
        return "done"

    background.ask("key", make)
    assert told.wait(60)
    assert background.ask("key", make).share == 0.25
    may_end.set()
    wait_for(background)
