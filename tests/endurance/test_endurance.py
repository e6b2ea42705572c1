"""Two browsers, mixed actions, twenty minutes: `make endurance`.

LLM_TT_ENDURANCE_MINUTES and LLM_TT_ENDURANCE_ACTIONS (of each browser) say how long; it goes on until both
are met. LLM_TT_ENDURANCE_SEED repeats a run's choices, LLM_TT_ENDURANCE_FOLDER keeps its log, samples and
pictures.
"""

import json
import os
import random
import threading
import time
import traceback
from dataclasses import asdict
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from llm_tt.benchmark.live_page import QUIET, chromium, what_is_missing
from tests.endurance.actions import ACTIONS, Action
from tests.endurance.disturbances import DISTURBANCES, WARM_UP
from tests.endurance.journal import Journal
from tests.endurance.library_alone import LibraryAlone
from tests.endurance.memory import Sampler, table, what_grew
from tests.endurance.served import Served, served
from tests.endurance.visitor import Visitor

pytestmark = [pytest.mark.endurance, pytest.mark.browser]

MINUTES = float(os.environ.get("LLM_TT_ENDURANCE_MINUTES", "20"))
ACTIONS_OF_EACH = int(os.environ.get("LLM_TT_ENDURANCE_ACTIONS", "300"))
SEED = os.environ.get("LLM_TT_ENDURANCE_SEED", str(random.randrange(10**6)))


def test_two_browsers_find_nothing_wrong_and_nothing_that_grows(tmp_path):
    folder = Path(os.environ.get("LLM_TT_ENDURANCE_FOLDER", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    assert what_is_missing() is None
    say(f"\nseed {SEED}; log, samples and pictures: {folder}")
    journal = Journal(folder)
    with served(tmp_path) as dashboard:
        library = LibraryAlone(dashboard.sources)
        visitors = [
            Visitor(name, dashboard.address, library, journal, f"{SEED} {name}")
            for name in ("first", "second")
        ]
        for visitor in visitors:
            visitor.others = [other for other in visitors if other is not visitor]
        with Sampler(lambda: (dashboard.resident(), dashboard.really_in_use())) as sampler:
            let_them_work(visitors, journal)
        said_in_log = errors_in(dashboard)
    (folder / "memory.json").write_text(json.dumps([asdict(sample) for sample in sampler.samples]))
    minutes = (time.monotonic() - journal.begun) / 60
    say(f"\n{minutes:.1f} minutes, seed {SEED}\n\n{journal.tables()}\n\n{table(sampler.samples)}")
    assert journal.findings == []
    assert said_in_log == []
    assert what_grew(sampler.samples) == []


def let_them_work(visitors: list[Visitor], journal: Journal) -> None:
    """Both at once, each on a thread with a browser of his own."""
    threads = [threading.Thread(target=work, args=(visitor, journal), daemon=True) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(60)
            minutes = (time.monotonic() - journal.begun) / 60
            say(f"{minutes:6.1f} minutes, {journal.n_actions} actions, {len(journal.findings)} findings")


def say(text: str) -> None:
    """To whoever waits in front of the terminal."""
    print(text, flush=True)  # noqa: T201


def work(visitor: Visitor, journal: Journal) -> None:
    """Actions until time and number are met."""
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
            visitor.begin(browser)
            for action in WARM_UP:
                one_action(visitor, journal, action)
            while not is_over(visitor, journal):
                one_action(visitor, journal)
            browser.close()
    except Exception:
        journal.find(visitor.name, f"this visitor had to give up: {traceback.format_exc()}")


def is_over(visitor: Visitor, journal: Journal) -> bool:
    """Whether this visitor has done enough."""
    has_time = time.monotonic() - journal.begun < 60 * MINUTES
    return journal.has_enough or (not has_time and visitor.n_actions >= ACTIONS_OF_EACH)


def one_action(visitor: Visitor, journal: Journal, chosen: Action | None = None) -> None:
    """Chosen, done, checked; what is found is kept with a picture, and then there is a fresh tab."""
    begun, name = time.monotonic(), "look again"
    before = visitor.asked.said()
    try:
        visitor.check_still()
        possible = [action for action in (*ACTIONS, *DISTURBANCES) if action.can(visitor)]
        weights = [action.weight for action in possible]
        action = chosen or visitor.random.choices(possible, weights)[0]
        name, begun = action.name, time.monotonic()
        journal.note(visitor.name, f"{visitor.n_actions} {name}")
        action.act(visitor)
        visitor.check()
    except Exception as problem:  # of the page, of the browser, or of what it is compared with
        visitor.is_waiting.clear()
        picture = visitor.keep_picture()
        journal.find(
            visitor.name,
            f"seed {SEED}, action {visitor.n_actions}, {name}: {type(problem).__name__}: {problem}\n"
            f"    before: {before}\n    asked:  {visitor.asked.said()}\n    picture: {picture}",
        )
        visitor.start_over()
    visitor.n_actions += 1
    seconds = time.monotonic() - begun
    journal.done(name, seconds)
    journal.note(visitor.name, f"  {seconds:.2f} s {visitor.asked.said()}")


def errors_in(dashboard: Served) -> list[str]:
    """What the server said of errors that nobody foresaw."""
    lines = dashboard.log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if "Traceback" in line or "nobody foresaw" in line]
