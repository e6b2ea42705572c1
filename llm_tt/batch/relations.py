"""What a key is to its query: the token before it, the one after an earlier occurrence, the answer's mention.

Attention by relation is what names a head by evidence: previous-token heads, induction heads, name movers.
"""

from dataclasses import dataclass
from typing import Final, Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

Relation = Literal["previous", "self", "first", "same", "after_same", "answer", "foil", "subject"]

RELATIONS: Final[dict[Relation, str]] = {
    "previous": "the previous token",
    "self": "itself",
    "first": "the first token",
    "same": "its earlier occurrence",
    "after_same": "what followed it earlier",
    "answer": "a mention of the answer",
    "foil": "a mention of the foil",
    "subject": "the subject",
}
"""Each relation in words. The last three are asked of the target's query alone: there they could act."""

OTHER: Final = "other"
"""An edge whose key is none of these to its query."""

# An edge has one name: what says most about it comes first.
_OF_EDGES: Final[tuple[Relation, ...]] = (
    "self", "after_same", "same", "answer", "foil", "subject", "previous", "first",
)  # fmt: skip
_EVERYWHERE: Final[tuple[Relation, ...]] = ("previous", "self", "first", "same", "after_same")
_FIRST_TELLING_QUERY: Final = 2
"""The queries before it have so few keys that one is several things at once."""


@dataclass(frozen=True, slots=True, eq=False)
class KeyRelations:
    """Of one prompt: which pairs of positions stand in which relation. The future is in none."""

    masks: dict[Relation, Bool[Tensor, "query key"]]
    target_position: int

    @classmethod
    def of(
        cls,
        token_ids: tuple[int, ...],
        target_position: int,
        *,
        answer: int | None = None,
        foil: int | None = None,
        subject: tuple[int, ...] = (),
    ) -> "KeyRelations":
        """The relations of a prompt's tokens; `answer` and `foil` are token ids, `subject` is positions."""
        tokens = torch.tensor(token_ids)
        n = len(tokens)
        query, key = torch.arange(n)[:, None], torch.arange(n)[None]
        earlier = key < query
        same = (tokens[:, None] == tokens[None]) & earlier
        after_same = torch.zeros(n, n, dtype=torch.bool)
        after_same[:, 1:] = same[
            :, :-1
        ]  # its own position at the latest: that comes after an occurrence, too
        is_subject = torch.zeros(n, dtype=torch.bool)
        is_subject[list(subject)] = True
        masks: dict[Relation, Bool[Tensor, "query key"]] = {
            "previous": key == query - 1,
            "self": key == query,
            "first": (key == 0) & (query >= 0),
            "same": same,
            "after_same": after_same & (key <= query),
            "answer": _mentions(tokens, answer) & (key <= query),
            "foil": _mentions(tokens, foil) & (key <= query),
            "subject": is_subject & (key <= query),
        }
        return cls(masks, target_position)

    def attention(self, pattern: Float[Tensor, "head query key"]) -> dict[Relation, Float[Tensor, " head"]]:
        """How much of their attention heads give to each relation: the mean over the queries that have it.

        A relation that no query of this prompt has is left out. Only queries up to the target count.
        """
        return {
            relation: (pattern[:, queries] * mask[queries]).sum(-1).mean(-1)
            for relation, mask, queries in self._asked()
        }

    def chance(self) -> dict[Relation, float]:
        """What a head that attends to all keys alike would give to each."""
        return {
            relation: float((mask[queries].sum(-1) / (queries + 1)).mean())
            for relation, mask, queries in self._asked()
        }

    def of_edges(self, query: Int[Tensor, " edge"], key: Int[Tensor, " edge"]) -> list[str]:
        """The one name of each edge."""
        found = torch.full((len(query),), len(_OF_EDGES))
        for place, relation in reversed(list(enumerate(_OF_EDGES))):
            mask = self.masks[relation][query, key]
            if relation not in _EVERYWHERE:
                mask = mask & (query == self.target_position)
            found[mask] = place
        table = [*_OF_EDGES, OTHER]
        return [table[place] for place in found.tolist()]

    def _asked(self) -> list[tuple[Relation, Bool[Tensor, "query key"], Int[Tensor, " asked"]]]:
        asked = []
        for relation, mask in self.masks.items():
            if relation in _EVERYWHERE:
                queries = torch.arange(self.target_position + 1)[_FIRST_TELLING_QUERY:]
            else:
                queries = torch.tensor([self.target_position])
            queries = queries[mask[queries].any(-1)]
            if len(queries):
                asked.append((relation, mask, queries))
        return asked


def _mentions(tokens: Int[Tensor, " pos"], token_id: int | None) -> Bool[Tensor, "1 pos"]:
    return (tokens == (-1 if token_id is None else token_id))[None]
