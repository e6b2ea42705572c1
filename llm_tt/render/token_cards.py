"""Cards with a few tokens each, as a list of them is drawn in the browser: neurons, clusters of neurons."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Final

from llm_tt.concepts.clusters import Clusters
from llm_tt.concepts.neuron_index import IndexedNeuron
from llm_tt.concepts.search_result import SearchHit
from llm_tt.concepts.sides import TokenSide
from llm_tt.lens.promotion import TokenChanges
from llm_tt.render.visible_text import visible_token

TOKENS_IN_SIGHT: Final = 12

SIDE_WORDS: Final[dict[TokenSide, str]] = {
    "promotes": "promotes",
    "suppresses": "suppresses",
    "excited_by": "excited by",
    "inhibited_by": "inhibited by",
}
"""As a person reads them, behind the neuron's name."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One token."""

    text: str
    share: float
    """How strong, against the strongest on its card."""
    is_marked: bool = False
    hint: str = ""
    """Said on hover."""


@dataclass(frozen=True, slots=True)
class TokenCard:
    """One card; `key` is what a click reports."""

    key: str
    title: str
    name: str
    """A person's own."""
    note: str
    """What the tokens are to it."""
    chips: tuple[Chip, ...]
    share: float
    """Length of the bar, from 0 to 1."""
    amount: str
    """What the bar says, in figures."""


def neuron_name(layer: int, neuron: int) -> str:
    """A neuron as the whole house names it."""
    return f"L{layer}N{neuron}"


def hit_cards(hits: Sequence[SearchHit], names: Mapping[str, str]) -> list[TokenCard]:
    """What a search found, its matches marked."""
    sides = {hit.side for hit in hits}
    best = max((hit.score for hit in hits), default=1.0)
    return [
        TokenCard(
            key=name,
            title=name,
            name=names.get(name, ""),
            note=SIDE_WORDS[hit.side] if sides != {"promotes"} else "",
            chips=_chips_of(hit),
            share=hit.score / best,
            amount=f"{hit.score:.1f}",
        )
        for hit in hits
        for name in (neuron_name(hit.layer, hit.neuron),)
    ]


def neuron_cards(
    neurons: Sequence[IndexedNeuron],
    cosines: Sequence[float],
    names: Mapping[str, str],
    side: TokenSide = "promotes",
) -> list[TokenCard]:
    """Neurons, each with how much it points in the direction that they are compared with."""
    return [
        TokenCard(
            key=name,
            title=name,
            name=names.get(name, ""),
            note="",
            chips=_chips(neuron.sides[side]),
            share=max(0.0, cosine),
            amount=f"{cosine:.2f}",
        )
        for neuron, cosine in zip(neurons, cosines, strict=True)
        for name in (neuron_name(neuron.layer, neuron.neuron),)
    ]


def cluster_cards(
    clusters: Clusters, numbers: Iterable[int], marked: Collection[int] = ()
) -> list[TokenCard]:
    """Some clusters with the tokens that their neurons share; `marked` were searched and are always shown."""
    return [
        TokenCard(
            key=str(number),
            title=f"{size} neurons",
            name="",
            note=f"by chance {clusters.chance(number):.2f}",
            chips=tuple(
                Chip(
                    visible_token(token.token_string),
                    share=token.n_members / max(size, 1),
                    is_marked=token.token_id in marked,
                    hint=f"promoted by {token.n_members} of {size}",
                )
                for place, token in enumerate(clusters.shared[number])
                if place < TOKENS_IN_SIGHT or token.token_id in marked
            ),
            share=max(0.0, clusters.cohesion(number)),
            amount=f"{clusters.cohesion(number):.2f}",
        )
        for number in numbers
        for size in (clusters.size(number),)
    ]


def as_data(cards: Iterable[TokenCard]) -> list[dict[str, object]]:
    """What the browser gets."""
    return [asdict(card) for card in cards]


def _chips(tokens: TokenChanges, marked: Collection[int] = ()) -> tuple[Chip, ...]:
    largest = max((abs(change) for change in tokens.changes), default=1.0) or 1.0
    listed = zip(tokens.token_ids, tokens.token_strings, tokens.changes, strict=True)
    return tuple(
        Chip(
            visible_token(string),
            share=abs(change) / largest,
            is_marked=token_id in marked,
            hint=f"number {place}, {change:+.3g}",
        )
        for place, (token_id, string, change) in islice(enumerate(listed, 1), TOKENS_IN_SIGHT)
    )


def _chips_of(hit: SearchHit) -> tuple[Chip, ...]:
    """The first tokens of its list, and behind them what was searched and stands further down."""
    matched = {match.token_id for match in hit.matches}
    further = [match for match in hit.matches if match.rank > TOKENS_IN_SIGHT]
    return _chips(hit.tokens, matched) + tuple(
        Chip(visible_token(match.token_string), share=0.0, is_marked=True, hint=f"number {match.rank}")
        for match in further
    )
