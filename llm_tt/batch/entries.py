"""The prompts of a file, each with what is known of its answer, one after the other and never all at once.

    .jsonl  one object a line: prompt, and if known answer, foil, corrupted, group, subject
    .json   {"prompts": [{"clean": ..., "corrupt": ..., "answers": [...], "wrong_answers": [...]}]}, as
            auto-circuit writes its tasks, or a list of objects with the fields of .jsonl
    .csv    the fields of .jsonl as columns; or EAP-IG's clean, corrupted, correct_idx, incorrect_idx
    others  one prompt a line

A line that cannot be read is no end of the file: it comes out as a `BadEntry` with its number and a reason.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from llm_tt.errors import PromptError

LONGEST_LINE: Final = 2**20
"""Characters; no model reads so many."""
LONGEST_NUMBER: Final = 18
"""Digits; no vocabulary has so many tokens, and Python reads no number of thousands of digits."""
MOST_COLUMNS_NAMED: Final = 8
LARGEST_JSON: Final = 2**28
"""Bytes of a .json file, which has to be read as a whole."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One prompt of a file; a plain value."""

    number: int
    """Of its line in the file, or its place in a .json file; from 1."""
    prompt: str
    answer: str | int | None = None
    """The right next token, as text or as id; with its leading space."""
    foil: str | int | None = None
    """A wrong one."""
    corrupted: str | None = None
    """A prompt of equal length with another answer."""
    group: str | None = None
    subject: str | None = None
    """A part of the prompt."""
    accepted: tuple[str | int, ...] = ()
    """All right answers, where there are several."""


@dataclass(frozen=True, slots=True)
class BadEntry:
    """What stands at a line that says no prompt, or one that could not be measured."""

    number: int
    reason: str


_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "prompt": ("prompt", "clean"),
    "answer": ("answer", "correct_idx", "answers"),
    "foil": ("foil", "contrast", "incorrect_idx", "wrong_answers"),
    "corrupted": ("corrupted", "corrupt"),
    "group": ("group",),
    "subject": ("subject",),
}
"""Our name of a field, and the names that other tools give it."""
_TEXTS: Final = ("prompt", "corrupted", "group", "subject")


def read_entries(name: str, source: bytes | io.BufferedIOBase) -> Iterator[Entry | BadEntry]:
    """The prompts of a file, in its order; empty lines are passed over.

    Args:
        name: Of the file; its ending says how it is read.
        source: Its bytes in UTF-8, or the file, opened for reading bytes.

    Raises:
        PromptError: the file as a whole cannot be read: it is no text, no JSON, or names no prompt.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    # Bytes that are no UTF-8 become halves of characters, so that only their own lines are refused.
    text = io.TextIOWrapper(cast(BinaryIO, file), "utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _read(name, text)
    finally:
        text.detach()  # the file is somebody else's to close


def _read(name: str, text: io.TextIOBase) -> Iterator[Entry | BadEntry]:
    ending = name.lower().rpartition(".")[2]
    if ending == "json":
        yield from _of_json(name, text)
    elif ending == "csv":
        yield from _of_table(name, text)
    elif ending in ("jsonl", "ndjson"):
        for number, line in _lines_of(text):
            yield _of_line(number, line)
    else:
        for number, line in _lines_of(text):
            yield _checked(number, {"prompt": line})


def _lines_of(text: io.TextIOBase) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; of one that is too long, its beginning."""
    number = 1
    while line := text.readline(LONGEST_LINE + 1):
        is_whole = line.endswith(("\n", "\r"))
        if line.strip():
            yield number, line.removesuffix("\n").removesuffix("\r")
        while not is_whole and (rest := text.readline(LONGEST_LINE)):
            is_whole = rest.endswith(("\n", "\r"))
        number += 1


def _of_line(number: int, line: str) -> Entry | BadEntry:
    if len(line) > LONGEST_LINE:
        return _too_long(number)
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):  # the latter, when it is nested a thousand times
        return BadEntry(number, 'It is no JSON; a line looks like {"prompt": "...", "answer": " ..."}.')
    return _of_value(number, found)


def _of_value(number: int, found: object) -> Entry | BadEntry:
    if isinstance(found, str):
        found = {"prompt": found}
    if not isinstance(found, dict):
        return BadEntry(number, "It is no object with a field prompt.")
    return _checked(number, found)


