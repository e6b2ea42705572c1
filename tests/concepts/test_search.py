"""The search against a plain search of all lists, and a planted neuron."""

import math

import numpy as np
import pytest

from llm_tt.concepts import neuron_index, search
from llm_tt.concepts.query import parse
from llm_tt.concepts.sides import TOKEN_SIDES
from tests.concepts.conftest import PLANTED, TOKYO

QUERIES = [
    "word7", "word1*", "tokyo kyoto", "tokyo OR kyoto OR 17", "word1* -tokyo", "word2* word3*",
    "word1* NOT word2*", "*o* -*1* OR *9", '" Tokyo"', "a* b* OR -x*", "to* to", "tokyo -tokyo",
]  # fmt: skip


def plain_search(index, query, layers, sides):
    """Every list of every neuron, term by term, in plain Python."""
    parsed = parse(query)
    tokens = {term: set(index.matching_tokens(term.text).token_ids) for term in parsed.terms}
    found = []
    for reading in index.readings(range(index.n_layers * index.d_mlp)):
        for side in sides:
            if layers is not None and reading.layer not in layers:
                continue
            own = reading.sides[side]
            written = side in ("promotes", "suppresses")
            spread = reading.output_spread if written else reading.input_spread
            sign = 1 if side in ("promotes", "excited_by") else -1
            worth = {}
            for term, ids in tokens.items():
                values = [
                    sign * strength / spread / math.log2(1 + rank)
                    for rank, (token, strength) in enumerate(zip(own.token_ids, own.changes, strict=True), 1)
                    if token in ids
                ]
                if values:
                    worth[term] = max(values)
            groups = [group for group in parsed.groups if not all(term.is_negated for term in group)]
            fitting = [g for g in groups if all((term in worth) != term.is_negated for term in g)]
            if fitting:
                counted = {term for group in fitting for term in group if not term.is_negated}
                found.append(
                    (-sum(worth[t] for t in counted), reading.layer, reading.neuron, TOKEN_SIDES.index(side))
                )
    return sorted(found)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(
    ("layers", "sides"), [(None, ("promotes",)), ({1}, TOKEN_SIDES), ([0, 7], ("inhibited_by",))]
)
def test_it_equals_a_plain_search(query, layers, sides, word_index):
    expected = plain_search(word_index, query, layers, sides)
    result = word_index.search(query, layers=layers, sides=sides, top=30)
    assert result.n_found == len(expected)
    np.testing.assert_allclose([hit.score for hit in result.hits], [-s for s, *_ in expected[:30]], rtol=1e-6)
    places = [(hit.layer, hit.neuron, TOKEN_SIDES.index(hit.side)) for hit in result.hits]
    assert places == [tuple(place) for _, *place in expected[:30]]


def test_the_planted_neuron_is_found_first_in_both_directions(word_index):
    for query in ("tokyo", '" Tokyo"', "tok*", "*kyo*"):
        for side in ("promotes", "excited_by"):
            best = word_index.search(query, sides=[side]).hits[0]
            assert (best.layer, best.neuron) == (1, PLANTED), (query, side)
            assert (best.matches[0].token_id, best.matches[0].rank) == (TOKYO, 1)
    others = word_index.search("osaka").hits
    assert all((hit.layer, hit.neuron) != (1, PLANTED) for hit in others[:1])
    assert word_index.search("tokyo").hits[0].score > 1.5 * word_index.search("tokyo").hits[1].score


def test_hits_say_where_the_words_stand(word_index):
    for hit in word_index.search("word1* OR tokyo", sides=TOKEN_SIDES, top=50).hits:
        own = word_index.reading(hit.layer, hit.neuron).sides[hit.side]
        assert hit.tokens.token_ids == own.token_ids[:12]
        assert hit.matches
        for match in hit.matches:
            assert own.token_ids[match.rank - 1] == match.token_id
            assert own.changes[match.rank - 1] == match.strength
            assert own.token_strings[match.rank - 1] == match.token_string
        assert len({match.token_id for match in hit.matches}) == len(hit.matches)


def test_equal_scores_keep_the_order_of_layers_and_neurons():
    query = parse("a")
    best = {query.terms[0]: np.array([-np.inf, 1.0, 2.0, 1.0, 2.0])}
    found = search.rank_lists(query, best, 3)
    assert found.lists.tolist() == [2, 4, 1]
    assert found.n_found == 4


def test_no_layer_no_side_and_no_hit_wanted(word_index):
    assert word_index.search("tokyo", layers=[]).n_found == 0
    assert word_index.search("tokyo", sides=()).n_found == 0
    some = word_index.search("tokyo", top=0)
    assert some.hits == ()
    assert some.n_found > 0


def test_too_many_tokens_are_cut_and_said(word_index, monkeypatch):
    whole = word_index.search("word*")
    assert whole.hint == ""
    monkeypatch.setattr(neuron_index, "MOST_POSTINGS", 500)
    cut = word_index.search("word*")
    assert 0 < cut.n_found < whole.n_found
    assert "only the first" in cut.hint
