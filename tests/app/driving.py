"""The dashboard driven without a browser: what it was given is read, and what a browser sends is sent."""

import json
import re
from pathlib import Path
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup, Element, Selectbox

from llm_tt.app.background import _Job
from llm_tt.app.cached import background

FAILED = "That did not work"
"""How every error on a page begins."""

APP = Path(__file__).parents[2] / "app.py"


_ONE_PAGE = """
from llm_tt.app.pages.{name}_page import show_{name}_page
from llm_tt.settings import load_settings

show_{name}_page(load_settings())
"""


def page_of_link(name: str = "", **parameters: str) -> AppTest:
    """The dashboard as a link opens it: its first page, or alone the one with a name."""
    if name:
        page = AppTest.from_string(_ONE_PAGE.format(name=name), default_timeout=60)
    else:
        page = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in parameters.items():
        page.query_params[name] = value
    return page.run()


def link_of(page: AppTest) -> dict[str, str]:
    """What the page wrote into its address, without the prompt."""
    return {name: value for name, value in page.query_params.items() if name != "prompt"}


def words(page: AppTest) -> str:
    """Everything that a page says outside its tables, as a person reads it."""
    said = [element.value for kind in ("markdown", "caption", "text") for element in page.get(kind)]
    said += [expander.label for expander in page.expander]
    return "\n".join(said).replace("\\", "").replace("\u2060", "")


def table(page: AppTest, column: str) -> Any:
    """The first table that has a column."""
    return next(frame.value for frame in page.dataframe if column in frame.value)


def graph_of(page: AppTest) -> dict[str, Any]:
    """The header of the bytes that the graph was given."""
    payload = _component(page, "flow").proto.bytes
    return json.loads(payload[8 : 8 + int.from_bytes(payload[4:8], "little")])


def has_graph(page: AppTest) -> bool:
    """Whether a graph is on the page."""
    return any(_key(element) == "flow" for element in page._tree)


def news_of(page: AppTest) -> dict[str, Any]:
    """What the courier was given."""
    return json.loads(_component(page, "flow_news").proto.json)


def click(page: AppTest, field: str, **content: object) -> AppTest:
    """Click on the graph: select a `part` or trace a `position`; of its own prompt unless told otherwise."""
    told = {"prompt": graph_of(page)["prompt"], **content}
    states = page._tree.get_widget_states()
    graph = WidgetState(id=_component(page, "flow").proto.id, json_value=json.dumps({field: told}))
    states.widgets.append(graph)
    return page._run(states)


def cards_of(page: AppTest, key: str) -> list[dict[str, Any]]:
    """The cards of a list with tokens."""
    return json.loads(_component(page, key).proto.json)["cards"]


def click_card(page: AppTest, key: str, card: str) -> AppTest:
    """Click on a card of such a list."""
    states = page._tree.get_widget_states()
    told = json.dumps({"choose": {"card": card}})
    states.widgets.append(WidgetState(id=_component(page, key).proto.id, json_value=told))
    return page._run(states)


def menu_of(page: AppTest, key: str) -> Selectbox:
    """A menu, whichever version of it is shown."""
    return menus_of(page)[key]


def menus_of(page: AppTest) -> dict[str, Selectbox]:
    """All of them."""
    return {re.sub(r"(-menu)?(-\d+)?$", "", box.key or ""): box for box in page.selectbox}


def choice_of(page: AppTest, key: str) -> ButtonGroup:
    """One of several side by side, whichever version of it is shown."""
    return choices_of(page)[key]


def choices_of(page: AppTest) -> dict[str, ButtonGroup]:
    """All of them."""
    found = [(re.fullmatch(r"(.+)-choice(-\d+)?", group.key or ""), group) for group in page.button_group]
    return {match[1]: group for match, group in found if match}


def choose_label(page: AppTest, key: str, label: str) -> AppTest:
    """Take a line of a menu, or type one: a browser sends what is written there."""
    states = page._tree.get_widget_states()
    box = menu_of(page, key)
    for state in states.widgets:
        if state.id == box.id:
            state.string_value = label
    return page._run(states)


def wait_for_background() -> None:
    """Until all work that was asked for before is done: there is one worker, and it keeps the order."""
    job = _Job()
    background._start()
    background._waiting.put((lambda report: None, job))
    job.future.result(timeout=60)


def state_of_menu(box: Selectbox) -> WidgetState:
    """What a browser sends of a menu; AppTest itself cannot send what was typed."""
    value = box.value
    return WidgetState(id=box.id, string_value=None if value is None else box.format_func(value))


def _component(page: AppTest, key: str) -> Element:
    return next(element for element in page._tree if _key(element) == key)


def _key(element: object) -> str | None:
    return getattr(element, "key", None)


def prompt_box(page: AppTest, label: str = "Prompt"):
    """The box of a prompt; another one whenever the page changes its text."""
    (box,) = (box for box in page.text_area if box.label == label)
    return box
