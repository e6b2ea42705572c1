"""A graph as JSON: what is read back equals what was written, and damage is noticed."""

import copy
import json

import numpy as np
import pytest
import torch

import llm_tt
from llm_tt.graph.building import build_graph
from llm_tt.graph.graph_json import from_json, to_json
from tests.graph.random_shares import SHAPES, random_shares, signed
from tests.graph.same_graph import assert_same


def through_text(graph):
    return from_json(json.loads(json.dumps(to_json(graph), allow_nan=False)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("has_sign", [False, True])
def test_what_is_read_equals_what_was_written(shape, dtype, has_sign):
    shares = random_shares(*shape, dtype=dtype)
    whole = build_graph(signed(shares) if has_sign else shares)
    for graph in (whole, whole.prune(density=0.3), whole.keep(np.zeros(whole.n_edges, bool))):
        assert_same(through_text(graph), graph)


def test_a_graph_of_a_model_with_all_that_it_says(tiny_model):
    trace = llm_tt.capture(tiny_model, 'a "quoted" \n\x00 ☃ <b>')
    shares = llm_tt.attribute(tiny_model, trace, "relp", target_position=2, contrast_token=5)
    graph = build_graph(shares)
    assert graph.record.explained.contrast
    assert len(graph.record.predictions) == len(trace.prompt)
    assert_same(through_text(graph), graph)


def test_numbers_have_no_more_digits_than_they_need():
    graph = build_graph(random_shares(1, 2, 3, dtype=torch.float32))
    longest = max(len(repr(number)) for number in to_json(graph)["edges"]["weight"])
    assert longest <= len("0.123456789e-05")


def test_edges_may_come_in_any_order():
    graph = build_graph(signed(random_shares(3, 2, 4)))
    content = to_json(graph)
    order = np.random.default_rng(0).permutation(graph.n_edges).tolist()
    content["edges"] = {name: [column[i] for i in order] for name, column in content["edges"].items()}
    assert_same(from_json(content), graph)


DAMAGE = [None, True, -1, 10**30, 1.5, float("nan"), "x", [], {}, [None], ["x"], [1e400], {"x": 1}]


def paths_in(content, path=()):
    """Every place in it where something stands; of a list, the first member."""
    yield path
    members = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content[:1])
        if isinstance(content, list)
        else ()
    )
    for name, member in members:
        yield from paths_in(member, (*path, name))


@pytest.mark.parametrize("damage", DAMAGE, ids=repr)
def test_damage_anywhere_is_said_in_words_or_does_no_harm(damage):
    graph = build_graph(signed(random_shares(2, 2, 3))).prune(density=0.6)
    content = to_json(graph)
    for path in paths_in(content):
        damaged = copy.deepcopy({"": content})
        place = damaged
        for name in ("", *path)[:-1]:
            place = place[name]
        place[("", *path)[-1]] = damage
        try:
            read = from_json(damaged[""])
        except ValueError as problem:
            assert len(str(problem)) < 300
        else:
            assert to_json(read)  # it is a graph; what changed was a number or a name of the prompt


def test_each_part_that_is_missing_is_noticed():
    content = to_json(build_graph(signed(random_shares(2, 2, 3))))
    harmless = {("explained",), ("target",)}  # null says the same
    for path in paths_in(content):
        if not path or path in harmless or isinstance(path[-1], int) or path[0] == "explained":
            continue
        damaged = copy.deepcopy(content)
        place = damaged
        for name in path[:-1]:
            place = place[name]
        del place[path[-1]]
        if path in [("nodes", name) for name in ("layer", "position", "stage")]:
            continue  # for people and other programs: the name says it all
        if path == ("target", "contrast_id"):
            continue
        with pytest.raises(ValueError, match=r"\."):
            from_json(damaged)
