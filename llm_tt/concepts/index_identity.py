"""Which model an index belongs to, and how much room it takes."""

import json
from dataclasses import asdict, dataclass
from typing import Final

from llm_tt.concepts.sides import STRONGEST, TOKEN_SIDES
from llm_tt.model.language_model import LanguageModel

FORMAT: Final = "llm_tt neuron index"

VERSION: Final = 1
"""Raised whenever the files change their meaning: an index of another version is built again."""

_BYTES_OF_A_POSTING: Final = 8
_BYTES_OF_AN_ENTRY: Final = 6
_BYTES_OF_A_TOKEN: Final = 100
"""Its parts of words, and what the database keeps beside a row."""


@dataclass(frozen=True, slots=True)
class IndexIdentity:
    """What must be equal for an index to be this model's."""

    fingerprint: str
    n_layers: int
    d_mlp: int
    d_model: int
    d_vocab: int

    @classmethod
    def of(cls, model: LanguageModel) -> "IndexIdentity":
        """That of an opened model."""
        sizes = model.dimensions
        return cls(model.fingerprint, sizes.n_layers, sizes.d_mlp, sizes.d_model, sizes.d_vocab)

    @property
    def n_neurons(self) -> int:
        """Of all layers."""
        return self.n_layers * self.d_mlp

    @property
    def rank(self) -> int:
        """Tokens on each list."""
        return min(STRONGEST, self.d_vocab)

    @property
    def bytes_on_disk(self) -> int:
        """About what both files take together."""
        entries = len(TOKEN_SIDES) * self.rank * (_BYTES_OF_AN_ENTRY + _BYTES_OF_A_POSTING)
        return self.n_neurons * (entries + 2 * self.d_model + 32) + self.d_vocab * _BYTES_OF_A_TOKEN

    def as_text(self) -> str:
        """What stands in the file; equal texts mean equal identities of the same version."""
        return json.dumps({"format": FORMAT, "version": VERSION, **asdict(self)}, sort_keys=True)
