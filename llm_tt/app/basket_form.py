"""Interventions by hand, and from a file."""

from typing import Final, cast

import streamlit as st

from llm_tt.app.basket_state import add_edit, change_basket, current_basket
from llm_tt.app.bound_widget import last_chosen
from llm_tt.app.cached import Run, open_model, run_prompt
from llm_tt.app.notices import show_error
from llm_tt.app.strengths import usual_size
from llm_tt.app.typed_token import token_meant, token_named
from llm_tt.errors import InterventionError, LlmTtError
from llm_tt.intervention.basket import Basket
from llm_tt.intervention.checking import check_edits
from llm_tt.intervention.components import Component, check_component
from llm_tt.intervention.edits import Ablate, Edit, Scale, SetNeuron, Steer
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.round_numbers import round_up
from llm_tt.tracing.trace import ForwardTrace

USUAL_VALUE: Final = 2.0

_REFUSED: Final = "new_edit_refused"

KINDS: Final = ("Switch off", "Scale", "Set a neuron", "Steer")


def offer_edit_by_name(run: Run, n_layers: int, position: int) -> None:
    """One more intervention, for whoever knows the name of what is to be changed."""
    with st.popover("Add by name", icon=":material/add:", key=f"new-edit-menu-{_n_items()}"):
        shown = last_chosen("new-kind", KINDS[0])
        chosen = st.segmented_control("What", KINDS, default=shown, required=True, key="new-kind")
        kind = chosen or KINDS[0]
        with st.form("new-edit", border=False):
            if kind == "Steer":
                st.number_input("Layer", 0, n_layers - 1, n_layers // 2, key="new-layer")
                st.text_input("Toward the token", key="new-toward")
                st.text_input("Away from", key="new-away", placeholder="no other token")
            else:
                st.text_input("Name", key="new-name", placeholder="L2H1, L2.mlp, L2N33 or L2H1@1-")
                if kind != "Switch off":
                    st.number_input("By or to", value=USUAL_VALUE, key="new-value")
            st.form_submit_button("Add", on_click=_add, args=(run, n_layers, position))
        refusal: LlmTtError | None = st.session_state.pop(_REFUSED, None)
        if refusal is not None:
            show_error(refusal)


def _add(run: Run, n_layers: int, position: int) -> None:
    """As the fields are now: a quick hand is ahead of the form that belongs to another kind."""
    state, model = st.session_state, open_model(run.spec)
    kind: str = state.get("new-kind") or KINDS[0]
    try:
        if kind == "Steer":
            layer = int(state.get("new-layer", n_layers // 2))
            toward, away = (state.get(key, "") for key in ("new-toward", "new-away"))
            add_edit(steering(model, run_prompt(run), position, layer, toward, away))
        else:
            name, value = state.get("new-name", "").strip(), state.get("new-value", USUAL_VALUE)
            add_edit(_change(model, kind, name, float(value)))
    except LlmTtError as error:
        state[_REFUSED] = error


def offer_file() -> None:
    """A list that was saved."""
    with st.popover("Load", icon=":material/upload:", key=f"load-menu-{_n_items()}"):
        file = st.file_uploader("Interventions that were saved here", type=["json"], key="basket-file")
        if file is None:
            return
        try:
            basket = Basket.from_json(file.getvalue())
        except InterventionError as error:
            show_error(error)
            return
        if not basket.items:
            st.caption("This file has no interventions in it.")
            return
        st.button(
            f"Use these {len(basket.items)}", on_click=change_basket, args=(basket,), key="use-basket-file"
        )


def steering(  # noqa: PLR0913 (where, and between which tokens)
    model: LanguageModel, trace: ForwardTrace, position: int, layer: int, toward: str, away: str
) -> Edit:
    """A step toward a typed token, and away from another; half as long as a usual state.

    Raises:
        InterventionError: there is no token to go to, or both are the same.
        TargetError: what was typed is no single token.
    """
    if not toward.strip():
        raise InterventionError(
            asked="Steer a state.",
            found="No token is named to steer toward.",
            remedy="Name one; the other may be left out.",
        )
    logits = trace.logits[position]
    named = [
        token_named(model, token_meant(model, logits, text)) if text.strip() else None
        for text in (toward, away)
    ]
    edit = Steer.tokens(layer, cast(int | str, named[0]), named[1], strength=1.0)
    check_edits(model, [edit], len(trace.prompt))
    return edit.with_strength(round_up(usual_size(edit, trace) / 2))


def _n_items() -> int:
    """In the keys of menus: so they close when something was added."""
    return len(current_basket().items)


def _change(model: LanguageModel, kind: str, name: str, value: float) -> Edit:
    component = Component.named(name)
    check_component(model, component)
    if kind == "Switch off":
        return Ablate(component)
    if kind == "Scale":
        return Scale(component, value)
    if component.neuron is None:
        raise InterventionError(
            asked=f"Set {component} to {value:g}.",
            found="Only a neuron has an activation.",
            remedy="Name one, such as L2N33, or scale this instead.",
        )
    return SetNeuron(component.layer, component.neuron, value)
