"""One sentence for whoever searched in vain: what the words are made of, and which words there are."""

import sqlite3
from collections.abc import Callable, Mapping

from llm_tt.concepts.queries import LONGEST, Query, Term
from llm_tt.concepts.vocabulary import MOST_TOKENS, FoundTerm, similar_words


def hint_about(  # noqa: PLR0913 (a question, its answer, and where to look for others)
    connection: sqlite3.Connection,
    text: str,
    query: Query,
    found: Mapping[Term, FoundTerm],
    n_found: int,
    split: Callable[[str], tuple[str, ...]],
) -> str:
    """Empty where there is nothing to say."""
    if not query.terms:
        return "Say also what to look for." if text.strip() else ""
    if len(text) > LONGEST:
        return f"Only the first {LONGEST} characters were read."
    missing = [term for term, some in found.items() if not some.token_ids and not term.is_negated]
    if missing:
        return _about_missing(connection, missing[0], split)
    many = [some for some in found.values() if some.n_meant > MOST_TOKENS]
    if many:
        return f"{many[0].text} means {many[0].n_meant:,} tokens; the {MOST_TOKENS} shortest were looked for."
    return "" if n_found else _about_none(query)


def _about_missing(
    connection: sqlite3.Connection, term: Term, split: Callable[[str], tuple[str, ...]]
) -> str:
    said = [f"No token of this model is {term}."]
    if term.kind == "word":
        pieces = [piece for piece in split(f" {term.text}") if piece.strip()]
        if len(pieces) > 1:
            said.append(f"It is written in {len(pieces)} pieces: {' + '.join(pieces[:8])}.")
    words = similar_words(connection, term.text)
    if words:
        said.append(f"There are {', '.join(words)}.")
    return " ".join(said)


def _about_none(query: Query) -> str:
    if any(len([term for term in group if not term.is_negated]) > 1 for group in query.groups):
        return "No list holds all of these words; with OR between them, one is enough."
    if any(term.is_negated for term in query.terms):
        return "No list holds this without that."
    return "The tokens are there, but on no neuron's list."
