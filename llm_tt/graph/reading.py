"""Values out of somebody's JSON, each with its type; what is wrong is said in words for the person."""

import math
from collections.abc import Collection, Mapping
from typing import Any, Final


def entry(content: Mapping[str, Any], name: str, *kinds: type) -> Any:  # noqa: ANN401 (one of `kinds`)
    """What stands under a name.

    Raises:
        ValueError: it is missing, of another type, or no finite number.
    """
    value = content.get(name)
    if not _is_one_of(value, kinds) or (isinstance(value, float) and not math.isfinite(value)):
        message = f"Its {name!r} is not {_WORDS[kinds[0]]}."
        raise ValueError(message)
    return value


def listed(content: Mapping[str, Any], name: str, *kinds: type) -> list[Any]:
    """A list whose members are all of one type.

    Raises:
        ValueError: it is missing or no such list.
    """
    values = entry(content, name, list)
    if not all(_is_one_of(value, kinds) for value in values):
        message = f"Its {name!r} is not a list in which each member is {_WORDS[kinds[0]]}."
        raise ValueError(message)
    return list(values)


def number_in(content: Mapping[str, Any], name: str, least: int, most: int) -> int:
    """A whole number within bounds.

    Raises:
        ValueError: it is missing, none, or outside.
    """
    value: int = entry(content, name, int)
    if not least <= value <= most:
        message = f"Its {name!r} is {value}, not {least}" + (f" to {most}." if most > least else ".")
        raise ValueError(message)
    return value


def text_in(content: Mapping[str, Any], name: str, known: Collection[str]) -> str:
    """One of a few words.

    Raises:
        ValueError: it is missing or none of them.
    """
    value: str = entry(content, name, str)
    if value not in known:
        message = f"Its {name!r} is {value[:40]!r}, not one of {', '.join(known)}."
        raise ValueError(message)
    return value


def _is_one_of(value: object, kinds: tuple[type, ...]) -> bool:
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, int) and abs(value) > _LARGEST:
        return False
    return isinstance(value, kinds)


_LARGEST: Final = 2**62
"""What no column could hold."""

_WORDS: Final = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}
