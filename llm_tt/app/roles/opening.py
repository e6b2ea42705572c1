"""From a number to the graph of one of its prompts, with everything chosen that the number is of."""

import streamlit as st

from llm_tt.app.cached import Run, tokenize_within_limits
from llm_tt.app.chosen import choose_in_prompt
from llm_tt.app.frame import name_of_prompt
from llm_tt.app.navigation import go_to
from llm_tt.app.prompt_box import put_prompt
from llm_tt.app.typed_token import menu_name
from llm_tt.attribution.method_list import WITHOUT_TARGET, Method
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.spec import ModelSpec
from llm_tt.summaries.prompts_behind import PromptBehind


def open_in_flow(
    spec: ModelSpec, model: LanguageModel, found: PromptBehind, component: str, method: Method
) -> None:
    """The page Flow with this prompt, what is explained of it, and the component where it writes.

    Call it while a page runs: Streamlit goes to no other page from inside a callback.

    Raises:
        PromptError: it is longer than this dashboard takes.
    """
    tokens = tokenize_within_limits(model, found.prompt).token_ids
    put_prompt(found.prompt)
    choose_in_prompt(
        name_of_prompt(Run(spec, found.prompt), tokens), found.position, f"{component}@{found.position}"
    )
    st.session_state["method"] = method
    for key, token in (("token", found.target), ("contrast", found.contrast)):
        is_asked = method not in WITHOUT_TARGET
        st.session_state[key] = menu_name(token) if token is not None and is_asked else None
    go_to("Flow")
