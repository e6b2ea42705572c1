"""The clean and the corrupted prompt of a task of the small world, one click away."""

from typing import Final

import streamlit as st

from llm_tt.app.comparison.opening import ComparedSide, put_both
from llm_tt.smallworld.generation import generate, task_names, task_title
from llm_tt.smallworld.prompts import TaskPrompt

_MENU: Final = "task_pair"
_TIMES: Final = "task_pair_times"


def offer_task_prompts() -> None:
    """A menu of tasks; choosing one again brings another pair."""

    def take() -> None:
        task = st.session_state[_MENU]
        if task is None:
            return
        times: dict[str, int] = st.session_state.setdefault(_TIMES, {})
        put_both(*sides_of(generate(task, 1, times.get(task, 0))[0]))
        times[task] = times.get(task, 0) + 1
        st.session_state[_MENU] = None  # so that the same one can be taken again

    st.selectbox(
        "Clean and corrupted",
        task_names(),
        index=None,
        key=_MENU,
        on_change=take,
        format_func=task_title,
        placeholder="Clean and corrupted prompts of a task",
        label_visibility="collapsed",
        width=330,
        help="Both prompts of one question of the small world, each with its own right answer. Choosing a "
        "task again brings its next question.",
    )


def sides_of(prompt: TaskPrompt) -> tuple[ComparedSide, ComparedSide]:
    """Each prompt with its own answer."""
    return ComparedSide(prompt.prompt, prompt.answer), ComparedSide(prompt.corrupted, prompt.corrupted_answer)
