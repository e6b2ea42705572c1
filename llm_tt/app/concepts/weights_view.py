"""Read the weights: a head's two circuits as tokens, and tokens beside tokens. No prompt, no run."""

from typing import Final, Literal

import streamlit as st

from llm_tt.app.cached import kept
from llm_tt.app.choice import choose_one
from llm_tt.app.concepts.compared_head import show_comparison
from llm_tt.app.concepts.head_choice import ChosenHead, choose_head
from llm_tt.app.concepts.pairs_section import show_pairs
from llm_tt.app.concepts.token_section import choose_token, show_nearest, show_token_through
from llm_tt.app.frame import Frame
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import ROW_HEIGHT
from llm_tt.app.percent import in_percent, percent_number
from llm_tt.app.view import View
from llm_tt.concepts.head_circuits import (
    TOKEN_READING,
    VALID_AT_DISTANCE_ZERO,
    Circuit,
    is_valid_at_distance_zero_only,
)
from llm_tt.concepts.head_directions import singular_directions
from llm_tt.render.circuit_tables import direction_columns
from llm_tt.tracing.parts import Part

Subject = Literal["head", "token"]

SUBJECTS: Final[dict[Subject, str]] = {"head": "A head", "token": "A token"}

CIRCUITS: Final[dict[Circuit, str]] = {"OV": "What it writes", "QK": "What it looks for"}

ABOUT: Final[dict[Circuit, str]] = {
    "OV": "The OV circuit: where the head attends to one token, which tokens it makes likelier.",
    "QK": "The QK circuit: standing on one token, which tokens the head attends to.",
}

N_DIRECTIONS: Final = 8


def show_weights(frame: Frame, view: View, part: Part | None) -> None:
    """The subject, then its readings."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        subject = choose_one("Read", SUBJECTS, key="subject", in_link=True)
        head = choose_head(view, part) if subject == "head" else None
        token_id = choose_token(view)
    if head is None:
        show_nearest(view, token_id)
    else:
        _show_head(frame, view, head, token_id, part)


def _show_head(frame: Frame, view: View, head: ChosenHead, token_id: int, part: Part | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"##### L{head.layer}H{head.head}", width="content")
        circuit = choose_one("Circuit", CIRCUITS, key="circuit", hide_label=True, in_link=True)
    remarks = [ABOUT[circuit], TOKEN_READING]
    if circuit == "QK" and is_valid_at_distance_zero_only(view.model, head.layer):
        remarks.append(VALID_AT_DISTANCE_ZERO)
    st.caption(" ".join(remarks))
    show_token_through(view, head, circuit, token_id)
    if circuit == "OV":
        show_comparison(view, head, part)
    show_pairs(frame, view, head, circuit)
    _show_directions(frame, view, head, circuit)


def _show_directions(frame: Frame, view: View, head: ChosenHead, circuit: Circuit) -> None:
    with section(
        "Singular directions",
        "The matrix of this circuit as a sum of single directions, strongest first: what each takes in, what "
        "it gives.",
    ):
        directions = kept.get(
            ("directions", frame.run.spec, head, circuit),
            lambda: singular_directions(view.model, head.layer, head.head, circuit, n=N_DIRECTIONS),
            lambda found: 4000 * len(found),
        )
        st.dataframe(
            in_percent(direction_columns(directions, circuit), "share"),
            hide_index=True,
            row_height=ROW_HEIGHT,
            height="content",
            column_config={
                "strength": st.column_config.NumberColumn(format="%.2f", width=70),
                "share": percent_number("share %", 70, "Of the whole matrix (squared)."),
            },
            alt="Singular directions",
        )
