"""Where a neuron is most active, in the uploaded prompts or else in the examples."""

from typing import Final

import streamlit as st

from llm_tt.app.cached import kept
from llm_tt.app.frame import Frame
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.notices import plain
from llm_tt.app.progress import place_for_progress, progress_shown
from llm_tt.app.prompt_box import put_prompt, uploaded_prompts
from llm_tt.concepts.firing import Firing, firing_of
from llm_tt.render.concept_tables import firing_columns, skipped_columns
from llm_tt.render.number_words import percent_text, signed_text
from llm_tt.settings import load_examples
from llm_tt.tracing.parts import Part

QUICK: Final = 20
"""Prompts that are run unasked."""

TOP: Final = 8

LETTERS_BEFORE: Final = 14
"""As many as its column has room for."""

_ASKED: Final = "firing_asked_for"


def show_firing(frame: Frame, part: Part) -> None:
    """The strongest places; a click on one takes its prompt."""
    assert part.neuron is not None
    own = uploaded_prompts(frame.model)
    prompts = own.prompts or tuple(example.prompt for example in load_examples())
    with section("Fires on", plain(f"{own.where}.")):
        work = ("firing", frame.run.spec, prompts, part.layer, part.neuron)
        if len(prompts) > QUICK and work not in kept and st.session_state.get(_ASKED) != hash(prompts):
            st.button(
                f"Run {len(prompts):,} prompts", key="run-prompts", on_click=_ask, args=(hash(prompts),)
            )
            return
        found = kept.get(work, lambda: _run(frame, work, prompts, part), lambda firing: 400 * TOP)
        if found.places:
            _show_places(found, prompts)
        if found.skipped:
            with st.expander(f"{len(found.skipped):,} of {len(prompts):,} prompts could not be run"):
                st.dataframe(skipped_columns(found.skipped), hide_index=True, row_height=ROW_HEIGHT)


def _run(frame: Frame, work: object, prompts: tuple[str, ...], part: Part) -> Firing:
    with place_for_progress(), progress_shown("Running the prompts …", work, steps_of=frame.model) as report:
        return firing_of(frame.model, prompts, part.layer, part.neuron or 0, top=TOP, progress=report)


def _show_places(found: Firing, prompts: tuple[str, ...]) -> None:
    key = "firing-places"

    def take() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        if rows and 0 <= rows[0] < len(found.places):
            put_prompt(prompts[found.places[rows[0]].prompt_index])

    columns = firing_columns(found.places)
    columns["before"] = [_end_of(str(text)) for text in columns["before"]]
    st.dataframe(
        columns,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height="content",
        column_config={
            "activation": st.column_config.NumberColumn(format="%+.2f", width=74),
            "before": st.column_config.TextColumn(width=110),
            "token": st.column_config.TextColumn(width=70),
            "after": st.column_config.TextColumn(width=70),
            "prompt": None,
            "position": None,
        },
        key=key,
        on_select=take,
        selection_mode="single-row",
        alt="Where the neuron is most active",
    )
    st.caption(
        f"Active (above zero) at {percent_text(found.share_positive, 0)} of {found.n_positions:,} positions; "
        f"mean {signed_text(found.mean)}. Click a place to take its prompt."
    )


def _end_of(text: str) -> str:
    """What stands next to the token, where a column would show the beginning."""
    return text if len(text) <= LETTERS_BEFORE else f"…{text[1 - LETTERS_BEFORE :]}"


def _ask(prompts: int) -> None:
    st.session_state[_ASKED] = prompts
