"""Edits as a person types them: a component, if wanted where, and what is done to it.

    L2H3             off: it brings what it usually brings    L2H3=mean says the same
    L2H3=zero        off: it brings nothing
    L2.mlp*0.5       scaled
    L3N1204=4.5      a neuron's activation is set
    L2H3@3,13*0      at two positions; @prompt and @generated are known, too
    L2H1@1-          a head's messages from position 1; L2H1@1-13 those to position 13 alone
    L2.attention@1-  the same of all heads of a layer

Components are read in every spelling of `component_names`. Whatever else there is, steering and half an
ablation, is written as in links (edit_links.py): steer:2:3.0:t=%20Mary, ablate:L2H1:s=0.5.
"""

import math
import re
from difflib import get_close_matches
from typing import Final, NoReturn, cast

from llm_tt.errors import InterventionError
from llm_tt.intervention.basket import Basket, BasketItem
from llm_tt.intervention.components import Component
from llm_tt.intervention.edit_links import LONGEST_NUMBER
from llm_tt.intervention.edits import EDIT_KINDS, Ablate, Edit, Scale, SetNeuron
from llm_tt.intervention.positions import NAMED_POSITIONS, Positions

_ACTION: Final = re.compile(r"[*=]")
_SENDER: Final = re.compile(r"\s*([0-9]{1,9})-")
_NUMBERS: Final = re.compile(r"[0-9]{1,9}(\s*,\s*[0-9]{1,9})*")
_SHOWN: Final = 100
"""Characters of what was typed, in errors."""
_USUAL: Final = "Write edits like L2H3, L2H3=zero, L2.mlp*0.5, L3N1204=4.5 or L2H3@3,13*0."


def edits_of(text: str) -> tuple[Edit, ...]:
    """The edits that a text says: one, or as many as are switched on in a link's words.

    Raises:
        InterventionError: it says none, or one that means nothing.
    """
    text = text.strip()
    if ":" in text:
        return _long_form(text)
    if not text:
        _refuse(text, "It names nothing.", _USUAL)
    sign = _ACTION.search(text)
    what, value = (text, "") if sign is None else (text[: sign.start()], text[sign.end() :].strip())
    component, positions = _target(text, what)
    return (_edit(text, component, positions, sign and sign[0], value),)


def short_form(edit: Edit) -> str:
    """The text that `edits_of` reads back as this edit."""
    match edit:
        case Ablate(strength=1.0):
            return _written(edit) + ("=zero" if edit.baseline == "zero" else "")
        case Scale():
            return f"{_written(edit)}*{_number_text(edit.factor)}"
        case SetNeuron():
            return f"{_written(edit)}={_number_text(edit.value)}"
        case _:
            return Basket((BasketItem(edit),)).to_link()


def _written(edit: Ablate | Scale | SetNeuron) -> str:
    """The component and where; an edge's name ends with the dash in front of its positions."""
    where = edit.positions if isinstance(edit.positions, str) else ",".join(map(str, edit.positions))
    if where == "all":
        return str(edit.component)
    return f"{edit.component}{'' if edit.component.kind == 'edge' else '@'}{where}"


def _number_text(number: float) -> str:
    """As short as it can be without being another number."""
    short = f"{number:g}"
    return short if float(short) == number else repr(number)


def _long_form(text: str) -> tuple[Edit, ...]:
    kind = text.removeprefix("!").partition(":")[0]
    if kind not in EDIT_KINDS:
        near = get_close_matches(kind, EDIT_KINDS, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        _refuse(text, f"{kind[:_SHOWN]!r} is no kind of edit.", f"{hint}They are {', '.join(EDIT_KINDS)}.")
    try:
        made = Basket.from_link(text).active
    except InterventionError as problem:
        _refuse(text, problem.found, f"{problem.remedy} Short forms look like L2H3=zero or L2.mlp*0.5.")
    if not made:
        _refuse(text, "The exclamation mark switches it off.", "Leave the mark out to make the edit.")
    return made


def _target(text: str, what: str) -> tuple[Component, Positions]:
    """What is changed, and where."""
    written, at, positions = what.partition("@")
    name, sender = written.strip(), _SENDER.match(positions)
    try:
        component = Component.named(name if sender is None else f"{name}@{sender[1]}-")
    except InterventionError as problem:
        if sender is not None and Component.is_name(name):
            found = "Only heads and attention have messages that come from a position."
            _refuse(text, found, "Put commas between positions, as in L2.mlp@1,2,3.")
        _refuse(text, problem.found, problem.remedy)
    if sender is not None:
        positions = positions[sender.end() :]
    is_everywhere = not at or (sender is not None and not positions.strip())
    return component, "all" if is_everywhere else _positions(text, positions.strip())


def _positions(text: str, written: str) -> Positions:
    if written in NAMED_POSITIONS:
        return cast("Positions", written)
    if _NUMBERS.fullmatch(written) is None:
        found = f"{written[:_SHOWN]!r} is no position."
        _refuse(
            text, found, "Positions count from 0, as in L2H3@3,13; @prompt and @generated are known, too."
        )
    return tuple(sorted({int(number) for number in written.split(",")}))


def _edit(text: str, component: Component, positions: Positions, sign: str | None, value: str) -> Edit:
    try:
        if sign == "*":
            return Scale(component, _number(text, value), positions=positions)
        if sign is None or value in ("mean", "zero"):
            return Ablate(component, positions=positions, baseline="zero" if value == "zero" else "mean")
        if component.neuron is None:
            found = f"{component} is no neuron, so it has no activation to be set to {value[:_SHOWN]!r}."
            _refuse(text, found, f"Say {component}=mean, {component}=zero, or scale it: {component}*0.5.")
        return SetNeuron(component.layer, component.neuron, _number(text, value), positions=positions)
    except InterventionError as problem:
        _refuse(text, problem.found, problem.remedy)


def _number(text: str, value: str) -> float:
    try:
        number = float(value) if len(value) <= LONGEST_NUMBER else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        found = f"{value[:_SHOWN]!r} is no number." if value else "The number is missing."
        _refuse(text, found, "Scale with * and a number, set a neuron with = and a number, or say =zero.")
    return number


def _refuse(text: str, found: str, remedy: str) -> NoReturn:
    raise InterventionError(asked=f"Make the edit {text[:_SHOWN]!r}.", found=found, remedy=remedy) from None
