"""The prompt: typed, taken from the examples or from a file, and continued by the model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import streamlit as st

from llm_tt.app.bound_widget import BoundWidget, last_chosen
from llm_tt.app.cached import kept, tokenize_within_limits
from llm_tt.app.link import LONGEST_IN_LINK, note
from llm_tt.app.notices import show_error
from llm_tt.app.progress import forget_stop, progress_shown
from llm_tt.errors import PromptError
from llm_tt.model.language_model import LanguageModel
from llm_tt.settings import AppSettings, load_examples
from llm_tt.tracing.continuation import continue_prompt
from llm_tt.tracing.prompt_files import read_prompts

LONGEST_IN_MENU: Final = 80

_UPLOADED: Final = "uploaded_prompts"

_BOX: Final = "prompt"
_TEXT: Final = "prompt_text"
"""The prompt itself, also where the box is not drawn."""


@dataclass(frozen=True, slots=True)
class _Uploaded:
    """A file's prompts; kept with the visit, because another page has another upload box."""

    file_id: str
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UploadedPrompts:
    """Those of the last file, none before there is one."""

    prompts: tuple[str, ...] = ()
    """As many tokens long as this dashboard takes."""
    n_too_long: int = 0

    @property
    def where(self) -> str:
        """In them, or in the examples, is looked for something."""
        if self.prompts:
            return f"In your {self._counted}"
        if self.n_too_long:
            return (
                f"In the example prompts; all {self.n_too_long:,} of your file are longer than is taken here"
            )
        return "In the example prompts; upload your own to look there"

    @property
    def _counted(self) -> str:
        n = len(self.prompts)
        left_out = (
            f" ({self.n_too_long:,} more are longer than this dashboard takes)" if self.n_too_long else ""
        )
        return ("1 prompt" if n == 1 else f"{n:,} prompts") + left_out


def uploaded_prompts(model: LanguageModel) -> UploadedPrompts:
    """The prompts of the last file that may be run here."""
    uploaded: _Uploaded | None = st.session_state.get(_UPLOADED)
    if uploaded is None:
        return UploadedPrompts()

    def make() -> UploadedPrompts:
        fitting = tuple(text for text in uploaded.prompts if _is_within_limits(model, text))
        return UploadedPrompts(fitting, len(uploaded.prompts) - len(fitting))

    key = ("uploaded prompts", uploaded.file_id, model.spec)
    return kept.get(key, make, lambda found: 200 + sum(map(len, found.prompts)))


def _is_within_limits(model: LanguageModel, text: str) -> bool:
    try:
        tokenize_within_limits(model, text)
    except PromptError:
        return False
    return True


def put_prompt(text: str) -> None:
    """Another prompt, on the page's next run; who comes back to one that was stopped wants it after all."""
    st.session_state[_TEXT] = text
    forget_stop()


def type_prompt(settings: AppSettings) -> str:
    """The prompt box with its examples; the link carries the prompt while it is short enough."""
    if _TEXT not in st.session_state:
        st.session_state[_TEXT] = st.query_params.get("prompt") or load_examples()[0].prompt
    text: str = st.session_state[_TEXT]
    type_text("Prompt", _BOX, text, settings.limits.prompt_characters, put_prompt)
    _offer_examples()
    note("prompt", text if len(text) <= LONGEST_IN_LINK else None)
    return text


def type_text(label: str, name: str, text: str, longest: int, take: Callable[[str], None]) -> None:
    """A box for a prompt."""

    def take_typed(typed: str | None) -> str:
        take(typed or "")
        return typed or ""

    box = BoundWidget(name, text)
    st.text_area(label, text, key=box.key, height=68, max_chars=longest, on_change=box.on_change(take_typed))


def prompt_now(otherwise: str) -> str:
    """The prompt, also where the box is not drawn."""
    text: str = st.session_state.get(_TEXT, otherwise)
    return text


def offer_other_prompts(settings: AppSettings, model: LanguageModel, text: str) -> None:
    """A prompt from a file, and this one continued by the model."""
    with st.container(horizontal=True):
        _offer_upload(settings)
        _offer_continuation(model, text)


def _offer_examples() -> None:
    examples = {example.label: example.prompt for example in load_examples()}

    def take() -> None:
        label = st.session_state["example"]
        if label:
            put_prompt(examples[label])
            st.session_state["example"] = None  # so that the same one can be taken again

    st.pills("Examples", list(examples), key="example", on_change=take, label_visibility="collapsed")


def _offer_upload(settings: AppSettings) -> None:
    with st.popover("Upload", help="Prompts from a file", width="stretch"):
        file = st.file_uploader(
            "A .txt file with one prompt a line, or .jsonl with a field “prompt”",
            type=["txt", "jsonl"],
            key="upload",
            max_upload_size=settings.limits.upload_megabytes,
        )
        limits = settings.limits  # of a file that is too large the browser says so only when one points at it
        st.caption(f"At most {limits.upload_megabytes:,} MB and {limits.prompts:,} prompts.")
        if file is not None:
            try:
                prompts = read_prompts(file.name, file.getvalue(), settings.limits.prompts)
                st.session_state[_UPLOADED] = _Uploaded(file.file_id, prompts)
            except PromptError as error:
                show_error(error)
                return
        uploaded: _Uploaded | None = st.session_state.get(_UPLOADED)
        if uploaded is None:
            return
        prompts = uploaded.prompts
        key = f"uploaded_prompt {uploaded.file_id}"  # another file's menu has other rows

        def take() -> None:
            chosen = st.session_state[key]
            if chosen is not None:
                put_prompt(prompts[chosen])

        st.selectbox(
            f"{len(prompts):,} prompts",
            range(len(prompts)),
            index=None,
            key=key,
            format_func=lambda at: f"{at + 1}. {prompts[at][:LONGEST_IN_MENU]}",
            placeholder="Choose one",
            on_change=take,
        )


def _offer_continuation(model: LanguageModel, text: str) -> None:
    with st.popover("Continue", help="Let the model append its most likely next tokens", width="stretch"):
        n_tokens = st.number_input("Tokens to append", 1, 50, last_chosen("n_tokens", 1), key="n_tokens")
        if st.button("Append", key="append", width="stretch"):
            try:
                prompt = tokenize_within_limits(model, text)
                with progress_shown("Continuing the prompt …", (text, n_tokens)) as report:
                    put_prompt(continue_prompt(model, prompt, int(n_tokens), report).text)
            except PromptError as error:
                show_error(error)
                return
            st.rerun()
