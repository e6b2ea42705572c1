"""Relations of keys to queries, against loops over pairs."""

import pytest
import torch

from llm_tt.batch.relations import OTHER, RELATIONS, KeyRelations

TOKENS = (9, 4, 7, 4, 9, 4, 7, 2)
ANSWER, FOIL, SUBJECT = 7, 9, (1, 2)
ONLY_AT_TARGET = ("answer", "foil", "subject")


@pytest.fixture(params=[7, 5])
def relations(request):
    return KeyRelations.of(TOKENS, request.param, answer=ANSWER, foil=FOIL, subject=SUBJECT)


def holds(relation, query, key):
    """Each relation as its sentence has it."""
    if key > query:
        return False
    return {
        "previous": key == query - 1,
        "self": key == query,
        "first": key == 0,
        "same": key < query and TOKENS[key] == TOKENS[query],
        "after_same": key > 0 and TOKENS[key - 1] == TOKENS[query] and key - 1 < query,
        "answer": TOKENS[key] == ANSWER,
        "foil": TOKENS[key] == FOIL,
        "subject": key in SUBJECT,
    }[relation]


def queries_asked(relation, target):
    queries = [target] if relation in ONLY_AT_TARGET else range(2, target + 1)
    return [query for query in queries if any(holds(relation, query, key) for key in range(query + 1))]


def test_a_mask_is_its_sentence(relations):
    n = range(len(TOKENS))
    for relation in RELATIONS:
        expected = [[holds(relation, query, key) for key in n] for query in n]
        assert relations.masks[relation].tolist() == expected, relation


def test_attention_and_chance_are_means_over_the_queries_that_have_the_relation(relations):
    n, target = len(TOKENS), relations.target_position
    pattern = torch.rand(3, n, n, generator=torch.Generator().manual_seed(0)).tril()
    pattern = pattern / pattern.sum(-1, keepdim=True)
    attention, chance = relations.attention(pattern), relations.chance()
    for relation in RELATIONS:
        queries = queries_asked(relation, target)
        assert (relation in attention) == (relation in chance) == bool(queries)
        if not queries:
            continue
        given = [
            sum(pattern[:, query, key] for key in range(query + 1) if holds(relation, query, key))
            for query in queries
        ]
        assert torch.allclose(attention[relation], torch.stack(given).mean(0))
        keys = [sum(holds(relation, q, k) for k in range(q + 1)) / (q + 1) for q in queries]
        assert chance[relation] == pytest.approx(sum(keys) / len(keys))


def test_a_head_that_attends_to_all_alike_gives_what_chance_gives(relations):
    n = len(TOKENS)
    alike = (torch.ones(n, n).tril() / torch.arange(1, n + 1)[:, None])[None]
    attention = relations.attention(alike)
    assert {name: float(given) for name, given in attention.items()} == pytest.approx(relations.chance())


def test_an_edge_has_the_name_that_says_most(relations):
    order = ("self", "after_same", "same", "answer", "foil", "subject", "previous", "first")
    target = relations.target_position
    pairs = [(query, key) for query in range(target + 1) for key in range(query + 1)]
    query, key = (torch.tensor(column) for column in zip(*pairs, strict=True))
    for (q, k), name in zip(pairs, relations.of_edges(query, key), strict=True):
        fitting = [one for one in order if holds(one, q, k) and (one not in ONLY_AT_TARGET or q == target)]
        assert name == (fitting[0] if fitting else OTHER)


def test_without_answer_foil_and_subject_nothing_is_said_of_them():
    attention = KeyRelations.of((1, 2, 3), 2).chance()
    assert set(attention) == {"previous", "self", "first"}


def test_one_token_has_no_relation_that_tells():
    assert KeyRelations.of((1,), 0).chance() == {}
