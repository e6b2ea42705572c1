"""Neurons that fire on nearly every position of the uploaded prompts, or else of the examples."""

from typing import Final

import streamlit as st

from llm_tt.anatomy.steady_neurons import SteadyNeuron, SteadyNeurons, steady_neurons
from llm_tt.app.cached import kept
from llm_tt.app.chosen import chosen_part, select_everywhere
from llm_tt.app.frame import Frame
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.inspector.choosing import ROW_HEIGHT, choose_from_table
from llm_tt.app.notices import plain
from llm_tt.app.progress import place_for_progress, progress_shown
from llm_tt.app.prompt_box import uploaded_prompts
from llm_tt.app.view import View
from llm_tt.model.check_up import Capability
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.anatomy_tables import STEADY_COLUMNS, steady_columns
from llm_tt.render.concept_tables import skipped_columns
from llm_tt.render.number_words import percent_text
from llm_tt.render.part_words import with_own_names
from llm_tt.settings import load_examples
from llm_tt.tracing.parts import Part

QUICK_PROMPTS: Final = 20
"""That are run unasked,"""
QUICK_NEURONS: Final = 10**4
"""in models with no more neurons: others keep a page waiting."""

KNOWN_AS: Final = "The VISIT paper calls such neurons regularization neurons."

_ASKED: Final = "steady_asked_for"


def show_steady_view(frame: Frame, view: View) -> None:
    """The steadiest neurons; a click on one chooses it, at the position that is looked at."""
    own = uploaded_prompts(frame.model)
    prompts = own.prompts or tuple(example.prompt for example in load_examples())
    with section("Neurons that always fire", plain(f"{own.where}. {KNOWN_AS}")):
        work = ("steady neurons", frame.run.spec, prompts)
        if not (
            work in kept or _is_quick(frame.model, prompts) or st.session_state.get(_ASKED) == hash(work)
        ):
            st.button(f"Run {_counted(prompts)}", key="run-steady", on_click=_ask, args=(hash(work),))
            return
        with place_for_progress():
            found = kept.get(work, lambda: _run(frame, work, prompts), _size_of)
        _show_found(found, view)
        if found.skipped:
            with st.expander(f"{len(found.skipped):,} of {_counted(prompts)} could not be run"):
                st.dataframe(skipped_columns(found.skipped), hide_index=True, row_height=ROW_HEIGHT)


def _is_quick(model: LanguageModel, prompts: tuple[str, ...]) -> bool:
    """A model without neurons says so at once."""
    sizes = model.dimensions
    is_small = sizes.n_layers * sizes.d_mlp <= QUICK_NEURONS and len(prompts) <= QUICK_PROMPTS
    return is_small or not model.self_test.has(Capability.NEURONS)


def _run(frame: Frame, work: object, prompts: tuple[str, ...]) -> SteadyNeurons:
    with progress_shown("Counting what fires …", work, steps_of=frame.model) as report:
        return steady_neurons(frame.model, prompts, progress=report)


def _size_of(found: SteadyNeurons) -> int:
    return 600 * (len(found.neurons) + len(found.runners_up)) + 200 * len(found.skipped) + 1000


def _show_found(found: SteadyNeurons, view: View) -> None:
    if not found.n_positions:
        st.caption("These prompts have no positions behind their first token.")
        return
    if not found.neurons:
        st.caption(f"No neuron does so at {percent_text(found.least, 0)} of the positions. The nearest:")
    _show_table(found.neurons or found.runners_up, view)
    st.caption(_explained(found))


def _show_table(rows: tuple[SteadyNeuron, ...], view: View) -> None:
    position = view.target.position
    parts = [Part("neuron", row.layer, position, neuron=row.neuron) for row in rows]
    chosen = chosen_part(view.trace, position)
    numbers = {"mean": "%+.2f", "norm": "%.2f", "entropy": "%.2f"}
    shares = {"positive %": "%.0f", "norm pct.": "%.0f", "entropy pct.": "%.0f"}
    widths = {"mean": 62, "norm": 56, "entropy": 66, "positive %": 78, "norm pct.": 76, "entropy pct.": 90}
    choose_from_table(
        with_own_names(steady_columns(rows), "neuron", view.names),
        parts,
        select_everywhere,
        key=f"steady-{position}-{chosen}",
        unit=None,
        chosen=chosen,
        column_config={
            "neuron": st.column_config.TextColumn(width=84),
            **{
                name: st.column_config.NumberColumn(
                    help=STEADY_COLUMNS[name], format=form, width=widths[name]
                )
                for name, form in {**numbers, **shares}.items()
            },
            "promotes": st.column_config.TextColumn(help=STEADY_COLUMNS["promotes"], width=220),
        },
    )


def _explained(found: SteadyNeurons) -> str:
    """What was counted, in one caption."""
    listed = "" if len(found.neurons) == found.n_found else f" Of {found.n_found:,} the steadiest are listed."
    first = ", first tokens left out," if found.skip_first else ""
    strongest = (
        "the one of its layer that writes most"
        if found.n_strongest == 1
        else f"among the {found.n_strongest:,} of its layer that write most"
    )
    return (
        f"Counted at {found.n_positions:,} positions{first} of {found.n_prompts:,} prompts: where a neuron "
        f"is {strongest}. Its direction is read alone, with the sign of its mean. “pct.”: per cent of its "
        f"layer that lie below.{listed}"
    )


def _counted(prompts: tuple[str, ...]) -> str:
    return "1 prompt" if len(prompts) == 1 else f"{len(prompts):,} prompts"


def _ask(work: int) -> None:
    st.session_state[_ASKED] = work
