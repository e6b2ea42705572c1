"""One visitor: a browser of his own, a tab, what he asked for, and a look at every result."""

import random
import re
import threading
import time
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from llm_tt.render.visible_text import visible_token
from tests.end_to_end.flow_driver import FlowPage
from tests.endurance.asked import FIRST_PROMPT, Asked
from tests.endurance.journal import Journal
from tests.endurance.library_alone import LibraryAlone
from tests.endurance.page_checks import check_page, check_written, refusals_expected
from tests.endurance.page_reading import Read, read_page, read_surroundings

PATIENCE = 90.0
"""Seconds until a result has to be there, on a machine that two browsers and a server share."""
IDLE_AND_WRONG = 30.0
"""Seconds for which a page that rests may still show something else: news are on their way."""

KNOWN_NOISE = re.compile(r"\b404\b|favicon|ERR_CONNECTION|WebSocket is already in CLOSING")
"""Streamlit asks for files that are not there; and a tab that is closed loses its connection."""


class WrongResultError(AssertionError):
    """The page does not show what the library computes."""


class Visitor:
    """Everything that one of the two does goes through here; lives on one thread."""

    def __init__(self, name: str, address: str, library: LibraryAlone, journal: Journal, seed: str) -> None:
        self.name = name
        self.address = address
        self.library = library
        self.journal = journal
        self.random = random.Random(seed)
        self.asked = Asked("small-world", FIRST_PROMPT)
        self.is_waiting = threading.Event()
        """While a long run of his is under way."""
        self.others: list[Visitor] = []
        self.n_actions = 0
        self.page: Page
        self._browser: Browser
        self._noise: list[str] = []

    def begin(self, browser: Browser) -> None:
        """The first tab."""
        self._browser = browser
        self.open_tab(self.address_of_asked())
        self.check()

    def open_tab(self, address: str) -> None:
        """A tab that notes what goes wrong in it."""
        self.page = self._browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.on("pageerror", lambda error: self._noise.append(f"script: {error}"))
        self.page.on("console", self._hear)
        self.page.goto(address)

    def start_over(self) -> None:
        """After a finding: a fresh tab with a fresh question, so that one fault is found once."""
        self.page.close()
        self.asked = Asked(self.asked.model, self.asked.prompt)
        self._noise.clear()
        self.open_tab(self.address_of_asked())
        self.check()

    def reloaded(self) -> None:
        """Only what the address carried is left."""
        self.asked.after_reload(is_edited=bool(self.library.acting(self.asked)))

    def address_of_asked(self) -> str:
        """A link to prompt and model."""
        return f"{self.address}/?model={quote(self.asked.model)}&prompt={quote(self.asked.prompt)}"

    @property
    def flow(self) -> FlowPage:
        """The driver of the graph."""
        return FlowPage(self.page)

    @property
    def others_wait(self) -> bool:
        """Whether a long run of the other one is under way."""
        return any(other.is_waiting.is_set() for other in self.others)

    def check(self, patience: float = PATIENCE) -> None:
        """Wait until the page shows what the library computes.

        Raises:
            WrongResultError: it rests and shows something else, or nothing comes at all.
        """
        deadline, idle_since = time.monotonic() + patience, None
        while True:
            found, is_idle = self._look()
            if not found:
                self.journal.count_check(self.asked.page)
                return
            now = time.monotonic()
            idle_since = (idle_since or now) if is_idle else None
            if now > deadline or (idle_since is not None and now - idle_since > IDLE_AND_WRONG):
                raise WrongResultError("; ".join(found))
            self.page.wait_for_timeout(200)

    @property
    def is_right(self) -> bool:
        """Whether the page shows by now what was asked for."""
        return not self._look()[0]

    def check_still(self) -> None:
        """What was right is right a while later: nothing late has overwritten it."""
        found, _ = self._look()
        if found:
            self.check(IDLE_AND_WRONG)  # it may be on the way back already; if not, this says so
            self.journal.count("for a moment something else was shown")

    def check_written(self) -> None:
        """Wait for both texts."""
        deadline = time.monotonic() + PATIENCE
        while found := check_written(self.library, self.asked, read_page(self.page, "Intervene")):
            if time.monotonic() > deadline:
                raise WrongResultError("; ".join(found))
            self.page.wait_for_timeout(300)
        self.journal.count_check("what both models write")

    def rest(self) -> None:
        """Until the page's script has run to its end."""
        self.page.wait_for_selector(
            "[data-testid=stApp][data-test-script-state=notRunning]", timeout=PATIENCE * 1000
        )

    def keep_picture(self) -> Path:
        """Of what is wrong."""
        path = self.journal.folder / f"found-{len(self.journal.findings)}-{self.name}.png"
        try:
            self.page.screenshot(path=path)
        except Error as problem:  # a tab that hangs has no picture
            self.journal.note(self.name, f"no picture: {problem}")
        return path

    def _look(self) -> tuple[list[str], bool]:
        try:
            around = read_surroundings(self.page)
            found = check_page(self.library, self.asked, read_page(self.page, self.asked.page))
        except Error as problem:  # the page is being exchanged
            if "Execution context was destroyed" in str(problem) or "navigat" in str(problem):
                return ["it is being loaded"], False
            raise
        if around["path"] != ("" if self.asked.page == "Flow" else self.asked.page.lower()):
            found.append(f"the page is {around['path']!r}")
        found += self._check_surroundings(around)
        if around["exceptions"]:
            found.append("an exception of Streamlit")
        if around["refusals"] != refusals_expected(self.library, self.asked):
            found.append(f"{around['refusals']} boxes with an error")
        if self._noise:
            said, self._noise = self._noise, []
            message = f"errors in the browser: {said[:3]}"
            raise WrongResultError(message)
        return found, around["idle"]

    def _check_surroundings(self, around: Read) -> list[str]:
        """The name on the model's button, and in an empty menu of targets, the prediction."""
        asked = self.asked
        wrong = (
            []
            if around["model"].replace("\u2060", "") == asked.model
            else [f"the button says {around['model']!r}"]
        )
        if asked.page != "Roles" and asked.token is None and around["predicted"]:
            predicted = f"predicted: {visible_token(self.library.ranking(asked, top=1).token_strings[0])}"
            if around["predicted"] != predicted:
                wrong.append(f"the menu says {around['predicted']!r}, not {predicted!r}")
        return wrong

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not KNOWN_NOISE.search(message.text):
            self._noise.append(f"console: {message.text[:300]}")
