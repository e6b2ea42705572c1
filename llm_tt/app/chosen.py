"""What a person chose on the graph: the traced position and the selected part. Both are in the address."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from llm_tt.app.controls import model_now
from llm_tt.app.link import note
from llm_tt.app.prompt_box import prompt_now
from llm_tt.errors import CapabilityError, TargetError
from llm_tt.lens.written import check_part
from llm_tt.model.prompt import Prompt
from llm_tt.tracing.parts import Part
from llm_tt.tracing.trace import ForwardTrace

_POSITION: Final = "at"
_PART: Final = "select"
_PROMPT: Final = "chosen_for"
_TIMES: Final = "times_chosen"
_TOLD: Final = "times_told"
_ON_ITS_WAY: Final = "chosen_on_its_way"

_Asked = tuple[str, str | None]
"""What stands in the box and on the menu, whether it has been run or not."""


def forget_for_other_prompt(prompt_name: str, last: int) -> Collection[str] | None:
    """Forget position and part if they belong to another prompt; on a first visit the address is believed.

    What was chosen while this prompt was on its way is meant for it: the keys of that are returned, or None
    where it is the prompt from before. Once all is forgotten, say `prompt_has_come`: what is broken off in
    between is done again.
    """
    before = st.session_state.get(_PROMPT)
    if before is None:
        st.session_state.setdefault(_POSITION, _number(st.query_params.get(_POSITION)))
        if _PART not in st.session_state:
            st.session_state[_PART] = st.query_params.get(_PART)
            st.session_state[_TIMES] = times_chosen() + 1  # the graph has to follow
        return None
    is_other = before != prompt_name
    chosen: Mapping[str, _Asked] = st.session_state.get(_ON_ITS_WAY, {})
    fresh = {key for key, asked in chosen.items() if asked == _asked_now()}
    if is_other:
        st.session_state[_POSITION] = None
    part = st.session_state[_PART]
    if part is not None and _PART in fresh:  # the page where it was chosen may have had other positions
        st.session_state[_PART] = str(replace(Part.named(part), position=_position_up_to(last)))
    elif is_other:
        st.session_state[_PART] = None
    return fresh if is_other else None


def prompt_has_come(prompt_name: str) -> None:
    """What is chosen from now on belongs to it."""
    st.session_state[_PROMPT] = prompt_name
    st.session_state[_ON_ITS_WAY] = {}


def outlives_prompt(key: str) -> None:
    """What was just chosen means something in any prompt: one that is on its way does not undo it."""
    st.session_state[_ON_ITS_WAY] = {**st.session_state.get(_ON_ITS_WAY, {}), key: _asked_now()}


def _asked_now() -> _Asked:
    return prompt_now(""), model_now()


def choose_in_prompt(prompt_name: str, position: int, part: str) -> None:
    """Choose both in a prompt that is only now put into the box: on the next page they belong to it."""
    st.session_state[_PROMPT] = prompt_name
    st.session_state[_POSITION], st.session_state[_PART] = position, part
    st.session_state[_TIMES] = times_chosen() + 1


def chosen_position(prompt: Prompt) -> int:
    """The position whose prediction is traced; the last one until another is chosen."""
    last = len(prompt) - 1
    position = _position_up_to(last)
    note(_POSITION, None if position == last else str(position))
    return position


def chosen_part(trace: ForwardTrace, position: int) -> Part | None:
    """The selected part, if there is such a part on the way to this position."""
    name = st.session_state.get(_PART)
    part = None
    if isinstance(name, str):
        try:
            part = Part.named(name)
            check_part(trace, part)
        except (TargetError, CapabilityError):
            part = None
    if part is not None and part.position > position:
        part = None
    note(_PART, None if part is None else str(part))
    return part


def choose_position(position: object) -> None:
    """Trace another position; what a browser sends is checked when it is read."""
    st.session_state[_POSITION] = position if type(position) is int else None  # True is no position


def choose_part(part: object) -> None:
    """Select a part by what the graph sent: its name, or None."""
    st.session_state[_PART] = part if isinstance(part, str) else None


def select_everywhere(part: Part | None) -> None:
    """Select a part from beside the graph, which then follows."""
    st.session_state[_PART] = None if part is None else str(part)
    st.session_state[_TIMES] = times_chosen() + 1


def select_in_any_prompt(part: Part) -> None:
    """Select what is read without a prompt."""
    select_everywhere(part)
    outlives_prompt(_PART)


def what_was_chosen() -> dict[str, object]:
    """The selection as the graph has to show it, and how often something beside it chose."""
    return {"part": st.session_state.get(_PART), "times": times_chosen()}


def times_chosen() -> int:
    """How often something beside the graph chose; the graph follows when this grows."""
    return int(st.session_state.get(_TIMES, 0))


def chosen_since_told() -> bool:
    """Whether something beside the graph chose since this was last asked; false on a first visit."""
    before = st.session_state.get(_TOLD)
    st.session_state[_TOLD] = times_chosen()
    return before not in (None, times_chosen())


def _position_up_to(last: int) -> int:
    position = st.session_state.get(_POSITION)
    return position if isinstance(position, int) and 0 <= position <= last else last


def _number(text: str | None) -> int | None:
    """Not `isdigit`, which also holds of thousands of digits, and of "²"."""
    return int(text) if text is not None and re.fullmatch("[0-9]{1,9}", text) else None
