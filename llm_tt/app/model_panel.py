"""The opened model: its sizes, what was verified when it was opened, and the memory in use."""

from typing import Final

import psutil
import streamlit as st
import torch

from llm_tt.app.cached import kept, open_model
from llm_tt.app.controls import choose_model, named_model
from llm_tt.app.notices import plain
from llm_tt.model.language_model import LanguageModel
from llm_tt.model.spec import ModelSpec
from llm_tt.render.check_up_table import check_up_rows, check_up_summary
from llm_tt.settings import AppSettings

VERDICT_ICONS: Final = {
    "verified": ":green[:material/check_circle:]",
    "switched off": ":orange[:material/block:]",
    "failed": ":red[:material/error:]",
}


LONGEST_NAME: Final = 24


def open_chosen_model(settings: AppSettings) -> tuple[ModelSpec, LanguageModel]:
    """The model menu behind its name, with what is known of the model once it is open."""
    with st.container(gap="xxsmall"):
        st.markdown(":small[Model]")  # as the labels of what can be typed
        with st.popover(
            plain(short_name(named_model(settings))), width="stretch", icon=":material/account_tree:"
        ):
            spec = choose_model(settings)
            facts = st.container()
    model = open_model(spec)
    with facts:
        show_model_facts(model)
        if settings.show_error_details:  # how full a server is, is nobody's business
            st.caption(plain(_memory_in_use(model)))
    return spec, model


def short_name(name: str) -> str:
    """The end of a long name or path: what tells models apart."""
    return name if len(name) <= LONGEST_NAME else f"…{name[-LONGEST_NAME:]}"


def show_model_facts(model: LanguageModel) -> None:
    """Facts first; each check on demand."""
    sizes = model.dimensions
    neurons = f" and {sizes.d_mlp:,} neurons" if sizes.d_mlp else ""
    longest = f", reads {sizes.n_context:,}" if sizes.n_context else ""
    st.caption(
        f"{plain(model.spec.source)}: {sizes.n_layers} layers of {sizes.n_heads} heads{neurons}, "
        f"width {sizes.d_model:,}, {sizes.d_vocab:,} tokens{longest}; on {model.device}."
    )
    with st.expander(f"Check-up: {plain(check_up_summary(model.self_test))}"):
        for row in check_up_rows(model.self_test):
            deviation = f"  \n:small[:gray[{plain(row.deviation)}]]" if row.deviation else ""
            st.markdown(f"{VERDICT_ICONS[row.verdict]} {plain(row.sentence)}{deviation}")


def _memory_in_use(model: LanguageModel) -> str:
    used = psutil.Process().memory_info().rss
    words = (
        f"Memory: {used / 2**30:.1f} GiB in use, of it {kept.n_bytes / 2**20:,.0f} MiB of kept passes "
        f"(at most {kept.max_bytes / 2**20:,.0f})."
    )
    if model.device.type == "cuda":
        free, whole = torch.cuda.mem_get_info(model.device)
        words += f" GPU: {(whole - free) / 2**30:.1f} of {whole / 2**30:.1f} GiB."
    return words
