"""Edits in a link: fields between colons, those with a default by a letter.

    ablate:L2H1    !ablate:L2H1@1-:p=3,13:b=zero    scale:L2.mlp:0.5    set:L2N33:4.0:p=prompt
    steer:2:3.0:n=33    steer:2:3.0:t=%20Mary:a=%20John    steer:2:3.0:t=*17

`!` is an edit that is switched off, `*` a token's id; texts are quoted as in addresses. What the fields hold
is checked by whoever reads edits from JSON.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote

_NUMBER_OF: Final = {"scale": "factor", "set": "value", "steer": "strength"}
"""The number that stands behind the component or layer."""

_LETTERS: Final = {
    "positions": "p",
    "baseline": "b",
    "strength": "s",
    "neuron": "n",
    "toward": "t",
    "away": "a",
    "note": "w",
}
LONGEST_NUMBER: Final = 40
"""Characters."""

_NAMES: Final = {letter: name for name, letter in _LETTERS.items()}


def link_of_entry(entry: Mapping[str, object]) -> str:
    """One entry of a file of edits, in a link's words."""
    kind = str(entry["kind"])
    number = _NUMBER_OF.get(kind)
    fields = [kind, str(entry["layer"] if kind == "steer" else entry["component"])]
    if number is not None:
        fields.append(repr(entry[number]))
    fields += [
        f"{letter}={_written(entry[name])}"
        for name, letter in _LETTERS.items()
        if name in entry and name != number
    ]
    return ("" if entry.get("on", True) else "!") + ":".join(fields)


def entry_from_link(text: str) -> dict[str, object]:
    """The entry of a file that a link's words mean.

    Raises:
        ValueError: a field is missing, unknown or no number; in words for the person.
    """
    kind, *fields = text.removeprefix("!").split(":")
    entry: dict[str, object] = {"kind": kind}
    if text.startswith("!"):
        entry["on"] = False
    number = _NUMBER_OF.get(kind)
    n_fixed = 1 if number is None else 2
    if len(fields) < n_fixed:
        message = "a field is missing."
        raise ValueError(message)
    if kind == "steer":
        entry["layer"] = _whole(fields[0])
    else:
        entry["component"] = fields[0]
    if number is not None:
        entry[number] = _real(fields[1])
    for field in fields[n_fixed:]:
        letter, _, value = field.partition("=")
        name = _NAMES.get(letter)
        if name is None or name in entry:
            message = f"{letter[:20]!r} is no field, or is there twice."
            raise ValueError(message)
        entry[name] = _read(name, value)
    return entry


def _written(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, str):
        return quote(value, safe="")
    return f"*{value}" if isinstance(value, int) else repr(value)


def _read(name: str, value: str) -> object:
    match name:
        case "positions":
            return [_whole(number) for number in value.split(",")] if value[:1].isdigit() else value
        case "strength":
            return _real(value)
        case "neuron":
            return _whole(value.removeprefix("*"))
        case "toward" | "away":
            return _whole(value[1:]) if value.startswith("*") else unquote(value)
        case _:
            return unquote(value)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        message = f"{text[:20]!r} is no whole number."
        raise ValueError(message)
    return int(text)


def _real(text: str) -> float:
    try:
        if len(text) > LONGEST_NUMBER:
            raise ValueError
        return float(text)
    except ValueError:
        message = f"{text[:20]!r} is no number."
        raise ValueError(message) from None
