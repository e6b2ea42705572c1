"""What is asked of the graph: by which method, for which token, against which other, at which position."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import streamlit as st
from jaxtyping import Float
from torch import Tensor

from llm_tt.app.choice import choose_from_menu, choose_one
from llm_tt.app.chosen import outlives_prompt
from llm_tt.app.control_rows import controls
from llm_tt.app.link import note, read_once
from llm_tt.app.notices import show_error
from llm_tt.app.typed_token import menu_name, token_meant
from llm_tt.attribution.method_list import (
    DEFAULT_METHOD,
    DRAWING_ROUTES,
    METHOD_LABELS,
    METHODS,
    SIGNED_METHOD,
    WITHOUT_TARGET,
    Method,
)
from llm_tt.attribution.target import Target, resolve_target
from llm_tt.errors import TargetError
from llm_tt.lens.token_ranking import TokenRanking, rank_logits
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.number_words import percent_text
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.trace import ForwardTrace

OFFERED: Final[tuple[Method, ...]] = DRAWING_ROUTES

N_OFFERED_TOKENS = 12

_PROBABILITY: Final = re.compile(r"  [<>]?[\d.]+ %$")

RunShown = Literal["base", "edited", "difference"]

RUNS: Final[dict[RunShown, str]] = {"base": "Base", "edited": "Edited", "difference": "Difference"}
"""Which run the graph is of, where there are interventions."""

_Chosen = tuple[str | None, str | None]
"""Target and contrast as they are shown."""


@dataclass(frozen=True, slots=True)
class Question:
    """A plain value, ready to be part of a key."""

    method: Method
    compared_with: Method | None
    target: Target
    shown: RunShown = "base"


def ask_question(
    model: LanguageModel, trace: ForwardTrace, position: int, *, is_edited: bool = False
) -> Question:
    """The row of controls above the graph; with interventions, also which run it is of."""
    ranking = rank_logits(model, trace.logits[position], top=N_OFFERED_TOKENS)
    read_once("method", OFFERED)
    read_once("compare", OFFERED)
    widths = [2.1, 1.5, 1.5, 1.5, *([2.3] if is_edited else [])]
    columns = controls("question", widths)
    with columns[1]:
        token = _choose_target(ranking)
    with columns[2]:
        contrast = _choose_contrast(ranking)
    with columns[0]:  # choosing a token may change the method, so it is drawn after
        method = _choose_method()
    shown: RunShown = "base"
    if is_edited:
        with columns[4]:
            shown = ask_run(tuple(RUNS))
    with columns[3]:
        compared_with = _choose_comparison(method, is_free=shown != "difference")
    target = _target(model, ranking, trace, position, (token, contrast))
    return Question(method, compared_with, target, shown)


def ask_method_and_target(model: LanguageModel, trace: ForwardTrace, position: int) -> Question:
    """What one graph of two is asked; the same choices as on the other pages."""
    ranking = rank_logits(model, trace.logits[position], top=N_OFFERED_TOKENS)
    read_once("method", OFFERED)
    columns = controls("question-a", [2.0, 1.5, 1.5])
    with columns[1]:
        token = _choose_target(ranking)
    with columns[2]:
        contrast = _choose_contrast(ranking)
    with columns[0]:
        method = _choose_method()
    return Question(method, None, _target(model, ranking, trace, position, (token, contrast)))


def ask_tokens(model: LanguageModel, trace: ForwardTrace, position: int) -> None:
    """Only whose prediction is explained; the same choice as above the graph."""
    ranking = rank_logits(model, trace.logits[position], top=N_OFFERED_TOKENS)
    columns = st.columns(2, gap="small", vertical_alignment="bottom")
    with columns[0]:
        _choose_target(ranking)
    with columns[1]:
        _choose_contrast(ranking)


def target_as_chosen(model: LanguageModel, trace: ForwardTrace, position: int) -> Target:
    """What was chosen, here or on another page, or stands in the address; what makes no target is said."""
    ranking = rank_logits(model, trace.logits[position], top=N_OFFERED_TOKENS)
    for key in ("token", "contrast"):
        read_once(key)
        note(key, _named(st.session_state[key]))
    token, contrast = (_named(st.session_state[key]) for key in ("token", "contrast"))
    return _target(model, ranking, trace, position, (token, contrast))


def forget_tokens(except_for: Collection[str]) -> None:
    """Another prompt has other predictions."""
    for key in {"token", "contrast"}.difference(except_for):
        st.session_state[key] = None


def _choose_method() -> Method:
    names = {name: METHOD_LABELS[name] for name in OFFERED}
    st.session_state["method"] = st.session_state["method"] or DEFAULT_METHOD
    chosen = choose_one("Method", names, key="method", explained=METHODS)
    note("method", chosen)
    return chosen


def ask_run(offered: Sequence[RunShown], key: str = "run") -> RunShown:
    """Which run is shown, where there are interventions; each page has its own choice."""
    names = {shown: RUNS[shown] for shown in offered}
    said = "The prompt as it is, with the interventions, or what they change."
    return choose_one("Run", names, key=key, help=said, in_link=True)


def _choose_comparison(method: Method, *, is_free: bool) -> Method | None:
    others = [name for name in OFFERED if name != method]
    if st.session_state["compare"] not in (None, *others):
        st.session_state["compare"] = None
    chosen = choose_from_menu(
        "Compare with",
        others,
        key="compare",
        can_be_empty=True,
        format_func=lambda name: METHOD_LABELS[name],
        placeholder="no other method",
        disabled=not is_free,
        help="Draw where two methods disagree, with equally many edges of each.",
    )
    note("compare", chosen)
    return chosen if is_free else None


def _choose_target(ranking: TokenRanking) -> str | None:
    predicted = visible_token(ranking.token_strings[0])
    return _choose_token("Target", "token", ranking, f"predicted: {predicted}")


def _choose_contrast(ranking: TokenRanking) -> str | None:
    return _choose_token("Against", "contrast", ranking, "no other token")


def choose_other_tokens(
    ranking: TokenRanking, keys: tuple[str, str], placeholders: tuple[str, str], on_choose: Callable[[], None]
) -> _Chosen:
    """Target and contrast of another run, in two columns that are open; each under a key of its own."""
    columns = st.columns(2, gap="small", vertical_alignment="bottom")
    chosen: list[str | None] = []
    for column, label, key, placeholder in zip(
        columns, ("Target of B", "Against in B"), keys, placeholders, strict=True
    ):
        with column:
            chosen.append(_choose_token(label, key, ranking, placeholder, on_choose))
    return chosen[0], chosen[1]


def _choose_token(
    label: str,
    key: str,
    ranking: TokenRanking,
    placeholder: str,
    on_choose: Callable[[], None] | None = None,
) -> str | None:
    shown = {
        menu_name(token): f"{menu_name(token)}  {percent_text(probability)}"
        for token, probability in zip(ranking.token_strings, ranking.probabilities, strict=True)
    }
    read_once(key)
    chosen = st.session_state[key] = _named(st.session_state[key])

    def take(choice: str | None) -> str | None:
        st.session_state[key] = _named(choice)
        outlives_prompt(key)
        (on_choose or _explain_a_token)()
        return _named(choice)

    choose_from_menu(
        label,
        list(shown),
        key=key,
        can_be_empty=True,
        take=take,
        format_func=lambda token: shown.get(token, token),
        placeholder=placeholder,
        accept_new_options=True,
        help="Choose a prediction or type a token. “Mary” means the likelier of Mary and ·Mary, where · is a "
        "space; in quotes it is taken as it is.",
    )
    note(key, chosen)
    return chosen


def _named(choice: str | None) -> str | None:
    """The token of a menu's line, or as it was typed."""
    return visible_token(_PROBABILITY.sub("", choice)) if choice and choice.strip() else None


def _explain_a_token() -> None:
    """Flow routes know no target: whoever names a token wants a method that does."""
    named = st.session_state.get("token") or st.session_state.get("contrast")
    chosen = st.session_state.get("method")  # None where no page has asked for it yet
    if named and chosen in (None, *WITHOUT_TARGET):
        st.session_state["method"] = SIGNED_METHOD


def _target(
    model: LanguageModel, ranking: TokenRanking, trace: ForwardTrace, position: int, chosen: _Chosen
) -> Target:
    """The target as typed; what makes no target is said, and the prediction stands in for it."""
    logits = trace.logits[position]
    try:
        token, contrast = (
            None if text is None else token_of(model, ranking, logits, text) for text in chosen
        )
        return resolve_target(model, trace, position=position, token=token, contrast=contrast)
    except TargetError as error:
        show_error(error)
        return resolve_target(model, trace, position=position)


def token_of(
    model: LanguageModel, ranking: TokenRanking, logits: Float[Tensor, " d_vocab"], text: str
) -> int:
    """The token of the menu, or the one that was typed."""
    offered = [menu_name(token) for token in ranking.token_strings]
    return ranking.token_ids[offered.index(text)] if text in offered else token_meant(model, logits, text)
