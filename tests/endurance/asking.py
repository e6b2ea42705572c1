"""Prompt, model and page: what a visitor asks for before anything else."""

from tests.endurance.pool import PROMPTS
from tests.endurance.visitor import Visitor

PAGES = ("Flow", "Trace", "Intervene", "Compare", "Anatomy", "Concepts")
MODELS = ("small-world", "untrained", "family")


def is_framed(visitor: Visitor) -> bool:
    """Whether the page has a prompt above it."""
    return visitor.asked.page != "Roles"


def write_prompt(visitor: Visitor, text: str) -> None:
    """Type and send, and wait for nothing."""
    box = visitor.page.get_by_role("textbox", name="Prompt", exact=True)
    box.fill(text)
    box.press("Control+Enter")
    visitor.asked.put_prompt(text)


def type_prompt(visitor: Visitor) -> None:
    """Another one from the pool."""
    write_prompt(visitor, visitor.random.choice([text for text in PROMPTS if text != visitor.asked.prompt]))


def change_mind(visitor: Visitor) -> None:
    """A prompt, and before its result is there another one."""
    first, second = visitor.random.sample([text for text in PROMPTS if text != visitor.asked.prompt], 2)
    write_prompt(visitor, first)
    visitor.page.wait_for_timeout(visitor.random.choice([0, 50, 100, 200, 400]))
    write_prompt(visitor, second)


def put_model(visitor: Visitor, name: str) -> None:
    """By its menu."""
    menu = visitor.page.locator("[data-testid=stPopover] button").filter(has_text="account_tree").first
    menu.click()
    box = visitor.page.get_by_role("combobox", name="Model", exact=True)
    box.click()
    visitor.page.get_by_role("option", name=name, exact=True).click()
    close_menus(visitor)
    visitor.asked.put_model(name)
    if visitor.others_wait:
        visitor.journal.count("model switched while the other's run was under way")


def close_menus(visitor: Visitor) -> None:
    """Whatever is open."""
    for _ in range(10):
        if not visitor.page.locator("[data-testid=stPopoverButton][aria-expanded=true]").count():
            return
        visitor.page.keyboard.press("Escape")
        visitor.page.wait_for_timeout(150)


def choose_model(visitor: Visitor) -> None:
    """Another one of the quick ones."""
    put_model(visitor, visitor.random.choice([name for name in MODELS if name != visitor.asked.model]))


def go_to(visitor: Visitor, name: str) -> None:
    """By the links above the page."""
    visitor.page.get_by_role("link", name=name, exact=True).click()
    visitor.asked.page = name


def type_and_leave(visitor: Visitor) -> None:
    """What is typed is sent by the click on another page alone, as long as a finger needs."""
    asked = visitor.asked
    text = visitor.random.choice([text for text in PROMPTS if text != asked.prompt])
    page = visitor.random.choice([name for name in PAGES if name != asked.page])
    visitor.page.get_by_role("textbox", name="Prompt", exact=True).fill(text)
    visitor.page.get_by_role("link", name=page, exact=True).click(delay=60)
    asked.put_prompt(text)
    asked.page = page


def go_elsewhere(visitor: Visitor) -> None:
    """Any page that knows how to show what is asked for; Flow most often."""
    # Within a few milliseconds, as no hand is, a click on another page overtakes what was sent before.
    visitor.page.wait_for_timeout(300)
    visitor.rest()
    asked = visitor.asked
    has_chosen = asked.token is not None or asked.contrast is not None or asked.position is not None
    offered = [name for name in PAGES if name != asked.page and not (name == "Compare" and has_chosen)]
    if asked.model == "small-world":
        offered.append("Roles")
    weights = [5 if name == "Flow" else 1 for name in offered if name != asked.page]
    go_to(visitor, visitor.random.choices([name for name in offered if name != asked.page], weights)[0])
