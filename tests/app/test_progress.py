"""Long work: a bar after a while, a button that stops it, and one that goes on."""

import threading

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from llm_tt.app import progress
from llm_tt.app.turns import Turn, Turns


def script() -> None:
    import streamlit as st

    from llm_tt.app.notices import errors_shown
    from llm_tt.app.progress import progress_shown
    from llm_tt.settings import load_settings

    with errors_shown(load_settings()):
        with progress_shown("Counting the sheep …", st.session_state["work"]) as report:
            for share in (0.25, 0.5, 1.5):
                report(share)
                if st.session_state["hold_at"] == share:
                    st.stop()  # so that what is shown meanwhile stays to be seen
        st.fragment(st.text)("done")


def start(hold_at: float | None = None) -> AppTest:
    page = AppTest.from_function(script)
    page.session_state["work"], page.session_state["hold_at"] = "sheep", hold_at
    return page.run()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)


def test_short_work_shows_nothing_but_its_result():
    page = start(hold_at=0.5)
    assert not page.get("progress")
    assert not page.button
    assert start().text[0].value == "done"


@pytest.mark.parametrize(("share", "words"), [(0.25, "25 %"), (0.5, "50 %"), (1.5, "100 %")])
def test_long_work_says_what_goes_on_and_how_far_it_is(share, words, impatient):
    page = start(hold_at=share)
    assert not page.exception
    (bar,) = page.get("progress")
    assert bar.proto.text == f"Counting the sheep … {words}"
    assert bar.proto.value == int(words.rstrip(" %"))
    assert [button.label for button in page.button] == ["Stop"]
    assert not page.text


def twice() -> None:
    from llm_tt.app.progress import progress_shown

    for _ in range(2):
        with progress_shown("Counting the sheep …", "sheep") as report:
            report(0.25)
    import streamlit as st

    st.text("done")


def test_what_could_not_be_kept_is_done_again_in_the_same_run(impatient):
    """A full store hands things out and keeps nothing."""
    page = AppTest.from_function(twice).run()
    assert not page.exception
    assert page.text[0].value == "done"


def test_the_bar_goes_when_the_work_is_done(impatient):
    page = start()
    assert page.text[0].value == "done"
    assert not page.get("progress")
    assert not page.button


def test_stopped_work_stays_stopped_until_it_may_go_on(impatient):
    page = start(hold_at=0.5)
    page.button[0].click().run()
    for _ in range(2):
        assert [line.value for line in page.text] == ["Stopped: counting the sheep."]
        assert [button.label for button in page.button] == ["Go on"]
        page.run()
    page.session_state["hold_at"] = None
    page.button[0].click().run()
    assert [line.value for line in page.text] == ["done"]


def test_other_work_is_not_stopped(impatient):
    page = start(hold_at=0.5)
    page.button[0].click()
    page.session_state["work"], page.session_state["hold_at"] = "goats", None
    page.run()
    assert page.text[0].value == "done"


def test_where_work_was_stopped_no_fragment_of_the_page_before_can_be_drawn(impatient):
    page = start()
    (fragment,) = page._fragment_storage._fragments
    page.session_state["hold_at"] = 0.5
    page.run()
    page.button[0].click().run()
    assert page.text[0].value.startswith("Stopped")
    assert not page._fragment_storage.contains(fragment)


def test_what_takes_long_for_sure_has_its_bar_before_any_report():
    def script() -> None:
        import streamlit as st

        from llm_tt.app.progress import progress_shown

        with progress_shown("Reading …", "work", is_long=True):
            st.stop()

    page = AppTest.from_function(script).run()
    assert not page.exception
    assert [button.label for button in page.button] == ["Stop"]


def two_works() -> None:
    import streamlit as st

    from llm_tt.app.progress import place_for_progress, progress_shown

    with place_for_progress():
        for work in ("first", "second"):
            with progress_shown("Counting the sheep …", work) as report:
                report(0.5)
    st.text("done")


def test_one_page_may_do_the_same_of_two_things(impatient):
    page = AppTest.from_function(two_works).run()
    assert not page.exception
    assert page.text[0].value == "done"


@pytest.fixture
def somebody_runs(monkeypatch):
    """A line of one, and another visitor in front."""
    turns = Turns(1)
    monkeypatch.setattr(progress, "turns", turns)
    turns.enter("another visitor")
    return turns


def test_who_waits_sees_how_many_are_before_and_may_stop_waiting(somebody_runs, impatient, monkeypatch):
    def look(turns, turn, tell):
        tell(turns.before(turn))
        st.stop()  # so that what is shown meanwhile stays to be seen

    monkeypatch.setattr(Turns, "wait", look)
    page = start()
    assert not page.exception
    assert page.get("progress")[0].proto.text == "Waiting: 1 run is before yours."
    assert [button.label for button in page.button] == ["Stop"]
    somebody_runs.enter("and one more")
    assert somebody_runs.before("and one more") == 1  # who waited is out of the line again
    page.button[0].click().run()
    assert [line.value for line in page.text] == ["Stopped: counting the sheep."]


def test_work_begins_when_who_was_before_has_ended(somebody_runs, impatient):
    ending = threading.Timer(0.5, somebody_runs.leave, ["another visitor"])
    ending.start()
    page = start()
    assert not page.exception
    assert page.text[0].value == "done"
    assert not page.button


def test_several_runs_are_counted(somebody_runs, impatient, monkeypatch):
    somebody_runs.enter("a second one")
    monkeypatch.setattr(Turns, "wait", lambda turns, turn, tell: (tell(turns.before(turn)), st.stop()))
    assert start().get("progress")[0].proto.text == "Waiting: 2 runs are before yours."


def test_steps_let_others_go_between_only_where_the_model_is_free(monkeypatch, world):
    let = []
    monkeypatch.setattr(Turn, "let_others_go", lambda turn: let.append(turn))
    model = world[0]
    with progress.turns.taken(lambda n: None):  # as AppTest would, without a page
        with progress.progress_shown("Reading …", "work", steps_of=model) as report:
            with model.lock:
                report(0.2)
            assert not let
            report(0.5)
            assert len(let) == 1
        with progress.progress_shown("Reading …", "other work") as report:
            report(0.5)
        assert len(let) == 1
