"""Edits from JSON that anybody may have written."""

import math
from collections.abc import Collection, Mapping
from typing import Final, NoReturn

from llm_tt.errors import InterventionError, LlmTtError
from llm_tt.intervention.components import Component
from llm_tt.intervention.edits import EDIT_KINDS, Ablate, Edit, Scale, SetNeuron, Steer
from llm_tt.intervention.positions import Positions
from llm_tt.text import half_character

_KEYS: Final = {
    "ablate": {"component", "positions", "baseline", "strength"},
    "scale": {"component", "positions", "factor"},
    "set": {"component", "positions", "value"},
    "steer": {"layer", "neuron", "toward", "away", "positions", "strength"},
}

_LARGEST_NUMBER: Final = 10**9
"""Of layers, heads, neurons, positions and tokens."""


def edit_from_json(data: object) -> Edit:
    """The edit that `to_json` wrote.

    Raises:
        InterventionError: it is no edit, or says something that we do not understand.
    """
    if not isinstance(data, dict):
        _refuse(f"An edit is an object with a kind, not {_brief(data)}.")
    kind = data.get("kind")
    if kind not in EDIT_KINDS:
        _refuse(f"The kinds of edits are {', '.join(EDIT_KINDS)}, not {_brief(kind)}.")
    refuse_unknown_keys(data, {"kind", *_KEYS[kind]}, f"an edit of the kind {kind!r}")
    try:
        return _READ[kind](data)
    except InterventionError:
        raise
    except LlmTtError as problem:
        _refuse(problem.found)


def refuse_unknown_keys(data: Mapping[object, object], known: Collection[str], where: str) -> None:
    """Refuse keys that would else be overlooked."""
    unknown = [key for key in data if key not in known]
    if unknown:
        _refuse(f"{_brief(unknown[0])} is nothing that {where} has.")


def _ablate(data: Mapping[str, object]) -> Edit:
    baseline = data.get("baseline", "mean")
    if baseline != "mean" and baseline != "zero":
        _refuse(f"The baseline is mean or zero, not {_brief(baseline)}.")
    return Ablate(
        _component(data),
        positions=_positions(data),
        baseline="mean" if baseline == "mean" else "zero",
        strength=_number(data, "strength", 1.0),
    )


def _scale(data: Mapping[str, object]) -> Edit:
    return Scale(_component(data), _number(data, "factor"), positions=_positions(data))


def _set(data: Mapping[str, object]) -> Edit:
    component = _component(data)
    if component.neuron is None:
        _refuse(f"Only neurons have a value, and {component} is no neuron.")
    return SetNeuron(component.layer, component.neuron, _number(data, "value"), positions=_positions(data))


def _steer(data: Mapping[str, object]) -> Edit:
    layer, strength, positions = _count(data, "layer"), _number(data, "strength"), _positions(data)
    if ("neuron" in data) == ("toward" in data) or ("away" in data and "toward" not in data):
        _refuse("Steering goes along a neuron, or toward a token and if wanted away from another.")
    if "neuron" in data:
        return Steer.neuron(layer, _count(data, "neuron"), strength, positions=positions)
    away = _token(data, "away") if "away" in data else None
    return Steer.tokens(layer, _token(data, "toward"), away, strength=strength, positions=positions)


_READ: Final = {"ablate": _ablate, "scale": _scale, "set": _set, "steer": _steer}


def _component(data: Mapping[str, object]) -> Component:
    name = data.get("component")
    if not isinstance(name, str):
        _refuse(f"The component is a name such as L2H1, not {_brief(name)}.")
    return Component.named(name)


def _positions(data: Mapping[str, object]) -> Positions:
    said = data.get("positions", "all")
    if said == "all" or said == "prompt" or said == "generated":
        names: dict[object, Positions] = {"all": "all", "prompt": "prompt", "generated": "generated"}
        return names[said]
    if not isinstance(said, list):
        _refuse(f"Positions are all, prompt, generated or a list of numbers, not {_brief(said)}.")
    return tuple(_as_count(number, "position") for number in said)


def _number(data: Mapping[str, object], name: str, default: float | None = None) -> float:
    value = data.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(f"The {name} is a number, not {_brief(value)}.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        _refuse(f"The {name} is no finite number.")
    return number


def _count(data: Mapping[str, object], name: str) -> int:
    return _as_count(data.get(name), name)


def _as_count(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST_NUMBER:
        _refuse(f"A {name} is a whole number from 0, not {_brief(value)}.")
    return value


def _token(data: Mapping[str, object], name: str) -> int | str:
    token = data[name]
    if isinstance(token, str):
        return readable_text(token, name)
    return _as_count(token, name)


def readable_text(text: str, name: str) -> str:
    """Text that every page and file can hold: JSON may spell halves of characters."""
    if half_character(text) is not None:
        _refuse(f"The {name} holds half of a character.")
    return text


def _brief(value: object) -> str:
    """As much of a value as an error should show; numbers may have thousands of digits."""
    if isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
        return "a very large number"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}..."


def _refuse(found: str) -> NoReturn:
    raise InterventionError(
        asked="Read an edit.",
        found=found,
        remedy="Save them again from the page.",
    )
