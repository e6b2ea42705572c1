"""Every run tells a browser what each widget shows.

A browser may have missed the run before, or draw a widget anew: it begins with the widget's default then. So
a value that was chosen has to be the default from then on, unless it is said with every run.
"""

from collections.abc import Mapping
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.driving import page_of_link, words

EDITS = "ablate:L2H1;set:L1N3:4.0;steer:1:2.5:n=3:p=13"

DONE_AT_ONCE = ("example", "first-edit", "suggested", "task_pair")
"""Each is empty again after what was chosen there."""

OTHER_MODELS = ("model", "b_model")


def told(widget: Any) -> object:
    """What a browser shows that draws it for the first time."""
    proto = widget.proto
    match type(widget).__name__:
        case "Selectbox":
            if proto.set_value:
                return proto.raw_value if proto.HasField("raw_value") else None
            return proto.options[proto.default] if proto.HasField("default") else None
        case "ButtonGroup" | "Multiselect":
            names = [getattr(option, "content", option) for option in proto.options]
            return list(proto.raw_values) if proto.set_value else [names[at] for at in proto.default]
        case "Slider":
            return list(proto.value if proto.set_value else proto.default)
        case _:
            return proto.value if proto.set_value else proto.default


def shown(widget: Any) -> object:
    """What the session says."""
    match type(widget).__name__:
        case "Selectbox":
            return None if widget.value is None else widget.format_func(widget.value)
        case "ButtonGroup" | "Multiselect":
            values = widget.value if isinstance(widget.value, list) else [widget.value]
            return [widget.format_func(value) for value in values if value is not None]
        case "Slider":
            return list(widget.value) if isinstance(widget.value, list | tuple) else [widget.value]
        case _:
            return widget.value or type(told(widget))()


KINDS = ("selectbox", "button_group", "multiselect", "slider", "toggle", "checkbox", "number_input")
TYPED = ("text_input", "text_area")


def widgets_of(page: AppTest) -> dict[str, Any]:
    """Those that have a name of their own."""
    return {widget.key: widget for kind in (*KINDS, *TYPED) for widget in page.get(kind) if widget.key}


def another_of(widget: Any) -> object:
    """A value that is not shown; None where there is none to be chosen."""
    if widget.disabled or widget.key.startswith((*DONE_AT_ONCE, *OTHER_MODELS)):
        return None
    match type(widget).__name__:
        case "Selectbox":
            return next((name for name in reversed(widget.options) if name != shown(widget)), None)
        case "ButtonGroup" | "Multiselect":
            others = [name for name in widget.options if name not in shown(widget)]
            return others[-1:] or None
        case "Slider":
            return [widget.max if widget.value == widget.min else widget.min]
        case "NumberInput":
            return widget.max if widget.value == widget.min else widget.min
        case "TextInput" | "TextArea":
            return "Mary"
        case _:
            return not widget.value


def choose(page: AppTest, chosen: Mapping[str, Any]) -> AppTest:
    """As a browser tells it: of menus, what is written there."""
    states = page._tree.get_widget_states()
    for state in states.widgets:
        if state.id in chosen:
            field, value = state.WhichOneof("value"), chosen[state.id]
            if field in ("string_array_value", "double_array_value"):
                getattr(state, field).data[:] = value
            else:
                setattr(state, field or "string_value", value)
    return page._run(states)


def not_told(page: AppTest) -> dict[str, tuple[object, object]]:
    found = {key: (told(widget), shown(widget)) for key, widget in widgets_of(page).items()}
    return {key: (first, now) for key, (first, now) in found.items() if first != now}


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("flow", {"edits": EDITS}),
        ("trace", {"edits": EDITS}),
        ("intervene", {"edits": EDITS}),
        ("compare", {"edits": EDITS}),
        ("anatomy", {"edits": EDITS}),
        ("anatomy", {"anatomy-view": "norms"}),
        ("concepts", {"edits": EDITS}),
        ("concepts", {"concepts": "weights"}),
        ("concepts", {"concepts": "clusters"}),
        ("roles", {"tasks": "capital,indirect_object", "prompts-each": "10"}),
    ],
)
def test_a_chosen_value_is_told_by_every_run(page, parameters):
    opened = page_of_link(page, **parameters)
    assert not not_told(opened)
    others = {widget.id: another_of(widget) for widget in widgets_of(opened).values()}
    chosen = {name: value for name, value in others.items() if value is not None}
    assert len(chosen) >= 5
    opened = choose(opened, chosen)
    for name in ("Trace", "Trace", "Flow"):
        assert not opened.exception
        assert "did not foresee" not in words(opened)
        assert not not_told(opened)
        opened.session_state["page_shown"] = name  # on another page they are told anew
        opened.run()
