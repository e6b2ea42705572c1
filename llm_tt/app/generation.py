"""Text written on by the model as it is and with the interventions, in turns, token by token."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from llm_tt.app.bound_widget import last_chosen
from llm_tt.app.cached import Run, background
from llm_tt.app.frame import Frame
from llm_tt.app.progress import progress_shown, take_stop
from llm_tt.intervention.generation import GeneratedToken, parting, write_on
from llm_tt.intervention.sampling import Sampling
from llm_tt.render.written_text import written_html

_WRITTEN: Final = "generation"
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be written: a key."""

    base: Run
    edited: Run
    n_tokens: int
    sampling: Sampling


@dataclass(slots=True, eq=False)
class _Written:
    """Both texts, as far as they are."""

    asked: _Asked
    base: list[GeneratedToken]
    edited: list[GeneratedToken]
    is_whole: bool = False
    """Whether nobody stopped it."""


def show_generation(frame: Frame, edited: Run) -> None:
    """Controls, and both texts side by side."""
    asked = _choose(frame, edited)
    is_clicked = st.button("Write both", type="primary", key="generate")
    written: _Written | None = st.session_state.get(_WRITTEN)
    if not is_clicked and (written is None or written.asked.base != asked.base):
        return  # nothing was written from this prompt
    place_for_bar = st.container()
    left, right = st.columns(2, gap="medium")
    left.markdown("**As it is**")
    right.markdown("**With the interventions**")
    places = left.empty(), right.empty()
    if is_clicked or written is None:
        take_stop(asked)  # of the last time
        with place_for_bar, background.paused():
            written = _write(frame, asked, places)
    _show(frame, written, places)
    if not written.is_whole:
        st.caption(f"Stopped after {len(written.edited)} of {written.asked.n_tokens} tokens.")
    if written.asked != asked:
        st.caption("Written with other interventions or settings than now.")


def _choose(frame: Frame, edited: Run) -> _Asked:
    columns = st.columns(4, gap="small", vertical_alignment="bottom")
    n_tokens = columns[0].number_input(
        "New tokens", 1, LONGEST, last_chosen("n-new", 20), key="n-new", persist_state="session"
    )
    temperature = columns[1].slider(
        "Temperature",
        0.0,
        2.0,
        last_chosen("temperature", 0.0),
        0.1,
        key="temperature",
        persist_state="session",
        help="0 takes the likeliest token each time.",
    )
    top_p = columns[2].slider(
        "Top-p",
        0.05,
        1.0,
        last_chosen("top-p", 1.0),
        0.05,
        key="top-p",
        persist_state="session",
        disabled=temperature == 0,
    )
    seed = columns[3].number_input(
        "Seed",
        0,
        2**31 - 1,
        last_chosen("seed", 0),
        key="seed",
        persist_state="session",
        disabled=temperature == 0,
        help="Shared by both: they part only where the predictions do.",
    )
    return _Asked(frame.run, edited, int(n_tokens), Sampling(float(temperature), float(top_p), int(seed)))


def _write(frame: Frame, asked: _Asked, places: tuple[DeltaGenerator, DeltaGenerator]) -> _Written:
    """Both in turns, the model free between two tokens; what is there when somebody stops it stays."""
    written = _Written(asked, [], [])
    st.session_state[_WRITTEN] = written
    model, prompt = frame.model, frame.trace.prompt
    with progress_shown("Writing …", asked, steps_of=model) as report:
        runs = [
            write_on(model, prompt, edits, n_tokens=asked.n_tokens, sampling=asked.sampling)
            for edits in ((), asked.edited.edits)
        ]
        for step, both in enumerate(zip_longest(*runs), start=1):
            for text, token in zip((written.base, written.edited), both, strict=True):
                if token is not None:
                    text.append(token)
            _show(frame, written, places)
            report(step / asked.n_tokens)
    written.is_whole = True
    return written


def _show(frame: Frame, written: _Written, places: tuple[DeltaGenerator, DeltaGenerator]) -> None:
    marked = parting(written.base, written.edited)
    for place, tokens in zip(places, (written.base, written.edited), strict=True):
        said = [(token.string, token.probability) for token in tokens]
        place.html(written_html(frame.trace.prompt.text, said, marked))
