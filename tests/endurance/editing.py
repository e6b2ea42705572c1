"""Interventions: added, switched, taken out, undone; and which run is shown."""

from tests.endurance.asking import is_framed
from tests.endurance.pool import EDITS
from tests.endurance.visitor import Visitor

RUNS = ("base", "edited", "difference")


def show_run(visitor: Visitor) -> None:
    """Base, edited or the difference."""
    shown = visitor.random.choice([name for name in RUNS if name != visitor.asked.shown])
    visitor.page.get_by_role("radio", name=shown.capitalize(), exact=True).check(force=True)
    visitor.asked.shown = shown


def has_acting(visitor: Visitor) -> bool:
    """Whether anything is changed."""
    return is_framed(visitor) and bool(visitor.library.acting(visitor.asked))


def add_edit(visitor: Visitor) -> None:
    """By name, on the page Intervene."""
    page = visitor.page
    there = [edit for edit, _ in visitor.asked.edits]
    offered = [row for row in EDITS if row[3] not in there and can_be_added(visitor, row[3])]
    if not offered:
        return
    kind, name, number, edit = visitor.random.choice(offered)
    visitor.rest()  # the menu is a new one, and closed, when rows came or went
    page.get_by_role("button", name="Add by name").click()
    page.get_by_role("radio", name=kind, exact=True).check(force=True)
    visitor.rest()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    if number is not None:
        page.get_by_role("spinbutton", name="By or to").fill(str(number))
    page.get_by_role("button", name="Add", exact=True).click()
    visitor.asked.put_edits([*visitor.asked.edits, (edit, True)])


def can_be_added(visitor: Visitor, edit) -> bool:
    """Whether this model has what is changed."""
    probe = visitor.asked.copy()
    probe.edits = [(edit, True)]
    return bool(visitor.library.acting(probe))


def switch_edit(visitor: Visitor) -> None:
    """On or off."""
    edits = list(visitor.asked.edits)
    at = visitor.random.randrange(len(edits))
    visitor.page.locator(f"[class*='st-key-edit{at}-on'] label").first.click()
    edits[at] = (edits[at][0], not edits[at][1])
    visitor.asked.put_edits(edits)


def remove_edit(visitor: Visitor) -> None:
    """Out of the list."""
    at = visitor.random.randrange(len(visitor.asked.edits))
    visitor.page.locator(f"[class*='st-key-edit{at}-delete'] button").first.click()
    visitor.asked.put_edits([row for number, row in enumerate(visitor.asked.edits) if number != at])


def undo(visitor: Visitor) -> None:
    """The list as it was."""
    visitor.page.locator(".st-key-undo button").click()
    visitor.asked.undo()


def clear(visitor: Visitor) -> None:
    """No edits."""
    visitor.page.locator(".st-key-clear-basket button").click()
    visitor.asked.put_edits([])


def write_both(visitor: Visitor) -> None:
    """Text of the model as it is and with the edits."""
    visitor.check()
    visitor.rest()
    visitor.page.get_by_role("button", name="Write both").click()
    visitor.check_written()
