"""What a command answers to each prompt: a table for a person, or one JSON object for a program."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from rich.console import RenderableType
from rich.text import Text

from llm_tt.cli.files import STDOUT, write_file
from llm_tt.cli.prompts import telling_which
from llm_tt.cli.stdout import print_all, print_json

if TYPE_CHECKING:
    from llm_tt.model.language_model import LanguageModel
    from llm_tt.tracing.trace import ForwardTrace


@runtime_checkable
class Answer(Protocol):
    """A plain value with two forms."""

    def to_json(self) -> dict[str, object]:
        """Keys that stay; they stand in the command's help."""

    def to_print(self) -> list[RenderableType]:
        """Tables and lines."""


def answer_each(prompts: Sequence[str], answer: Callable[[str], Answer], *, as_json: bool) -> None:
    """Answer prompts one by one, each as soon as it is known; of several, each JSON object is a line."""
    several = len(prompts) > 1
    for number, prompt in enumerate(prompts, start=1):
        with telling_which(number, len(prompts)):
            found = answer(prompt)
        if as_json:
            print_json(found.to_json(), one_line=several)
        else:
            print_all([*([Text(f"{number}. {prompt}", style="bold")] if several else []), *found.to_print()])
        sys.stdout.flush()


def write_each(
    prompts: Sequence[str], places: Sequence[Path], content: Callable[[str], tuple[bytes, str]]
) -> None:
    """Write a file for each prompt, and say so; `content` gives its bytes and a word on them."""
    for number, (prompt, place) in enumerate(zip(prompts, places, strict=True), start=1):
        with telling_which(number, len(prompts)):
            written, about = content(prompt)
            write_file(place, written)
        if place != STDOUT:
            print_all([Text(f"{place}: {about}")])


def what_was_asked(model: "LanguageModel", trace: "ForwardTrace") -> dict[str, object]:
    """How every JSON answer about a pass begins; edits are as they can be typed again."""
    from llm_tt.intervention.run import AppliedEdits
    from llm_tt.intervention.short_edits import short_form

    edits = trace.changes.edits if isinstance(trace.changes, AppliedEdits) else ()
    return {
        "model": model.spec.source,
        "prompt": trace.prompt.text,
        "prompt_tokens": list(trace.prompt.token_strings),
        "edits": [short_form(edit) for edit in edits],
    }
