"""One sentence or two about a search that found nothing, or too much."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from llm_tt.concepts.query import LONGEST, MOST_TERMS, Query, Term
from llm_tt.concepts.search_result import FoundTerm
from llm_tt.concepts.token_filters import key_of
from llm_tt.concepts.vocabulary import Vocabulary
from llm_tt.errors import LlmTtError
from llm_tt.model.language_model import LanguageModel

EMPTY: Final = "Type a word, such as one that the model should write next."
ONLY_NEGATED: Final = "Say also what must be on the list: there are only words that must not be."
LONGEST_SHOWN: Final = 40


def hint_of(  # noqa: PLR0913 (everything that is known about a search)
    query: Query,
    terms: Mapping[Term, FoundTerm],
    taken: Mapping[Term, Sequence[int]],
    n_found: int,
    vocabulary: Vocabulary,
    model: LanguageModel | None,
) -> str:
    """What to say; nothing if there is nothing to say."""
    if not terms:
        return EMPTY
    said = []
    if query.is_cut:
        said.append(f"Only the first {LONGEST} characters and {MOST_TERMS} words were searched.")
    if all(all(term.is_negated for term in group) for group in query.groups):
        return " ".join([*said, ONLY_NEGATED])
    for term, found in terms.items():
        if len(taken[term]) < len(found.token_ids):
            said.append(
                f"{_shown(term.text)} means {len(found.token_ids):,} tokens; only the first "
                f"{len(taken[term]):,}, the shortest, were searched."
            )
    missing = [term for term, found in terms.items() if not found.token_ids and not term.is_negated]
    said += [_no_token(term, vocabulary, model) for term in missing[:3]]
    if not n_found and not missing:
        several = any(len(group) > 1 for group in query.groups)
        said.append(
            "No list that was searched has all of these; put OR between them for any, or search more layers "
            "and sides."
            if several
            else f"{_shown(query.terms[0].text)} is on no list that was searched; try more layers and sides."
        )
    return " ".join(said)


def _no_token(term: Term, vocabulary: Vocabulary, model: LanguageModel | None) -> str:
    """That there is no such token, how the model writes it, and what is like it."""
    said = f"No token is {_shown(term.text)}"
    pieces = () if model is None or term.kind not in ("word", "exact") else _split(model, term.needle)
    if len(pieces) > 1:
        said += ": the model splits it into " + ", ".join(_shown(piece) for piece in pieces[:8])
    near = get_close_matches(
        key_of(term.needle)[:LONGEST_SHOWN], vocabulary.words_like(key_of(term.needle)), 3
    )
    alike = f" Tokens like it: {', '.join(map(_shown, near))}." if near else ""
    return f"{said}.{alike}"


def _split(model: LanguageModel, text: str) -> tuple[str, ...]:
    """As the model splits it in the middle of a text, where a word has a space in front."""
    try:
        prompt = model.tokenize(f" {text.strip()}")
    except LlmTtError:  # half of a surrogate pair
        return ()
    return tuple(
        string
        for position, string in enumerate(prompt.token_strings)
        if position not in prompt.added_positions
    )


def _shown(text: str) -> str:
    """In quotes, and not too long."""
    return f"“{text}”" if len(text) <= LONGEST_SHOWN else f"“{text[: LONGEST_SHOWN - 1]}…”"
