"""What a visitor does on the pages: each action is done by hand and noted in what was asked for."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from llm_tt.attribution.method_list import METHOD_LABELS
from llm_tt.attribution.target import token_id_of
from llm_tt.errors import TargetError
from llm_tt.render.visible_text import visible_token
from tests.endurance.asking import (
    change_mind,
    choose_model,
    go_elsewhere,
    is_framed,
    type_and_leave,
    type_prompt,
    write_prompt,
)
from tests.endurance.editing import (
    add_edit,
    clear,
    has_acting,
    remove_edit,
    show_run,
    switch_edit,
    undo,
    write_both,
)
from tests.endurance.pool import PROMPTS, QUERIES
from tests.endurance.visitor import Visitor

COLUMNS_IN_SIGHT = """() => {
  const { reached, layout, transform } = window.flowView.state;
  const at = (position) => transform.x + layout.xs[position] * transform.k;
  const isInside = (x) => x > 15 && x < layout.plot.width - 15;
  return Array.from(reached.keys()).filter((position) => reached[position] && isInside(at(position)));
}"""
"""Others are folded, or out of sight."""

METHODS = ("ifr", "relp", "gradact")


@dataclass(frozen=True)
class Action:
    """Something to do; how often; and when it can be done."""

    name: str
    act: Callable[[Visitor], None]
    weight: float
    can: Callable[[Visitor], bool] = lambda visitor: True


def on(*pages: str) -> Callable[[Visitor], bool]:
    """Only there."""
    return lambda visitor: visitor.asked.page in pages


def choose_method(visitor: Visitor) -> None:
    """Beside the target."""
    method = visitor.random.choice([name for name in METHODS if name != visitor.asked.method])
    visitor.page.get_by_role("radio", name=METHOD_LABELS[method], exact=True).check(force=True)
    visitor.asked.put_method(method)


def finds(typed: str, offered: str) -> bool:
    """Whether a menu would offer this one too: it has the typed letters in their order."""
    letters = iter(offered.lower())
    return all(letter in letters for letter in typed.lower())


def name_token(visitor: Visitor) -> None:
    """A target, or what it is set against: one of the strongest tokens that can be typed."""
    asked = visitor.asked
    model, ranking = visitor.library.model(asked.model), visitor.library.ranking(asked)
    target, _ = visitor.library.target(asked)

    def can_be_typed(token_id: int, text: str) -> bool:
        if not re.fullmatch(r" ?[A-Za-z0-9]+", text) or token_id in (target.token_id, target.contrast_id):
            return False
        try:
            return token_id_of(model, text) == token_id
        except TargetError:
            return False

    offered = [visible_token(text) for text in ranking.token_strings]
    typed = [
        shown
        for token_id, text, shown in zip(ranking.token_ids, ranking.token_strings, offered, strict=True)
        if can_be_typed(token_id, text)
        and not any(finds(shown, other) for other in offered if other != shown)
    ]
    if not typed:
        visitor.journal.count("no token that can be typed")
        return
    which = visitor.random.choice(["token", "contrast"])
    text = visitor.random.choice(typed)
    box = visitor.page.get_by_role("combobox", name={"token": "Target", "contrast": "Against"}[which])
    box.fill(text)
    box.press("Enter")
    asked.name_token(which, text)


def click_column(visitor: Visitor) -> None:
    """Another prediction is explained."""
    n_positions = len(visitor.library.trace(visitor.asked).prompt)
    at = visitor.library.position(visitor.asked)
    others = [position for position in visitor.page.evaluate(COLUMNS_IN_SIGHT) if position != at]
    if not others:
        return
    position = visitor.random.choice(others)
    visitor.flow.stage.scroll_into_view_if_needed()
    visitor.flow.click_target(position)
    visitor.asked.position = None if position == n_positions - 1 else position


def slide(visitor: Visitor) -> None:
    """Another cut."""
    visitor.flow.slide(visitor.random.randint(0, 1000))


def select_state(visitor: Visitor) -> None:
    """By the search of the graph; its card says what it is."""
    part = f"L{visitor.random.randint(0, 1)}.post@{visitor.library.position(visitor.asked)}"
    visitor.flow.find(part)
    # The card before, of the same name at another position, may still be fading away.
    expect(visitor.page.get_by_role("heading", name=part.partition("@")[0], exact=True).first).to_be_visible()


def search(visitor: Visitor) -> None:
    """Neurons by tokens."""
    box = visitor.page.get_by_role("textbox", name="Search the neurons")
    query = visitor.random.choice([text for text in QUERIES if text != visitor.asked.query])
    box.fill(query)
    box.press("Enter")
    visitor.asked.query = query


def open_neuron(visitor: Visitor) -> None:
    """The card of a neuron that was found."""
    cards = visitor.page.locator(".token-card")
    if not cards.count():
        return
    card = cards.nth(visitor.random.randrange(min(5, cards.count())))
    title = card.locator(".title").inner_text()
    if card.get_attribute("aria-pressed") != "true":
        card.click()
    expect(visitor.page.get_by_role("heading", name=title, exact=True)).to_be_visible()


def type_other_prompt(visitor: Visitor) -> None:
    """The second side of a comparison."""
    asked = visitor.asked
    text = visitor.random.choice([text for text in PROMPTS if text != (asked.other_prompt or asked.prompt)])
    box = visitor.page.get_by_role("textbox", name="Prompt B", exact=True)
    box.fill(text)
    box.press("Control+Enter")
    asked.other_prompt = "" if text == asked.prompt else text


def show_compared(visitor: Visitor) -> None:
    """Side by side, or the difference."""
    view = "difference" if visitor.asked.compare_view == "sides" else "sides"
    name = {"sides": "Side by side", "difference": "Difference"}[view]
    visitor.page.get_by_role("radio", name=name, exact=True).check(force=True)
    visitor.asked.compare_view = view


def name_no_model(visitor: Visitor) -> None:
    """A folder that is not there, by a link: one sentence, and the way back."""
    asked = visitor.asked
    visitor.page.goto(f"{visitor.address}/?model=./no-such-folder")
    expect(visitor.page.get_by_text("There is no folder", exact=False)).to_be_visible(timeout=60_000)
    visitor.page.goto(visitor.address_of_asked())
    forget_all_but_prompt(visitor)
    asked.page = "Flow"


def forget_all_but_prompt(visitor: Visitor) -> None:
    """What a link with only prompt and model leaves."""
    fresh = type(visitor.asked)(visitor.asked.model, visitor.asked.prompt)
    visitor.asked = fresh


def ask_for_too_much(visitor: Visitor) -> None:
    """No prompt at all, or too long a one: said in words; then a good one."""
    text = visitor.random.choice(["", "x" * 700]) if visitor.asked.model == "untrained" else ""
    before = visitor.asked.copy()
    write_prompt(visitor, text)
    visitor.asked = before  # what cannot be run changes nothing of what was chosen
    expect(visitor.page.get_by_text("That did not work.", exact=False).first).to_be_visible()
    write_prompt(visitor, before.prompt if visitor.random.random() < 0.5 else visitor.random.choice(PROMPTS))
    visitor.journal.count("an error was said in words")


ACTIONS = (
    Action("type a prompt", type_prompt, 8, is_framed),
    Action("change one's mind", change_mind, 4, is_framed),
    Action("type and leave", type_and_leave, 4, is_framed),
    Action("choose a model", choose_model, 4, is_framed),
    Action("go to another page", go_elsewhere, 9),
    Action("choose a method", choose_method, 6, on("Flow", "Compare")),
    Action("name a token", name_token, 5, on("Flow", "Trace", "Intervene", "Anatomy")),
    Action("click a column", click_column, 5, on("Flow")),
    Action("slide", slide, 4, on("Flow")),
    Action("select a state", select_state, 2, on("Flow")),
    Action("show another run", show_run, 8, lambda v: v.asked.page == "Flow" and has_acting(v)),
    Action("add an edit", add_edit, 14, on("Intervene")),
    Action("switch an edit", switch_edit, 3, lambda v: is_framed(v) and bool(v.asked.edits)),
    Action("remove an edit", remove_edit, 1, lambda v: is_framed(v) and bool(v.asked.edits)),
    Action("undo", undo, 2, lambda v: is_framed(v) and bool(v.asked.before)),
    Action("clear", clear, 0.5, lambda v: is_framed(v) and bool(v.asked.edits)),
    Action("write both", write_both, 4, lambda v: v.asked.page == "Intervene" and has_acting(v)),
    Action("search neurons", search, 16, on("Concepts")),
    Action("open a neuron", open_neuron, 5, lambda v: v.asked.page == "Concepts" and bool(v.asked.query)),
    Action("type prompt B", type_other_prompt, 14, on("Compare")),
    Action("show sides or difference", show_compared, 6, on("Compare")),
    Action("name no model", name_no_model, 0.5, on("Flow")),
    Action("ask for what cannot be", ask_for_too_much, 1, on("Flow")),
)
