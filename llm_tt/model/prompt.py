"""A prompt as the model sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompt:
    """Text and its tokens; a plain value, so it can be compared, hashed and kept in a cache key."""

    text: str
    token_ids: tuple[int, ...]
    token_strings: tuple[str, ...]
    """One readable string a token, leading spaces kept; bytes that are no text appear as <0xE2>."""
    special_positions: frozenset[int] = frozenset()
    """Positions of special tokens, whether the tokenizer added them or the person typed them."""
    added_positions: frozenset[int] = frozenset()
    """Positions of tokens that the tokenizer added and nobody typed, such as a leading <bos>."""

    def __len__(self) -> int:
        return len(self.token_ids)
