"""The prompts of a command: an argument, standard input, or a file with many."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer

from llm_tt.errors import LlmTtError, PromptError

STDIN: Final = "-"
LARGEST: Final = 2**26
"""Bytes; far beyond what any model reads."""


def given_prompts(prompt: str | None, file: Path | None) -> tuple[str, ...]:
    """What a person gave, in its order.

    Raises:
        typer.BadParameter: no prompt was given, or in two ways.
        PromptError: it cannot be read, or is no text.
    """
    if (prompt is None) == (file is None):
        message = (
            'Give a prompt, such as "The capital of France is", - to read one from standard input, or --file.'
            if prompt is None
            else "Give a prompt or --file, not both."
        )
        raise typer.BadParameter(message, param_hint="PROMPT")
    if file is not None:
        return _of_file(file)
    assert prompt is not None
    return (_from_stdin() if prompt == STDIN else _checked(prompt),)


@contextmanager
def telling_which(number: int, n_prompts: int) -> Iterator[None]:
    """Errors inside say which of several prompts they are about."""
    try:
        yield
    except LlmTtError as problem:
        if n_prompts > 1:
            problem.asked = f"Prompt {number} of {n_prompts}. {problem.asked}"
        raise


def _of_file(file: Path) -> tuple[str, ...]:
    from llm_tt.tracing.prompt_files import read_prompts

    if str(file) == STDIN:
        return read_prompts("standard input", _stdin_bytes())
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as problem:
        raise PromptError(
            asked=f"Read the prompts of {file}.",
            found=f"The file cannot be opened: {problem.strerror}.",
            remedy="Name a text file with one prompt a line, or a .jsonl file.",
        ) from None
    if len(content) > LARGEST:
        _refuse_size(f"Read the prompts of {file}.")
    return read_prompts(file.name, content)


def _from_stdin() -> str:
    """All of it is one prompt, without the line break that ends it."""
    content = _stdin_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise PromptError(
            asked="Read a prompt from standard input.",
            found=f"It is no text in UTF-8: byte {problem.start + 1} belongs to no character.",
            remedy="Convert it first, for instance with iconv -t UTF-8.",
        ) from None
    text = text.removesuffix("\n").removesuffix("\r")
    if not text:
        raise PromptError(
            asked="Read a prompt from standard input.",
            found="It is empty.",
            remedy='Pipe a text in, as in echo "The capital of France is" | llm-tt graph MODEL -',
        )
    return text


def _stdin_bytes() -> bytes:
    if sys.stdin is None or sys.stdin.isatty():
        raise PromptError(
            asked="Read a prompt from standard input.",
            found="That is a terminal: nothing is piped in.",
            remedy='Pipe a text in, as in echo "The capital of France is" | llm-tt graph MODEL -',
        )
    content = sys.stdin.buffer.read(LARGEST + 1)
    if len(content) > LARGEST:
        _refuse_size("Read a prompt from standard input.")
    return content


def _refuse_size(asked: str) -> None:
    raise PromptError(
        asked=asked, found=f"It has more than {LARGEST:,} bytes.", remedy="Split it, or shorten it."
    )


def _checked(prompt: str) -> str:
    """Bytes of an argument that are no text come as halves of characters, which no tokenizer takes."""
    try:
        prompt.encode()
    except UnicodeEncodeError:
        raise PromptError(
            asked="Read the prompt.",
            found="It is no text in UTF-8.",
            remedy="Set the terminal to UTF-8, or put the prompt into a file: --file prompts.txt.",
        ) from None
    return prompt
