"""The Compare page driven without a browser: both graphs, the difference, and clicks on them."""

import json
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from tests.app.driving import page_of_link

FIRST = "When Mary and John went to the store, John gave a drink to"
OTHER = "When Mary and John went to the store, Mary gave a drink to"
LONGER = "When Mary and John went to the big store, Mary gave a drink to"


def compare_page(**parameters: str) -> AppTest:
    """As a link opens it; both explained by relevance."""
    page = page_of_link("compare", **{"method": "relp", "b_prompt": OTHER, **parameters})
    assert not page.exception
    return page


def proto_of(page: AppTest, key: str) -> Any:
    return next(element.proto for element in page._tree if getattr(element, "key", None) == key)


def has(page: AppTest, key: str) -> bool:
    return any(getattr(element, "key", None) == key for element in page._tree)


def header_of(payload: bytes) -> dict[str, Any]:
    return json.loads(payload[8 : 8 + int.from_bytes(payload[4:8], "little")])


def sides_of(page: AppTest) -> dict[str, Any]:
    """The header of both graphs' bytes."""
    return header_of(proto_of(page, "sides-graph").bytes)


def difference_of(page: AppTest) -> dict[str, Any]:
    """The header of the one graph's bytes."""
    return header_of(proto_of(page, "difference-graph").bytes)


def send(page: AppTest, key: str, field: str, **content: object) -> AppTest:
    """What a browser sends of a component."""
    states = page._tree.get_widget_states()
    told = json.dumps({field: content})
    states.widgets.append(WidgetState(id=proto_of(page, key).id, json_value=told))
    return page._run(states)


def link(page: AppTest) -> dict[str, str]:
    """What is in the address of the other side."""
    return {
        name: value
        for name, value in page.query_params.items()
        if name in ("pairs", "both", "at", "token", "contrast", "compare_view", "method")
        or name.startswith("b_")
    }
