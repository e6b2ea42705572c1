"""From text to a `Prompt`, with token strings that a person can read and tell apart.

The tokenizer's own rules hold: whether it puts a beginning-of-text token in front, and that special
tokens typed as text become those tokens. What we add is honesty about both, and readable strings for
tokens that are only a piece of a character.
"""

import codecs
from collections.abc import Sequence
from functools import cache
from typing import Final

from transformers import PreTrainedTokenizerBase

from llm_tt.errors import PromptError
from llm_tt.model.prompt import Prompt
from llm_tt.text import half_character

CHARACTERS_A_TOKEN: Final = 64
"""Far more than tokens have on average, in any text."""
QUICK: Final = 200_000
"""Characters that are split in no time, so that the error can say how many tokens they are."""
LONGEST_TEXT: Final = 2**20
"""Characters, where a model reads prompts of any length; splitting them takes a second."""


def check_length(text: str, n_context: int | None) -> None:
    """Refuse a text that is far too long for a model, before it is split for many seconds.

    Raises:
        PromptError: it has more characters than so many tokens ever have.
    """
    longest = LONGEST_TEXT if n_context is None else max(CHARACTERS_A_TOKEN * n_context, QUICK)
    if len(text) > longest:
        reads = "" if n_context is None else f", and the model reads at most {n_context:,} tokens"
        raise PromptError(
            asked="Split a text into tokens.",
            found=f"It has {len(text):,} characters{reads}.",
            remedy="Shorten it.",
        )


def tokenize(tokenizer: PreTrainedTokenizerBase, text: str) -> Prompt:
    """Split a text into tokens; an empty text gives an empty prompt or the tokenizer's own first token."""
    half = half_character(text)
    if half is not None:
        raise PromptError(
            asked="Split a text into tokens.",
            found=f"Its character {half + 1} is half of a surrogate pair, which is no text.",
            remedy="Remove that character.",
        )
    encoding = tokenizer(text, return_special_tokens_mask=True)
    token_ids = tuple(encoding["input_ids"])
    special_ids = set(tokenizer.all_special_ids)
    return Prompt(
        text=text,
        token_ids=token_ids,
        token_strings=token_strings(tokenizer, token_ids),
        special_positions=frozenset(pos for pos, token in enumerate(token_ids) if token in special_ids),
        added_positions=frozenset(pos for pos, added in enumerate(encoding["special_tokens_mask"]) if added),
    )


def token_strings(tokenizer: PreTrainedTokenizerBase, token_ids: Sequence[int]) -> tuple[str, ...]:
    """One string a token. Leading spaces are kept; pieces of a character appear as their bytes."""
    pieces = tokenizer.convert_ids_to_tokens(list(token_ids))
    plain = set(tokenizer.get_added_vocab())  # added tokens are stored as text, not in the byte alphabet
    byte_level = _is_byte_level(tokenizer)
    return tuple(
        f"<unused {token_id}>"
        if piece is None  # models often pad their vocabulary beyond the tokenizer's
        else piece
        if piece in plain
        else _read_bytes(piece)
        if byte_level
        else piece.replace("▁", " ")  # SentencePiece's mark for a space; its byte tokens already read <0xE2>
        for token_id, piece in zip(token_ids, pieces, strict=True)
    )


def text_of(tokenizer: PreTrainedTokenizerBase, token_ids: Sequence[int]) -> str:
    """The text that tokens spell, as it was typed: nothing is left out, and no space tidied away."""
    text: str = tokenizer.decode(
        list(token_ids), skip_special_tokens=False, clean_up_tokenization_spaces=False
    )
    return text


def end_tokens(tokenizer: PreTrainedTokenizerBase, configured: frozenset[int]) -> frozenset[int]:
    """The tokenizer's own token, and of those in a configuration the ones that are no ordinary tokens.

    Many configurations still have the end token of the family's first model, which here may be a letter.
    """
    special = {*tokenizer.all_special_ids, *tokenizer.get_added_vocab().values()}
    own = tokenizer.eos_token_id
    return (configured & special) | (frozenset() if own is None else frozenset({int(own)}))


def _is_byte_level(tokenizer: PreTrainedTokenizerBase) -> bool:
    """Whether tokens are spelled in the 256-letter byte alphabet that GPT-2 brought."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    return backend is not None and "ByteLevel" in repr(backend.decoder)


def _read_bytes(piece: str) -> str:
    alphabet = _byte_alphabet()
    if not all(letter in alphabet for letter in piece):
        return piece
    return bytes(alphabet[letter] for letter in piece).decode("utf-8", errors="llm_tt_visible_bytes")


@cache
def _byte_alphabet() -> dict[str, int]:
    """Letter -> byte. Printable bytes stand for themselves, the others are moved up from U+0100 in order."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    moved = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + i): byte for i, byte in enumerate(moved)}


def _show_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    broken = error.object[error.start : error.end]
    return "".join(f"<0x{byte:02X}>" for byte in broken), error.end


codecs.register_error("llm_tt_visible_bytes", _show_bytes)
