"""A token as a person types it, and as menus name it."""

from typing import Final

from jaxtyping import Float
from torch import Tensor

from llm_tt.attribution.target import token_id_of
from llm_tt.errors import TargetError
from llm_tt.model.language_model import LanguageModel
from llm_tt.render.visible_text import MARKS, visible_token

_MEANT: Final = {ord(mark): character for character, mark in MARKS.items()}


def token_meant(model: LanguageModel, logits: Float[Tensor, " d_vocab"], text: str) -> int:
    """The token that a person means.

    Without a space in front, both spellings are tried, and the likelier token is meant; quotes take a text as
    it is.

    Raises:
        TargetError: no spelling is a single token.
    """
    meant = text.translate(_MEANT)
    if len(meant) > 2 and meant[0] == meant[-1] == '"':
        return token_id_of(model, meant[1:-1])
    if meant.startswith(" "):
        return token_id_of(model, meant)
    found, refused = [], []
    for spelling in (meant, f" {meant}"):
        try:
            found.append(token_id_of(model, spelling))
        except TargetError as error:
            refused.append(error)
    if not found:
        raise refused[0]
    return max(found, key=lambda token_id: float(logits[token_id]))


def menu_name(token: str) -> str:
    """A token as a menu's line and the address name it: this one, whatever the logits are.

    Without a space in front it stands in quotes, since a text alone may also mean the token with one.
    """
    shown = visible_token(token)
    return shown if token.startswith(" ") else f'"{shown}"'


def token_named(model: LanguageModel, token_id: int) -> int | str:
    """A token as files and links name it: its text, where that is this one token again; else its number."""
    (string,) = model.token_strings([token_id])
    try:
        return string if token_id_of(model, string) == token_id else token_id
    except TargetError:
        return token_id
