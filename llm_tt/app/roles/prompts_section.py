"""The prompts behind the chosen number, each with the way to its graph and to its corrupted twin."""

from typing import Final, cast

import streamlit as st

from llm_tt.app.choice import choose_one
from llm_tt.app.comparison.opening import ComparedSide, open_in_compare
from llm_tt.app.inspector.card_sections import section
from llm_tt.app.long_list import LongList
from llm_tt.app.notices import plain
from llm_tt.app.roles.asked import AskedOfRuns
from llm_tt.app.roles.measured import MeasuredRows
from llm_tt.app.roles.opening import open_in_flow
from llm_tt.attribution.method_list import WITHOUT_TARGET, Method
from llm_tt.batch.entries import Entry
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.spec import ModelSpec
from llm_tt.render.number_words import percent_text, signed_text
from llm_tt.render.visible_text import visible_token
from llm_tt.summaries.prompts_behind import ORDERS, PromptBehind, prompts_behind

LONGEST: Final = 220
"""Characters of a prompt; of longer ones the end is shown, where the prediction is."""

PROMPTS: Final = LongList("prompts", 4, 20)


def show_prompts(  # noqa: PLR0913 (whose number it is, and where its prompts lead)
    spec: ModelSpec,
    model: LanguageModel,
    measured: MeasuredRows,
    asked: AskedOfRuns,
    component: str,
    *,
    of_head: bool,
) -> None:
    """The first prompts in an order; of a map of attention, ordered by that."""
    relation = asked.relation if of_head else None
    what = "attention to it" if relation is not None else "share"
    with section("Prompts behind it", f"By its {what}."):
        order = choose_one("Order", ORDERS, key="prompts-order", hide_label=True)
        most = PROMPTS.n_shown
        found = prompts_behind(
            measured.runs,
            component,
            method=asked.method,
            group=asked.group,
            order=order,
            relation=relation,
            most=most + 1,
        )
        for row in found[:most]:
            _show_prompt(row, measured.entries.get(row.entry), spec, model, component, asked.method)
        if len(found) > most:
            PROMPTS.offer_more(is_quiet=True)


def _show_prompt(  # noqa: PLR0913 (a prompt, its number, and where it leads)
    found: PromptBehind,
    entry: Entry | None,
    spec: ModelSpec,
    model: LanguageModel,
    component: str,
    method: str,
) -> None:
    known = cast(Method, method)
    with st.container(border=True, gap="xsmall", key=f"prompt-{found.entry}"):
        text = found.prompt if len(found.prompt) <= LONGEST else f"…{found.prompt[-LONGEST:]}"
        st.text(text)
        st.caption(_numbers(found, method))
        with st.container(horizontal=True, gap="small"):
            if st.button("Open in Flow", key=f"flow-{found.entry}", type="tertiary", icon=":material/hub:"):
                open_in_flow(spec, model, found, component, known)
            if (
                entry is not None
                and entry.corrupted is not None
                and st.button(
                    "Compare with its corrupted prompt",
                    key=f"compare-{found.entry}",
                    type="tertiary",
                    icon=":material/compare:",
                )
            ):
                _compare(found, entry.corrupted, known)


def _numbers(found: PromptBehind, method: str) -> str:
    """What is explained, and what the component was worth."""
    told = "" if found.target is None else f"**{plain(visible_token(found.target))}**"
    if told and found.contrast is not None:
        told += f" against {plain(visible_token(found.contrast))}"
    wrong = " :orange[(predicted wrongly)]" if found.is_right is False else ""
    amount = "" if method in WITHOUT_TARGET else f", contribution {signed_text(found.contribution)}"
    rank = "not listed" if found.rank is None else f"rank {found.rank}"
    attention = "" if found.attention is None else f", attention {found.attention:.2f}"
    return f"{told}{wrong} · share {percent_text(found.share)}{plain(amount)}, {rank}{attention}"


def _compare(found: PromptBehind, corrupted: str, method: Method) -> None:
    """The same is explained of both, so that a difference is one of the prompts."""
    token, contrast = (None, None) if method in WITHOUT_TARGET else (found.target, found.contrast)
    first, second = (ComparedSide(prompt, token, contrast) for prompt in (found.prompt, corrupted))
    open_in_compare(first, second, method)
