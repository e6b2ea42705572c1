"""In the middle of work: stop it, reload, close the tab, switch the model while the other one waits."""

import re
import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error

from tests.endurance.actions import Action, on
from tests.endurance.asked import Asked
from tests.endurance.asking import MODELS, is_framed, put_model, write_prompt
from tests.endurance.pool import LONG_PROMPTS, PROMPTS
from tests.endurance.visitor import PATIENCE, Visitor

TRIES = 160
"""Looks for the button that stops, 50 ms apart."""


def settle(visitor: Visitor) -> None:
    """Until nothing runs any more, and the address is written."""
    for _ in range(2):
        visitor.rest()
        visitor.page.wait_for_timeout(300)
    visitor.check()


def reload(visitor: Visitor) -> None:
    """The page again, at rest."""
    settle(visitor)
    visitor.page.reload()
    visitor.reloaded()


def other_tab(visitor: Visitor) -> None:
    """Close the tab; its link opens the same view in a new one."""
    settle(visitor)
    address = visitor.page.url
    visitor.page.close()
    visitor.open_tab(address)
    visitor.reloaded()


def reload_in_the_middle(visitor: Visitor) -> None:
    """While a prompt is on its way; which one is shown then depends on what the address said."""
    settle(visitor)
    before = visitor.asked.copy()
    write_prompt(visitor, visitor.random.choice([text for text in PROMPTS if text != visitor.asked.prompt]))
    visitor.page.wait_for_timeout(visitor.random.choice([0, 30, 100, 300, 700]))
    visitor.page.reload()
    # As it was when it went: until then the page that is left may have written on.
    address = visitor.page.evaluate("() => performance.getEntriesByType('navigation')[0].name")
    take_what_the_box_says(visitor, before, address)


def close_in_the_middle(visitor: Visitor) -> None:
    """The tab is gone while its run is under way; a new one is opened at once."""
    settle(visitor)
    before = visitor.asked.copy()
    write_prompt(visitor, visitor.random.choice([text for text in PROMPTS if text != visitor.asked.prompt]))
    visitor.page.wait_for_timeout(visitor.random.choice([0, 30, 100, 300, 700]))
    address = visitor.page.url
    visitor.page.close()
    visitor.open_tab(address)
    take_what_the_box_says(visitor, before, address)


def take_what_the_box_says(visitor: Visitor, before: Asked, address: str) -> None:
    """Either prompt is right. What is followed of it is what the address says, which is written later."""
    box = visitor.page.get_by_role("textbox", name="Prompt", exact=True)
    box.wait_for(timeout=60_000)
    said = box.input_value()
    if said == before.prompt:
        visitor.asked = before
    else:
        named = {name: texts[0] for name, texts in parse_qs(urlsplit(address).query).items()}
        visitor.asked.token, visitor.asked.contrast = named.get("token"), named.get("contrast")
        position = int(named["at"]) if named.get("at") else None
        n_positions = len(visitor.library.trace(visitor.asked).prompt)
        visitor.asked.position = None if position is None or position >= n_positions - 1 else position
    visitor.journal.count("reloaded or closed in the middle of a run")
    visitor.reloaded()


def stop(visitor: Visitor) -> None:
    """A long run is stopped, then taken up again or left for another prompt."""
    begin_long_run(visitor)
    try:
        if press_stop(visitor) and wait_until_stopped(visitor):
            visitor.journal.count("stopped in the middle of a run")
            if visitor.random.random() < 0.5:
                visitor.page.get_by_role("button", name="Go on").click()
            else:
                write_prompt(visitor, visitor.random.choice(PROMPTS))
        else:
            visitor.journal.count("a run was done before it could be stopped")
        visitor.check()
    finally:
        visitor.is_waiting.clear()
    leave_slow_model(visitor)


def leave_a_long_run(visitor: Visitor) -> None:
    """The tab is closed, or reloaded, or another page is opened while seconds of work are under way."""
    begin_long_run(visitor)
    visitor.page.wait_for_timeout(visitor.random.choice([300, 800, 1500]))
    how = visitor.random.choice(["close", "go elsewhere", "another prompt"])
    visitor.journal.count(f"a long run is left: {how}")
    if how == "close":
        visitor.page.close()
        visitor.is_waiting.clear()
        visitor.asked = type(visitor.asked)("small-world", visitor.random.choice(PROMPTS))
        visitor.open_tab(visitor.address_of_asked())
        return
    if how == "go elsewhere":
        visitor.page.get_by_role("link", name="Trace", exact=True).click()
        visitor.asked.page = "Trace"
        visitor.page.wait_for_timeout(500)
        visitor.page.get_by_role("link", name="Flow", exact=True).click()
        visitor.asked.page = "Flow"
    else:
        write_prompt(visitor, visitor.random.choice(PROMPTS))
    try:
        visitor.check()
    finally:
        visitor.is_waiting.clear()
    leave_slow_model(visitor)


def long_run(visitor: Visitor) -> None:
    """Seconds of work, to the end."""
    begin_long_run(visitor)
    try:
        visitor.check()
    finally:
        visitor.is_waiting.clear()
    leave_slow_model(visitor)


def begin_long_run(visitor: Visitor) -> None:
    """The slow model and a long prompt; from then on the other one knows that this one waits."""
    if visitor.asked.model != "slow":
        put_model(visitor, "slow")
        visitor.check()
    visitor.rest()
    visitor.is_waiting.set()
    write_prompt(visitor, visitor.random.choice([t for t in LONG_PROMPTS if t != visitor.asked.prompt]))


def leave_slow_model(visitor: Visitor) -> None:
    """Back to what is quick."""
    visitor.rest()
    if visitor.asked.prompt in LONG_PROMPTS:
        write_prompt(visitor, visitor.random.choice(PROMPTS))
        visitor.check()
        visitor.rest()
    put_model(visitor, visitor.random.choice(MODELS))


def press_stop(visitor: Visitor) -> bool:
    """Whether the button was there in time."""
    button = visitor.page.locator("[class*='st-key-stop'] button")
    for _ in range(TRIES):
        try:
            if button.count():
                button.first.evaluate("(button) => button.click()", timeout=500)
                return True
        except Error:  # it went while we reached for it
            return False
        visitor.page.wait_for_timeout(50)
    return False


def wait_until_stopped(visitor: Visitor) -> bool:
    """Whether the page says so, or the work was done first."""
    stopped = visitor.page.get_by_text(re.compile("^Stopped: "))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not visitor.is_right:
        if stopped.count():
            return True
        visitor.page.wait_for_timeout(50)
    return False


def switch_beside_a_run(visitor: Visitor) -> None:
    """Another model while the other one's long run is under way."""
    put_model(visitor, visitor.random.choice([name for name in MODELS if name != visitor.asked.model]))


DISTURBANCES = (
    Action("reload", reload, 2.5),
    Action("close the tab, open its link", other_tab, 2),
    Action(
        "reload in the middle of a run",
        reload_in_the_middle,
        2.5,
        on("Flow", "Trace", "Intervene", "Concepts"),
    ),
    Action("close the tab in the middle", close_in_the_middle, 2, on("Flow", "Anatomy", "Trace")),
    Action("stop a long run", stop, 2.5, on("Flow")),
    Action("leave a long run", leave_a_long_run, 1.5, on("Flow")),
    Action("a long run", long_run, 1, on("Flow")),
    Action(
        "switch the model beside a run", switch_beside_a_run, 60, lambda v: is_framed(v) and v.others_wait
    ),
)

WARM_UP = tuple(action for action in DISTURBANCES if action.name == "a long run")
"""So that what needs most room was there once before memory is looked at."""
