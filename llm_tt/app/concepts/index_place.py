"""The index of the open model: opened at once, built in a moment, or offered to be built."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from llm_tt.app.cached import kept
from llm_tt.app.frame import Frame
from llm_tt.app.notices import as_visitors_see, plain, show_error
from llm_tt.app.progress import place_for_progress, progress_shown
from llm_tt.concepts.index_building import build_index, index_cost, is_index_built
from llm_tt.concepts.index_errors import DamagedIndexError
from llm_tt.concepts.neuron_index import NeuronIndex
from llm_tt.errors import ConceptIndexError
from llm_tt.model.spec import ModelSpec

QUICK: Final = 4 * 10**11
"""Multiplications: a few seconds on two cores."""

PER_SECOND: Final = 10**11
"""Multiplications of a modest machine."""

_ASKED: Final = "index_asked_for"


def index_here(frame: Frame) -> NeuronIndex | None:
    """The index, if it is there already."""
    key = ("index", frame.run.spec)
    if not is_index_built(frame.model):
        if key not in kept:
            return None
        if _open(frame).place is not None:  # it was on the disk, and there it is damaged or gone
            kept.forget(key)
            return None
    return _open(frame)


@contextmanager
def forgotten_if_damaged(frame: Frame) -> Iterator[None]:
    """What turns out to be damaged inside is opened anew by whoever asks next, which repairs it."""
    try:
        yield
    except DamagedIndexError:
        kept.forget(("index", frame.run.spec))
        raise


def index_or_offer(frame: Frame) -> NeuronIndex | None:
    """The index; where building it takes longer than a person would wait unasked, the offer to do it."""
    found = index_here(frame)
    if found is not None:
        return found
    spec, cost = frame.run.spec, index_cost(frame.model)
    if cost.multiplications > QUICK and st.session_state.get(_ASKED) != spec:
        _offer(spec, cost.multiplications, cost.bytes_on_disk)
        return None
    return _open(frame)


def _open(frame: Frame) -> NeuronIndex:
    return kept.get(("index", frame.run.spec), lambda: _build(frame), lambda index: index.n_bytes)


def _build(frame: Frame) -> NeuronIndex:
    model, work = frame.model, ("index", frame.run.spec)
    is_long = index_cost(model).multiplications > QUICK and not is_index_built(model)
    label = "Reading the neurons of this model …"
    # It lets nobody go between: a second builder of this index would wait for its lock while it has our turn.
    with place_for_progress(), progress_shown(label, work, is_long=is_long) as report:
        try:
            return build_index(model, progress=report)
        except ConceptIndexError as error:
            if index_cost(model).multiplications > QUICK:
                raise
            show_error(as_visitors_see(frame.settings, error))
            st.caption("Until then the index is kept in memory, and made again at the next start.")
            return build_index(model, in_memory=True, progress=report)


def _offer(spec: ModelSpec, multiplications: int, n_bytes: int) -> None:
    seconds = multiplications / PER_SECOND
    time = f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
    st.markdown(
        f"**The neurons of {plain(spec.source)} were not read yet.** Each is read as tokens once, from its "
        f"weights alone; after that, searching takes milliseconds. About {time} on two cores, "
        f"{n_bytes / 1e6:,.0f} MB on this machine's disk. You may stop and go on later."
    )
    st.button("Read the neurons", type="primary", on_click=_ask, args=(spec,), key="build-index")


def _ask(spec: ModelSpec) -> None:
    st.session_state[_ASKED] = spec
