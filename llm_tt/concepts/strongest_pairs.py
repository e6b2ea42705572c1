"""The strongest pairs of tokens of a head: what it writes for what, and who looks for whom."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from llm_tt.concepts.head_circuits import Circuit, all_keys, all_queries, all_values, readable_head
from llm_tt.concepts.head_directions import check_circuit
from llm_tt.concepts.pair_search import FoundPairs, search_pairs
from llm_tt.concepts.single_threads import on_one_core
from llm_tt.concepts.token_filters import is_same_word, is_text, key_of
from llm_tt.lens.token_products import all_strings
from llm_tt.model.head_inputs import HeadInputs
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class TokenPair:
    """OV: attended to `from`, the head raises `to`. QK: from the query `from` it looks for the key `to`."""

    from_id: int
    from_string: str
    to_id: int
    to_string: str
    strength: float
    """OV: change of the logit, before the final norm's factor. QK: the attention score at distance 0."""


@dataclass(frozen=True, slots=True)
class TokenPairs:
    """The strongest pairs, strongest first."""

    pairs: tuple[TokenPair, ...]
    proven: float
    """Share of all pairs of shown tokens that were computed or excluded; below 1, one may be missing."""
    seconds: float


@torch.no_grad()
def strongest_pairs(  # noqa: PLR0913 (which head, what is hidden, and how long)
    model: LanguageModel,
    layer: int,
    head: int,
    circuit: Circuit,
    *,
    top: int = 50,
    lowest: bool = False,
    hide_same_word: bool = False,
    hide_non_text: bool = False,
    seconds: float = 5.0,
    progress: Progress = silent,
) -> TokenPairs:
    """The pairs of tokens that a head's circuit joins most strongly, or with `lowest` most strongly against.

    The vocabulary squared is never built. The search stops after some seconds with what it has.

    Raises:
        AttributionError: there is no such circuit.
        CapabilityError: heads cannot be read from the weights of this model.
        TargetError: there is no such layer or head.
    """
    started = time.monotonic()
    check_circuit(circuit)
    if top < 1:
        message = f"top must be at least 1; got {top}"
        raise ValueError(message)
    inputs = readable_head(model, layer, head)
    left, right = _factors(model, inputs, layer, head, circuit)
    sign = -1.0 if lowest else 1.0
    shown = torch.tensor(
        _text_tokens(model) if hide_non_text else range(len(left)), dtype=torch.long, device=left.device
    )
    if not len(shown):
        return TokenPairs((), 1.0, time.monotonic() - started)
    found = search_pairs(
        left[shown] * sign,
        right[shown],
        top,
        keep=_other_words(model, shown) if hide_same_word else None,
        until=started + seconds,
        progress=progress,
    )
    pairs = _named(model, inputs if circuit == "QK" else None, found, shown, sign)
    return TokenPairs(pairs, found.proven, time.monotonic() - started)


@on_one_core
@torch.no_grad()
def _factors(
    model: LanguageModel, inputs: HeadInputs, layer: int, head: int, circuit: Circuit
) -> tuple[Tensor, Tensor]:
    if circuit == "QK":
        return all_queries(model, inputs, head), all_keys(model, inputs, head)
    written = model.layer_weights(layer).head_out[head]
    return all_values(model, inputs, head), model.read_part(written, 1.0).T


def _text_tokens(model: LanguageModel) -> list[int]:
    ends = model.end_tokens
    return [place for place, token in enumerate(all_strings(model)) if is_text(token) and place not in ends]


def _other_words(model: LanguageModel, shown: Tensor) -> Callable[[Tensor], Tensor]:
    strings = all_strings(model)
    words = [key_of(strings[place]) for place in shown.tolist()]
    numbers: dict[str, int] = {}
    word_numbers = torch.tensor([numbers.setdefault(word, len(numbers)) for word in words])

    def keep(pairs: Tensor) -> Tensor:
        pairs = pairs.cpu()
        differ = word_numbers[pairs[:, 0]] != word_numbers[pairs[:, 1]]
        for place in differ.nonzero()[:, 0].tolist():
            first, second = pairs[place].tolist()
            differ[place] = not is_same_word(words[first], words[second])
        return differ

    return keep


def _named(
    model: LanguageModel, scores_of: HeadInputs | None, found: FoundPairs, shown: Tensor, sign: float
) -> tuple[TokenPair, ...]:
    """`scores_of` is given where strengths are products of queries and keys."""
    strengths = found.strengths * sign
    if scores_of is not None:
        strengths = scores_of.bend(strengths)
    ids = shown[found.pairs]
    from_ids, to_ids = ids[:, 0].tolist(), ids[:, 1].tolist()
    return tuple(
        TokenPair(*pair)
        for pair in zip(
            from_ids,
            model.token_strings(from_ids),
            to_ids,
            model.token_strings(to_ids),
            strengths.tolist(),
            strict=True,
        )
    )
