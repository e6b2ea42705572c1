"""Search: the neurons that promote, suppress or listen to some tokens."""

from typing import Final

import streamlit as st

from llm_tt.app.components.token_cards import show_token_cards
from llm_tt.app.concepts.chosen_neuron import choose_neuron, name_of_chosen
from llm_tt.app.concepts.index_place import forgotten_if_damaged, index_or_offer
from llm_tt.app.frame import Frame
from llm_tt.app.link import note, read_once
from llm_tt.app.long_list import LongList
from llm_tt.app.notices import plain
from llm_tt.app.view import View
from llm_tt.concepts.query import LONGEST
from llm_tt.concepts.search_result import FoundTerm, SearchResult
from llm_tt.concepts.sides import PROMOTED, TOKEN_SIDES, TokenSide
from llm_tt.lens.token_ranking import rank_logits
from llm_tt.render.token_cards import SIDE_WORDS, hit_cards
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part

"""Hits shown at once, and how many more a click brings."""

TOKENS_OF_TERM: Final = 6

GRAMMAR: Final = (
    "`tokyo japan` both words on one list  \n`tokyo OR japan` one of them  \n`tokyo -japan` the first "
    "without the second  \n`tok*` tokens that begin so, `*kyo*` that contain it  \n"
    '`" Tokyo"` exactly this token, with its space'
)

_QUERY: Final = "q"
_SIDES: Final = "sides"
_LAYERS: Final = "layers"
_HITS: Final = LongList("hits", 20, 20)


def show_search(frame: Frame, view: View, part: Part | None) -> None:
    """The question, and the neurons that answer it."""
    query, sides, layers = _ask(frame.trace.n_layers)  # first: it stays in its place while an index is built
    index = index_or_offer(frame)
    if index is None:
        return
    if not query.strip():
        _suggest(view)
        return
    with forgotten_if_damaged(frame):
        result = index.search(query, layers=layers or None, sides=sides or TOKEN_SIDES, top=_HITS.n_shown)
    _show_terms(result)
    if result.hint:
        st.caption(plain(result.hint))
    if not result.hits:
        return
    position = view.target.position  # not the view: what a callback names stays with the visit
    show_token_cards(
        hit_cards(result.hits, view.names),
        key="hits",
        chosen=name_of_chosen(part),
        on_choose=lambda name: choose_neuron(name, position),
    )
    if result.n_found > len(result.hits):
        _HITS.offer_more(f"More of {result.n_found:,}")


def _ask(n_layers: int) -> tuple[str, tuple[TokenSide, ...], tuple[int, ...]]:
    read_once(_QUERY)
    _read_lists_once(n_layers)
    columns = st.columns([1.8, 3.4, 1.2], gap="small", vertical_alignment="bottom")
    with columns[0]:
        query = st.text_input(
            "Search the neurons",
            st.session_state[_QUERY],
            key=_QUERY,
            placeholder="a word, or two: tokyo OR japan",
            persist_state="session",
            help=GRAMMAR,
            on_change=_HITS.begin_again,
        )
    with columns[1]:
        sides: list[TokenSide] = st.segmented_control(
            "That",
            TOKEN_SIDES,
            selection_mode="multi",
            default=st.session_state[_SIDES],
            key=_SIDES,
            format_func=SIDE_WORDS.__getitem__,
            persist_state="session",
            on_change=_HITS.begin_again,
            help="What is on the list of tokens: those that the neuron makes likelier or less likely where "
            "it is active, and those whose embeddings drive its activation up or down.",
        )
    with columns[2]:
        layers = st.multiselect(
            "In layers",
            range(n_layers),
            st.session_state[_LAYERS],
            key=_LAYERS,
            placeholder="all",
            persist_state="session",
            on_change=_HITS.begin_again,
        )
    note(_QUERY, (query or "")[:LONGEST] or None)
    note(_SIDES, None if sides == ["promotes"] else " ".join(sides) or "any")
    note(_LAYERS, " ".join(map(str, layers)) or None)
    return query or "", tuple(sides), tuple(layers)


def _read_lists_once(n_layers: int) -> None:
    """On a first visit, believe the address; another model may have fewer layers."""
    if _SIDES not in st.session_state:
        said = st.query_params.get(_SIDES, "")
        sides = [side for side in TOKEN_SIDES if side in said.split()]
        st.session_state[_SIDES] = sides if sides or said == "any" else list(PROMOTED)
    if _LAYERS not in st.session_state:
        named = st.query_params.get(_LAYERS, "").split()
        st.session_state[_LAYERS] = [layer for layer in range(n_layers) if str(layer) in named]
    st.session_state[_LAYERS] = [layer for layer in st.session_state[_LAYERS] if layer < n_layers]


def _suggest(view: View) -> None:
    """Words to begin with: what this prompt's prediction is about."""
    ranking = rank_logits(view.model, view.trace.logits[view.target.position], top=8)
    words = dict.fromkeys(token.strip() for token in ranking.token_strings if token.strip().isalpha())

    def take() -> None:
        if st.session_state["suggested"]:
            st.session_state[_QUERY] = st.session_state["suggested"]
            st.session_state["suggested"] = None

    st.caption(
        "Every neuron of the model, read from its weights alone: which tokens it promotes and suppresses "
        "where it is active, and which tokens make it active. Click a neuron to read it, see what is like "
        "it, and steer with it."
    )
    if words:
        st.pills("Predicted here", list(words), key="suggested", on_change=take)


def _show_terms(result: SearchResult) -> None:
    """What each word of the question was taken for."""
    said = "   ".join(map(_sentence_of, result.terms))
    found = "1 list found." if result.n_found == 1 else f"{result.n_found:,} lists found, strongest first."
    count = found if result.hits else ""
    if said or count:
        st.caption(plain(f"{count} {said}".strip()))


def _sentence_of(term: FoundTerm) -> str:
    shown = [visible_token(token) for token in term.token_strings[:TOKENS_OF_TERM]]
    more = len(term.token_ids) - len(shown)
    tokens = ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
    return f"{'not ' if term.is_negated else ''}{term.text}: {tokens or 'no token'}."
