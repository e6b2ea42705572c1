"""Options that are one of some words: what was meant by another word."""

from collections.abc import Iterable
from difflib import get_close_matches

import typer


def one_of(value: str, known: Iterable[str], option: str) -> str:
    """The value, if it is known.

    Raises:
        typer.BadParameter: it is not; the nearest one is named.
    """
    words = list(known)
    if value in words:
        return value
    near = nearest(value, words)
    hint = f" Did you mean {near}?" if near else ""
    message = f"{value!r} is not known here.{hint} Choose one of {', '.join(words)}."
    raise typer.BadParameter(message, param_hint=option)


def nearest(value: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like a value, if one does."""
    by_spelling = {word.lower(): word for word in known}
    found = get_close_matches(value.lower(), by_spelling, n=1)
    return by_spelling[found[0]] if found else None
