"""Text of other people, and errors, on a page: shown as they are, never read as Markdown or HTML."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from llm_tt.app.progress import WorkStopped
from llm_tt.errors import ConceptIndexError, LlmTtError, ModelError, NotAllowedError
from llm_tt.settings import AppSettings

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!:$~|&@^=])")
_REWRITTEN = re.compile(r"([-<>=!:~+])(?=\S)")
"""Streamlit turns "->" into an arrow and ":smile:" into a face even when it is escaped."""

_log = logging.getLogger("llm_tt")


def plain(text: str) -> str:
    """Escape a text so that Streamlit's Markdown shows these characters.

    An invisible word joiner keeps sequences such as "->" from being rewritten; where a person may copy the
    text, use `st.text` instead.
    """
    return _MARKUP.sub(r"\\\1", _REWRITTEN.sub("\\1\u2060", text)).replace("\n", "  \n")


@contextmanager
def errors_shown(settings: AppSettings) -> Iterator[None]:
    """Turn an error of what is inside into a box with three sentences; what follows inside is left out.

    An error that we did not foresee is logged with its traceback and said in general words. Where work was
    stopped the page has already said so.
    """
    try:
        yield
    except WorkStopped:
        pass
    except NotAllowedError as error:
        show_error(error)
    except LlmTtError as error:
        show_error(as_visitors_see(settings, error))
    except Exception:
        _log.exception("an error that nobody foresaw")
        show_error(
            LlmTtError(
                asked="Show this page.",
                found="Something went wrong that we did not foresee.",
                remedy="Reload the page. The terminal that runs the dashboard shows what happened.",
            )
        )


def show_error(error: LlmTtError) -> None:
    """What was asked, what was found, what to do: one box, three lines."""
    with st.container(border=True):
        st.markdown(":red[:material/error:] **That did not work.**")
        for line in (error.asked, error.found, error.remedy):
            st.text(line)


def as_visitors_see(settings: AppSettings, error: LlmTtError) -> LlmTtError:
    """The error; on a hosted dashboard another one, where the real one could name folders of the machine."""
    if settings.show_error_details or not isinstance(error, (ModelError, ConceptIndexError)):
        return error
    _log.warning("hidden from a visitor: %s", error)
    if isinstance(error, ModelError):
        return LlmTtError(
            asked="Open the model.",
            found="This server could not open it.",
            remedy="Choose another one, or tell whoever runs this server.",
        )
    return LlmTtError(
        asked="Use the index of the neurons.",
        found="This server cannot keep it, or cannot read what it kept.",
        remedy="Try again later, or tell whoever runs this server.",
    )
