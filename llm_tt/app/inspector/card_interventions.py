"""Interventions from a card: cut it and measure what follows, or put a change into the basket."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from llm_tt.app.basket_form import steering
from llm_tt.app.basket_state import add_edit, current_basket
from llm_tt.app.bound_widget import last_chosen
from llm_tt.app.notices import plain
from llm_tt.app.progress import progress_shown
from llm_tt.app.strengths import usual_size
from llm_tt.app.view import View
from llm_tt.attribution.target import Target
from llm_tt.errors import LlmTtError
from llm_tt.intervention.components import Component
from llm_tt.intervention.edit_values import LARGEST
from llm_tt.intervention.edits import Ablate, Edit, Scale, SetNeuron, Steer
from llm_tt.intervention.measuring import MeasuredEffect, cut, measured_effect
from llm_tt.intervention.positions import Positions
from llm_tt.intervention.run import AppliedEdits
from llm_tt.render.effect_words import effect_sentence
from llm_tt.tracing.parts import Part

_MEASURED: Final = "measured"
_ASKED: Final = "to_measure"
_REFUSED: Final = "refused_step"
_WHERE: Final = "edit-where"
MENU_WIDTH: Final = 300
"""Pixels: no wider than a card."""


@dataclass(frozen=True, slots=True)
class _Measured:
    """What was measured last, and in which pass."""

    pass_name: str
    part: Part
    target: Target
    effect: MeasuredEffect

    def is_of(self, view: View, part: Part) -> bool:
        """Whether this part of this pass was measured, for this target."""
        return (self.pass_name, self.part, self.target) == (_name_of(view), part, view.target)


def show_interventions_of(view: View, part: Part, weight: float | None) -> None:
    """Two quiet buttons; `weight` is what attribution says of the part, towards the target."""
    component = Component.of(part)
    is_leaving = part.kind == "state" and part.stage == "post"
    if component is None and not is_leaving:
        return
    with st.container(horizontal=True, gap="small"):
        if component is not None:
            st.button(
                "Cut and measure",
                icon=":material/content_cut:",
                type="tertiary",
                key="cut-and-measure",
                help="Run the prompt again with this replaced by what is usual, and see what the target "
                "loses. Nothing is kept.",
                on_click=_ask,
                args=(part,),
            )
        menu = st.popover("Intervene", icon=":material/tune:", type="tertiary", key=_menu_key())
    with menu, st.container(width=MENU_WIDTH):
        if component is None:
            _offer_steering(view, part)
        else:
            _offer_changes(view, part, component)
    if st.session_state.get(_ASKED) == part:
        del st.session_state[_ASKED]
        st.session_state[_MEASURED] = _measure(view, part)
    measured = st.session_state.get(_MEASURED)
    if isinstance(measured, _Measured) and measured.is_of(view, part):
        st.markdown(plain(effect_sentence(measured.effect, view.target, weight)))


def _menu_key() -> str:
    """Another menu after each addition: so it closes."""
    return f"intervene-menu-{len(current_basket().items)}"


def _ask(part: Part) -> None:
    """Only noted here: what takes long belongs into the page."""
    st.session_state[_ASKED] = part


def _measure(view: View, part: Part) -> _Measured:
    with progress_shown("Measuring …", ("measured", part, view.target)) as report:
        effect = measured_effect(
            view.model, view.trace, view.target, cut(part, view.baseline), progress=report
        )
    return _Measured(_name_of(view), part, view.target, effect)


def _name_of(view: View) -> str:
    """The same for the same pass; not the trace itself, which would be kept with the visitor."""
    made = view.trace.changes
    edits = made.edits if isinstance(made, AppliedEdits) else ()
    return repr((view.model.spec, view.trace.prompt.token_ids, edits))


def _choose_positions(part: Part) -> None:
    here = (part.position,)
    names: dict[Positions, str] = {here: "here", "all": "everywhere", "generated": "new tokens"}
    chosen: Positions = last_chosen(_WHERE, "all") or "all"
    st.segmented_control(
        "Where",
        list(names),
        default=[here if isinstance(chosen, tuple) else chosen],  # “here” may have been another part's
        format_func=names.__getitem__,
        required=True,
        key=_WHERE,
    )


def _offer_changes(view: View, part: Part, component: Component) -> None:
    """Off, halved, doubled; neurons can also be set, and steered with."""
    _choose_positions(part)
    with st.container(horizontal=True, gap="small"):
        _offer("Switch off", lambda: Ablate(component))
        _offer("Halve", lambda: Scale(component, 0.5))
        _offer("Double", lambda: Scale(component, 2.0))
    if component.neuron is None:
        return
    layer, neuron, key = component.layer, component.neuron, f"edit-activation-{component}"
    usual = usual_size(SetNeuron(layer, neuron, 0.0), view.trace)
    st.number_input("Activation", -LARGEST, LARGEST, last_chosen(key, round(2 * usual, 2)), key=key)
    with st.container(horizontal=True, gap="small"):
        _offer("Set", lambda: SetNeuron(layer, neuron, float(st.session_state[key])))
        _offer("Steer with it", lambda: Steer.neuron(layer, neuron, float(st.session_state[key])))


def _offer_steering(view: View, part: Part) -> None:
    """Of the state that leaves a layer: a step toward one token, or from one to another."""
    st.caption("Add a direction to the state that leaves this layer.")
    _choose_positions(part)
    toward, away = "steer-toward", "steer-away"
    st.text_input("Toward the token", last_chosen(toward, ""), key=toward, placeholder="such as Mary")
    st.text_input("Away from", last_chosen(away, ""), key=away, placeholder="no other token")

    later = view.later()

    def step() -> Edit:
        typed, now = (st.session_state[toward], st.session_state[away]), later()
        return steering(now.model, now.trace, part.position, part.layer, *typed)

    _offer("Steer", step)
    problem = st.session_state.pop(_REFUSED, None)
    if isinstance(problem, LlmTtError):
        st.caption(f":red[{plain(f'{problem.found} {problem.remedy}')}]")


def _offer(label: str, make: Callable[[], Edit]) -> None:
    """The fields are read when the button is clicked: what they said one run before may be old."""
    st.button(label, key=f"edit-{label}", on_click=_add, args=(make,))


def _add(make: Callable[[], Edit]) -> None:
    try:
        add_edit(make().at(st.session_state[_WHERE] or "all"))
    except LlmTtError as problem:
        st.session_state[_REFUSED] = problem
