"""The card of a node that is no part of a pass; and what the picture adds to the card of a part."""

from typing import Final

import numpy as np
import streamlit as st

from llm_tt.anatomy.anatomy_graph import AnatomyGraph
from llm_tt.anatomy.node_kinds import READING_OF, AnatomyNode, NodeKind, Reading
from llm_tt.app.anatomy.norm_section import show_norm_section
from llm_tt.app.inspector.card_header import show_close
from llm_tt.app.inspector.card_options import choose_options
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import Choose, choose_from_table
from llm_tt.app.inspector.promotion_section import show_side_by_side
from llm_tt.app.notices import plain
from llm_tt.app.percent import in_percent, percent_number
from llm_tt.app.view import View
from llm_tt.lens.promotion import TokenChanges
from llm_tt.render.activation_figure import activation_figure
from llm_tt.render.anatomy_words import HOW, READ_AS, node_sentence, numbers_in_words
from llm_tt.render.inspector_tables import key_columns
from llm_tt.tracing.parts import Part

OF_A_NORM: Final = (NodeKind.NORM_ATTENTION, NodeKind.NORM_MLP)


def show_node_card(view: View, graph: AnatomyGraph, node: AnatomyNode, choose: Choose) -> None:
    """Its name, what it is, its numbers, and how it reads."""
    place = graph.place_of(node.name)
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"##### {plain(node.name.partition('@')[0])}", width="content")
            with st.container(horizontal=True, width="content", gap="small"):
                choose_options()
                show_close(choose)
        sentence = node_sentence(node, view.tokens, int(graph.nodes.count[place]))
        st.markdown(f"{plain(sentence)}  \n:gray[{plain(numbers_in_words(graph, place))}]")
    show_node_sections(view, graph, node, choose)


def show_node_sections(view: View, graph: AnatomyGraph, node: AnatomyNode | None, choose: Choose) -> None:
    """What the picture knows of a node beyond the part that it shows."""
    if node is None:
        return
    reading = READING_OF[node.kind]
    if node.part is not None and reading not in (Reading.LOOKED_FOR, Reading.LOOKED_FOR_BY):
        return  # the part's own card reads it
    if node.kind in OF_A_NORM:
        show_norm_section(view, node)
        return
    _show_tokens(view, graph, node, reading)
    if node.kind is NodeKind.QUERY:
        _show_attention(view, node, choose)


def _show_tokens(view: View, graph: AnatomyGraph, node: AnatomyNode, reading: Reading) -> None:
    nodes, place = graph.nodes, graph.place_of(node.name)
    most, least, amount = READ_AS[reading]
    with section(f"{most.capitalize()} and {least}", HOW[reading]):
        if nodes.rank[place] == 0:
            st.caption("Nothing passes here.")
            return
        show_side_by_side(
            {
                most: _changes(view, nodes.promoted[place], nodes.promoted_by[place]),
                least: _changes(view, nodes.suppressed[place], nodes.suppressed_by[place]),
            },
            amount,
        )
    for note in graph.notes if reading in (Reading.LOOKED_FOR, Reading.LOOKED_FOR_BY) else ():
        st.caption(plain(note))


def _changes(view: View, ids: np.ndarray, numbers: np.ndarray) -> TokenChanges:
    token_ids = tuple(ids.tolist())
    return TokenChanges(token_ids, view.model.token_strings(token_ids), tuple(numbers.tolist()))


def _show_attention(view: View, node: AnatomyNode, choose: Choose) -> None:
    """Where the head looks from here."""
    row = view.trace.patterns[node.layer][node.head, node.position, : node.position + 1]
    keys = row.argsort(descending=True, stable=True)[:5].tolist()
    with section("Looks at", "Attention from this position."):
        st.plotly_chart(
            activation_figure(row, view.tokens[: node.position + 1], keys[0], what="attention"),
            config={"displayModeBar": False},
            key="attention-of-query",
            alt="Attention to every position",
        )
        weights = view.shares.attention[node.layer, node.head, node.position, keys]
        choose_from_table(
            in_percent(
                key_columns(view.tokens, keys, weights.tolist(), row[keys].tolist(), None), "attention"
            ),
            [Part("message", node.layer, node.position, head=node.head, key=key) for key in keys],
            choose,
            key=f"looks-{node.name}",
            unit=None,
            column_config={
                "from": st.column_config.TextColumn(width=140),
                "attention": percent_number("attention %", 90),
            },
        )