def _of_table(name: str, text: io.TextIOBase) -> Iterator[Entry | BadEntry]:
    rows = csv.DictReader(text, strict=True)
    try:
        columns = rows.fieldnames or ()
    except csv.Error as problem:
        raise _unreadable(name, f"Its first line is no line of a table: {problem}.") from None
    if not any(spelling in columns for spelling in _SPELLINGS["prompt"]):
        found = ", ".join(repr(column[:40]) for column in columns[:MOST_COLUMNS_NAMED]) or "no columns"
        if len(columns) > MOST_COLUMNS_NAMED:
            found += f" and {len(columns) - MOST_COLUMNS_NAMED:,} more"
        raise _unreadable(name, f"No column is called prompt or clean; it has {found}.")
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            yield BadEntry(rows.reader.line_num, f"It is no line of a table: {problem}.")
            continue
        if None in row:
            yield BadEntry(rows.reader.line_num, "It has more fields than there are columns.")
            continue
        yield _checked(rows.reader.line_num, {key: value for key, value in row.items() if value})


def _of_json(name: str, text: io.TextIOBase) -> Iterator[Entry | BadEntry]:
    content = text.read(LARGEST_JSON + 1)
    if len(content) > LARGEST_JSON:
        raise _unreadable(name, f"It has more than {LARGEST_JSON:,} characters.")
    try:
        found = json.loads(content)
    except json.JSONDecodeError as problem:
        raise _unreadable(name, f"It is no JSON: {problem}.") from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, endless brackets
        raise _unreadable(name, "It is no JSON that can be read.") from None
    listed = found.get("prompts") if isinstance(found, dict) else found
    if not isinstance(listed, list):
        raise _unreadable(name, "It is no list of prompts, nor an object with one called prompts.")
    for number, one in enumerate(listed, 1):
        yield _of_value(number, one)


def _checked(number: int, found: Mapping[str, object]) -> Entry | BadEntry:
    """An entry of the fields that are known, under whatever names."""
    fields: dict[str, object] = {}
    for field, spellings in _SPELLINGS.items():
        given = next((found[name] for name in spellings if found.get(name) not in (None, "", [])), None)
        if given is not None:
            fields[field] = given
    for field in _TEXTS:
        if field in fields and not isinstance(fields[field], str):
            return BadEntry(number, f"Its {field} is no text.")
    if "prompt" not in fields:
        return BadEntry(number, "It has no prompt.")
    if len(str(fields["prompt"])) > LONGEST_LINE:
        return _too_long(number)
    answers, foils = _tokens(fields.get("answer"), found), _tokens(fields.get("foil"), found)
    if answers is None or foils is None:
        return BadEntry(number, "Its answer or foil is neither a text nor the number of a token.")
    accepted = _tokens(found.get("accepted"), found)
    texts = {field: str(fields[field]) for field in _TEXTS if field in fields}
    if not all(map(_is_text, (*texts.values(), *answers, *foils, *(accepted or ())))):
        return BadEntry(number, "It is not in UTF-8.")
    return Entry(
        number,
        **texts,
        answer=answers[0] if answers else None,
        foil=foils[0] if foils else None,
        accepted=(*answers, *(accepted or ())) if len(answers) > 1 or accepted else (),
    )


def _tokens(given: object, found: Mapping[str, object]) -> tuple[str | int, ...] | None:
    """One token or several; None where it is something else."""
    if given is None:
        return ()
    listed = given if isinstance(given, list) else [given]
    tokens = [one for one in listed if isinstance(one, str | int) and not isinstance(one, bool)]
    if len(tokens) < len(listed):
        return None
    # In a table all is text, but these columns hold the numbers of tokens.
    are_numbers = given in (found.get("correct_idx"), found.get("incorrect_idx"))
    return tuple(int(one) if are_numbers and _is_number(str(one)) else one for one in tokens)


def _is_number(written: str) -> bool:
    return written.isdecimal() and len(written) <= LONGEST_NUMBER


def _is_text(given: str | int) -> bool:
    """Halves of characters come from bytes that are no UTF-8, and JSON can spell them."""
    try:
        str(given).encode()
    except UnicodeEncodeError:
        return False
    return True


def _too_long(number: int) -> BadEntry:
    return BadEntry(number, f"It has more than {LONGEST_LINE:,} characters.")


def _unreadable(name: str, found: str) -> PromptError:
    return PromptError(
        asked=f"Read the prompts of {name}.",
        found=found,
        remedy='Give one prompt a line, or a .jsonl file with lines {"prompt": "...", "answer": " ..."}.',
    )
