"""The first page: open a model, read its check-up, see what it would say next."""

import streamlit as st

from llm_tt.app.cached import open_model, run_prompt
from llm_tt.app.components.token_strip import choose_position
from llm_tt.app.controls import choose_model, choose_prompt
from llm_tt.app.notices import errors_shown, plain
from llm_tt.lens.token_ranking import TokenRanking, rank_logits
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.prompt import Prompt
from llm_tt.model.spec import ModelSpec
from llm_tt.render.tables import check_up_rows, check_up_summary, ranking_columns
from llm_tt.render.visible_text import visible_token
from llm_tt.settings import AppSettings

VERDICT_ICONS = {
    "verified": ":green[:material/check_circle:]",
    "switched off": ":orange[:material/block:]",
    "failed": ":red[:material/error:]",
}


def show_start_page(settings: AppSettings) -> None:
    """Model, prompt, tokens, next tokens, check-up."""
    text = choose_prompt(settings)
    with errors_shown(settings):
        spec = choose_model(settings)
        model = open_model(spec)
        prediction, check_up = st.columns([3, 2], gap="large")
        with prediction:
            show_prediction(settings, spec, text)
        with check_up:
            show_check_up(model)


@st.fragment
def show_prediction(settings: AppSettings, spec: ModelSpec, text: str) -> None:
    """The prompt's tokens, and what the model would say after the chosen one."""
    with errors_shown(settings):
        trace = run_prompt(spec, text)
        position = choose_token(trace.prompt)
        ranking = rank_logits(open_model(spec), trace.logits[position], top=10)
        show_ranking(ranking)


def choose_token(prompt: Prompt) -> int:
    """The prompt as chips, and the position of the chosen one."""
    st.markdown("##### Tokens")
    position = choose_position(prompt, key="token_strip")
    st.markdown("##### Most likely next")
    after = plain(visible_token(prompt.token_strings[position]))
    st.caption(
        f"After “{after}”, token {position + 1} of {len(prompt)}. Click another token to look after that one."
    )
    return position


def show_ranking(ranking: TokenRanking) -> None:
    """The most likely tokens with their probabilities."""
    st.dataframe(
        ranking_columns(ranking),
        hide_index=True,
        column_config={
            "rank": st.column_config.NumberColumn(width=50),
            "probability": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
            "logit": st.column_config.NumberColumn(format="%.3f", width=80),
            "id": st.column_config.NumberColumn(format="%d", width=80),
        },
    )


def show_check_up(model: LanguageModel) -> None:
    """What was verified when the model was opened, and what is switched off."""
    sizes = model.dimensions
    st.markdown("##### Check-up")
    neurons = f" and {sizes.d_mlp:,} neurons" if sizes.d_mlp else ""
    st.caption(
        f"{plain(model.spec.source)}: {sizes.n_layers} layers of {sizes.n_heads} heads{neurons}, "
        f"width {sizes.d_model:,}, {sizes.d_vocab:,} tokens, on {model.device}."
    )
    for row in check_up_rows(model.self_test):
        deviation = f"  \n:small[:gray[{plain(row.deviation)}]]" if row.deviation else ""
        st.markdown(f"{VERDICT_ICONS[row.verdict]} {plain(row.sentence)}{deviation}")
    st.caption(f"{plain(check_up_summary(model.self_test)).capitalize()}.")
