"""The head of every card: its name, what that is, its weight, and where one can go from it."""

import streamlit as st

from llm_tt.app.inspector.card_interventions import show_interventions_of
from llm_tt.app.inspector.card_note import offer_name, show_note
from llm_tt.app.inspector.card_options import choose_options
from llm_tt.app.inspector.choosing import Choose
from llm_tt.app.inspector.neighbours import neighbours
from llm_tt.app.notices import plain
from llm_tt.app.view import View
from llm_tt.attribution.part_weight import weight_of
from llm_tt.render.part_hooks import hook_of
from llm_tt.render.part_words import sentence_about, title_of
from llm_tt.render.weight_words import unit_of, weight_text
from llm_tt.tracing.parts import Part


def show_header(view: View, part: Part, choose: Choose, *, closable: bool = True) -> None:
    """Name and options in one line, then two quiet ones."""
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            own = view.names.get(title_of(part), "")
            st.markdown(
                f"##### {plain(title_of(part))}" + (f" :gray[{plain(own)}]" if own else ""), width="content"
            )
            with st.container(horizontal=True, width="content", gap="small"):
                choose_options()
                if closable:
                    show_close(choose)
        weight = weight_sentence(view, part)
        st.markdown(
            plain(sentence_about(part, view.tokens)) + (f"  \n:gray[{plain(weight)}]" if weight else ""),
            help=f"In TransformerLens: `{hook_of(part)}`",
        )
        show_note(view, part)
        _show_neighbours(view, part, choose)
        show_interventions_of(view, part, weight_in(view, part) if view.shares.is_signed else None)


def show_close(choose: Choose) -> None:
    """The button that takes the choice back."""
    st.button(
        "",
        icon=":material/close:",
        help="Nothing chosen",
        type="tertiary",
        key="close-card",
        on_click=choose,
        args=(None,),
    )


def weight_in(view: View, part: Part) -> float | None:
    """A part's weight; None for a state."""
    if part.kind == "neuron" and part.neuron is not None:
        return float(view.neurons(part.layer, part.position).neurons[part.neuron])
    return weight_of(view.shares, part)


def weight_sentence(view: View, part: Part) -> str:
    """A part's weight and what it is a weight of; empty for a state."""
    weight = weight_in(view, part)
    if weight is None:
        return ""
    unit = unit_of(view.shares)
    text = weight_text(weight, unit)
    if unit is None:
        stage = part.stage or (
            "mid" if part.kind not in ("mlp", "neuron") and not view.shares.has_parallel_blocks else "post"
        )
        return f"{text} of L{part.layer}.{stage}"
    return f"{text} towards the target"


def _show_neighbours(view: View, part: Part, choose: Choose) -> None:
    places = neighbours(part, n_layers=view.trace.n_layers, has_mid_states=view.trace.resid_mid is not None)
    with st.container(horizontal=True, gap="xsmall"):
        for word, place in places.items():
            st.button(
                f":small[:gray[{word}] {plain(str(place))}]",
                type="tertiary",
                key=f"go-{part}-{word}",
                on_click=choose,
                args=(place,),
            )
        offer_name(view, part)
