"""Clusters: neurons that write in the same direction, named by the tokens that they share."""

from typing import Final

import streamlit as st

from llm_tt.app.cached import kept
from llm_tt.app.choice import choose_one
from llm_tt.app.components.token_cards import show_token_cards
from llm_tt.app.concepts.chosen_neuron import choose_neuron, name_of_chosen
from llm_tt.app.concepts.index_place import index_or_offer
from llm_tt.app.frame import Frame
from llm_tt.app.link import note, read_once
from llm_tt.app.long_list import LongList
from llm_tt.app.notices import plain
from llm_tt.app.progress import place_for_progress, progress_shown
from llm_tt.app.view import View
from llm_tt.concepts.clusters import Clusters, Order, cluster_neurons, default_number
from llm_tt.concepts.neuron_index import NeuronIndex
from llm_tt.model.spec import ModelSpec
from llm_tt.render.token_cards import cluster_cards, neuron_cards
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part

ORDERS: Final[dict[Order, str]] = {"cohesion": "Tightest", "size": "Largest"}

ABOUT_ORDER: Final = "Tightest: furthest above what chance gives."

_CLUSTER: Final = "cluster"
_CLUSTERS: Final = LongList("clusters", 20, 20)
_MEMBERS: Final = LongList("members", 20, 20)
_QUERY: Final = "cluster-query"
QUICK: Final = 10_000
"""Neurons that are sorted into clusters unasked."""


def show_clusters(frame: Frame, view: View, part: Part | None) -> None:
    """All clusters, or one that was opened."""
    index = index_or_offer(frame)
    if index is None:
        return
    clusters = _clusters_or_offer(frame, index)
    if clusters is None:
        return
    read_once(_QUERY)
    opened = _opened(frame.run.spec, len(clusters))
    note(_CLUSTER, None if opened is None else str(opened))
    if opened is not None:
        note(_QUERY, st.session_state[_QUERY] or None)
        _show_one(index, clusters, opened, view, part)
    else:
        _show_all(frame, clusters)


def open_cluster(spec: ModelSpec, cluster: int) -> None:
    """Show one cluster of a model."""
    st.session_state[_CLUSTER] = (spec, cluster)
    _MEMBERS.begin_again()


def _opened(spec: ModelSpec, n_clusters: int) -> int | None:
    """The cluster that is open, on a first visit the one in the address; other models have other clusters."""
    if _CLUSTER not in st.session_state:
        named = st.query_params.get(_CLUSTER, "")
        known = [cluster for cluster in range(n_clusters) if str(cluster) == named]
        st.session_state[_CLUSTER] = (spec, known[0]) if known else None
    opened: tuple[ModelSpec, int] | None = st.session_state[_CLUSTER]
    return opened[1] if opened is not None and opened[0] == spec and opened[1] < n_clusters else None


def clusters_here(frame: Frame, index: NeuronIndex) -> Clusters | None:
    """The clusters, if they were made already or are made in a moment."""
    if len(index.directions) > QUICK and ("clusters", frame.run.spec) not in kept:
        return None
    return _clusters(frame, index)


def _clusters_or_offer(frame: Frame, index: NeuronIndex) -> Clusters | None:
    n_neurons = len(index.directions)
    if clusters_here(frame, index) is None:
        st.markdown(
            f"**{n_neurons:,} neurons are not sorted yet.** They are put into "
            f"{default_number(n_neurons):,} clusters by the direction that they write (k-means on vectors of "
            "length one), in about half a minute, once."
        )
        if not st.button("Sort the neurons", type="primary", key="sort-neurons"):
            return None
    return _clusters(frame, index)


def _clusters(frame: Frame, index: NeuronIndex) -> Clusters:
    return kept.get(
        ("clusters", frame.run.spec), lambda: _sort(frame, index), lambda clusters: clusters.centres.nbytes
    )


def _sort(frame: Frame, index: NeuronIndex) -> Clusters:
    work = ("clusters", frame.run.spec)
    with place_for_progress(), progress_shown("Sorting the neurons …", work, steps_of=frame.model) as report:
        return cluster_neurons(index, progress=report)


def _show_all(frame: Frame, clusters: Clusters) -> None:
    spec = frame.run.spec
    columns = st.columns([2.4, 2], gap="small", vertical_alignment="bottom")
    with columns[0]:
        query = st.text_input(
            "Search the clusters",
            st.session_state[_QUERY],
            key=_QUERY,
            placeholder="a word that their neurons share",
            persist_state="session",
            on_change=_CLUSTERS.begin_again,
        )
    with columns[1]:
        order = choose_one("Order", ORDERS, key="cluster-order", help=ABOUT_ORDER)
    note(_QUERY, query or None)
    if clusters.notice and frame.settings.show_error_details:  # it names a folder of the machine
        st.caption(f":orange[{plain(clusters.notice)}]")
    numbers, marked = _asked_for(clusters, query or "", order)
    if not numbers:
        st.caption("No cluster shares these tokens. Single neurons may still promote them: try Search.")
        return
    count = "1 cluster" if len(numbers) == 1 else f"{len(numbers):,} clusters"
    st.caption(
        f"{count}. The bar is the mean cosine of the neurons to their centre; “by chance” is what directions "
        "without any meaning come to. Darker tokens are promoted by more of the neurons."
    )
    show_token_cards(
        cluster_cards(clusters, numbers[: _CLUSTERS.n_shown], marked),
        key="clusters",
        chosen=None,
        on_choose=lambda name: open_cluster(spec, int(name)),
    )
    if len(numbers) > _CLUSTERS.n_shown:
        _CLUSTERS.offer_more(f"More of {len(numbers):,}")


def _asked_for(clusters: Clusters, query: str, order: Order) -> tuple[list[int], set[int]]:
    """Which clusters are shown, and which tokens are marked on them."""
    if not query.strip():
        return [row.cluster for row in clusters.listed(order)], set()
    hits = clusters.search(query, top=len(clusters))
    return [hit.cluster for hit in hits], {match.token_id for hit in hits for match in hit.matches}


def _show_one(index: NeuronIndex, clusters: Clusters, cluster: int, view: View, part: Part | None) -> None:
    members = clusters.members(cluster)
    tokens = ", ".join(visible_token(token.token_string) for token in clusters.shared[cluster][:4])
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"##### {len(members)} neurons: {plain(tokens) or 'no shared token'}", width="content")
        st.button(
            "All clusters", icon=":material/arrow_back:", type="tertiary", key="all-clusters", on_click=_close
        )
    st.caption("Closest to the centre first; the bar is the cosine to it.")
    shown = members[: _MEMBERS.n_shown]
    position = view.target.position  # not the view: what a callback names stays with the visit
    show_token_cards(
        neuron_cards(
            index.readings([layer * index.d_mlp + neuron for layer, neuron, _ in shown]),
            [cosine for _, _, cosine in shown],
            view.names,
        ),
        key="members",
        chosen=name_of_chosen(part),
        on_choose=lambda name: choose_neuron(name, position),
    )
    if len(members) > len(shown):
        _MEMBERS.offer_more(f"More of {len(members):,}")


def _close() -> None:
    st.session_state[_CLUSTER] = None
