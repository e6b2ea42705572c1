"""Prompts from a file that somebody gave us: plain text, one a line, or JSON lines with a field `prompt`."""

import io
import json
from typing import Final

from llm_tt.errors import PromptError
from llm_tt.text import half_character

MAX_PROMPTS: Final = 10_000
"""More than anybody chooses from by hand."""


def read_prompts(name: str, content: bytes, most: int = MAX_PROMPTS) -> tuple[str, ...]:
    """The prompts of a file, in its order; empty lines are left out.

    Args:
        name: Of the file; `.jsonl` is read as JSON lines, anything else as text.
        content: Its bytes, in UTF-8.
        most: How many prompts it may have.

    Raises:
        PromptError: it is no text, a line is no JSON with a prompt, or there are no prompts or too many.
    """
    text = _decoded(name, content)
    is_json = name.lower().endswith(".jsonl")
    lines = [(number, line) for number, line in enumerate(_lines_of(text), 1) if line.strip()]
    if not lines:
        raise PromptError(
            asked=f"Read the prompts of {name}.",
            found="It has no lines with text.",
            remedy="Choose another file.",
        )
    if len(lines) > most:
        raise PromptError(
            asked=f"Read the prompts of {name}.",
            found=f"It has {len(lines):,} prompts, and {most:,} can be offered.",
            remedy="Split the file.",
        )
    return tuple(_prompt_of(name, number, line) if is_json else line for number, line in lines)


def _lines_of(text: str) -> list[str]:
    """Lines as editors and JSON count them; `str.splitlines` would also split at form feeds and U+2028."""
    return [line.removesuffix("\n") for line in io.StringIO(text, newline=None)]


def _decoded(name: str, content: bytes) -> str:
    if b"\0" in content:
        raise PromptError(
            asked=f"Read the prompts of {name}.",
            found="It is no text: there are zero bytes in it.",
            remedy="Choose a text file, in UTF-8.",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise PromptError(
            asked=f"Read the prompts of {name}.",
            found=f"Its line {line} is not in UTF-8.",
            remedy="Save it as UTF-8 and choose it again.",
        ) from None


def _prompt_of(name: str, number: int, line: str) -> str:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):  # the latter, when it is nested a thousand times
        entry = None
    prompt = entry.get("prompt") if isinstance(entry, dict) else entry
    if not isinstance(prompt, str) or not prompt or half_character(prompt) is not None:
        raise PromptError(
            asked=f"Read the prompts of {name}.",
            found=f"Line {number} is no JSON object with a text “prompt”.",
            remedy='Write each line as {"prompt": "..."}.',
        )
    return prompt
