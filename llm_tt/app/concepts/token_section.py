"""One token, typed: what a head does with it, and which tokens lie near it."""

from typing import Final

import streamlit as st

from llm_tt.app.concepts.head_choice import ChosenHead
from llm_tt.app.inspector.card_options import current_options
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.promotion_section import show_side_by_side
from llm_tt.app.link import note, read_once
from llm_tt.app.notices import plain
from llm_tt.app.typed_token import token_meant
from llm_tt.app.view import View
from llm_tt.concepts.head_circuits import Circuit
from llm_tt.concepts.head_tokens import looked_for, looked_for_by, ov_tokens
from llm_tt.concepts.nearest_tokens import nearest_tokens
from llm_tt.errors import TargetError
from llm_tt.render.visible_text import visible_token

_TOKEN: Final = "weights-token"


def choose_token(view: View) -> int:
    """A token; until one is typed, the last one of the prompt up to the position."""
    stands_here = view.trace.prompt.token_ids[view.target.position]
    read_once(_TOKEN)
    typed = st.text_input(
        "Token",
        st.session_state[_TOKEN],
        key=_TOKEN,
        placeholder=visible_token(view.tokens[view.target.position]),
        persist_state="session",
        help="“Mary” means the likelier of Mary and ·Mary, where · is a space; in quotes it is taken as it "
        "is.",
        width=170,
    )
    note(_TOKEN, typed or None)
    if not typed:
        return stands_here
    try:
        return token_meant(view.model, view.trace.logits[view.target.position], typed)
    except TargetError as error:
        st.caption(f":orange[{plain(error.found)}]")
        return stands_here


def show_token_through(view: View, head: ChosenHead, circuit: Circuit, token_id: int) -> None:
    """One token in, tokens out."""
    name, top = _name_of(view, token_id), current_options().count
    model, layer, number = view.model, head.layer, head.head
    if circuit == "OV":
        with section(f"Attending to {plain(name)} it writes"):
            found = ov_tokens(model, layer, number, token_id, top=top)
            show_side_by_side({"promoted": found.promoted, "suppressed": found.suppressed})
        return
    with section(f"Standing on {plain(name)}"):
        keys = looked_for(model, layer, number, token_id, top=top)
        show_side_by_side({"looks for": keys.most, "avoids": keys.least}, "score")
    with section(f"Who looks for {plain(name)}"):
        queries = looked_for_by(model, layer, number, token_id, top=top)
        show_side_by_side({"looked for by": queries.most, "avoided by": queries.least}, "score")


def show_nearest(view: View, token_id: int) -> None:
    """Tokens beside a token, as the model reads them and as it writes them."""
    name, top = _name_of(view, token_id), current_options().count
    with section(
        f"Nearest to {plain(name)}", "By the cosine between their vectors, without the token itself."
    ):
        show_side_by_side(
            {
                "as it is read": nearest_tokens(view.model, token_id, "embedding", top=top),
                "as it is written": nearest_tokens(view.model, token_id, "unembedding", top=top),
            },
            "cosine",
        )


def _name_of(view: View, token_id: int) -> str:
    (token,) = view.model.token_strings([token_id])
    return visible_token(token)
