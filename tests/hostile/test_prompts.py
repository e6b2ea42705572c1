"""Prompts, names of parts, edits and searches as texts: anything may be typed."""

import json

import pytest
from hypothesis import given, strategies

import llm_tt
from llm_tt.comparison.pairs_text import pairs_of
from llm_tt.errors import PromptError, TargetError
from llm_tt.intervention.basket import Basket
from llm_tt.intervention.edits import Edit
from llm_tt.intervention.short_edits import edits_of, short_form
from llm_tt.lens.written import written_by
from llm_tt.model.prompt import Prompt
from llm_tt.render.flow_payload import FlowCaption, graph_payload
from llm_tt.render.visible_text import visible_text, visible_token
from llm_tt.tracing.forward import capture
from llm_tt.tracing.parts import Part
from tests.hostile.answers import acts_on_a_terminal, answered, any_text, now_and_then, often, refused, timed

GRAMMAR = [
    "L", "H", "N", "@", "-", ".", "mlp", "post", "mid", "residual", "embed", "attention", "0", "1", "3",
    "99", "9" * 14, "²", "٣", "*", "=", "zero", "mean", "nan", "inf", "1e999", "-1", ",", ":", ";", "%00",
    "%ff", "p=", "b=", "t=", "n=", "s=", "w=", "steer", "scale", "ablate", "set", "!", " ", "\0", "blocks.",
    ".hook_", "OR", '"',
]  # fmt: skip
names = strategies.one_of(
    any_text, strategies.lists(strategies.sampled_from(GRAMMAR), max_size=12).map("".join)
)
"""Anything, and what nearly means something."""


@pytest.fixture(scope="module")
def trace(world):
    return capture(world, "When Mary and John")


LONG = {
    "a megabyte of one letter": "a" * 10**6,
    "a megabyte of spaces": " " * 10**6,
    "ten megabytes": "a b " * 2_500_000,
    "5,000 tokens": " Mary" * 5_000,
    "3,000 zero bytes": "\0" * 3_000,
    "families of faces": "👩‍👩‍👧‍👦" * 2_000,
    "100,000 accents on one letter": "a" + "\u0301" * 100_000,
    "letters that turn the direction": "\u202e\u2066" * 1_000,
    "special tokens": "<|endoftext|>" * 1_000,
    "another writing": "漢" * 60_000,
    "half of a character": "a\ud800b",
    "nothing": "",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_prompt_that_no_model_reads(world, text):
    error = refused(lambda: capture(world, text), PromptError)
    assert len(str(error)) < 400


@now_and_then
@given(text=any_text)
def test_any_text_is_a_pass_or_a_sentence(world, text):
    found = answered(lambda: world.tokenize(text))
    if isinstance(found, Prompt) and found.text:
        with timed():
            trace = capture(world, found)
        assert trace.logits.isfinite().all()
        assert world.text_of(found.token_ids) == text


@now_and_then
@given(text=strategies.text(any_text.map(lambda text: text[:1] or "a"), max_size=3))
def test_any_short_text_is_a_graph(world, text):
    found = answered(lambda: capture(world, text))
    if isinstance(found, llm_tt.ForwardTrace):
        with timed():
            graph = llm_tt.build_graph(llm_tt.attribute(world, found, "ifr"))
            payload = graph_payload(graph, FlowCaption("run", "prompt", ""))
        header = json.loads(payload[8 : 8 + int.from_bytes(payload[4:8], "little")])
        assert not acts_on_a_terminal("".join(header["tokens"]))


@often
@given(text=any_text)
def test_nothing_that_is_made_visible_acts(text):
    assert not acts_on_a_terminal(visible_token(text))
    assert not acts_on_a_terminal(visible_text(text))
    assert visible_token(text)


@often
@given(name=names)
def test_any_name_is_a_part_or_a_sentence(world, trace, name):
    part = answered(lambda: Part.named(name))
    if isinstance(part, Part):
        assert Part.named(str(part)) == part
        answered(lambda: written_by(world, trace, part))


@now_and_then
@given(name=names)
def test_any_edit_is_made_or_a_sentence(world, name):
    edits = answered(lambda: edits_of(name))
    if isinstance(edits, tuple):
        for edit in edits:
            assert edits_of(short_form(edit)) == (edit,)
        answered(lambda: llm_tt.run_with_edits(world, "When Mary and John", edits))


@often
@given(text=names)
def test_any_link_of_edits_is_a_basket_or_a_sentence(text):
    basket = answered(lambda: Basket.from_link(text))
    if isinstance(basket, Basket):
        assert Basket.from_link(basket.to_link()) == basket
        assert Basket.from_json(basket.to_json()) == basket


EDITS = {
    "10,000 of them": ";".join(["ablate:L0H0"] * 10_000),
    "a position of nine digits": "L0H0@999999999",
    "a number beyond all numbers": "L0N0=1e999",
    "a number that is none": "L0H0*nan",
    "a factor of 40 digits": f"L0H0*{'9' * 40}",
    "a token that is none": "steer:0:1:t=*999999999",
    "half of a character": "L0H0\ud800",
    "a face": "💥",
    "100,000 letters": "L" * 100_000,
    "a page": "<script>alert(1)</script>",
}


@pytest.mark.parametrize("text", EDITS.values(), ids=EDITS)
def test_an_edit_that_means_nothing(world, text):
    def make() -> object:
        edits: tuple[Edit, ...] = edits_of(text)
        return llm_tt.run_with_edits(world, "When Mary and John", edits)

    assert len(str(refused(make))) < 600


@pytest.mark.parametrize("token", ["", "\0\0", "x" * 100_000, "\ud800", "9" * 20, "<script>", 10**30, -1])
def test_a_target_that_is_no_token(world, token):
    trace = capture(world, "When Mary and John")
    refused(lambda: llm_tt.attribute(world, trace, "relp", target_token=token))


@pytest.mark.parametrize("position", [10**30, -(10**30), 4, -5])
def test_a_position_that_is_not_there(world, position):
    trace = capture(world, "When Mary and John")
    refused(lambda: llm_tt.attribute(world, trace, "relp", target_position=position), TargetError)


@often
@given(text=names)
def test_any_pairs_are_read_or_a_sentence(text):
    answered(lambda: pairs_of(text))


@pytest.fixture(scope="module")
def index(world):
    return llm_tt.build_index(world, in_memory=True)


@often
@given(query=names)
def test_any_search_has_an_answer(index, query):
    with timed():
        result = index.search(query)
    assert result.hits or result.hint


@pytest.mark.parametrize(
    "query", ["*" * 1_000, "OR " * 1_000, '"', "a" * 100_000, "-" * 500, "\0", "(((", "* " * 300, "a* " * 200]
)
def test_a_search_that_could_take_long(index, query):
    with timed():
        result = index.search(query)
    assert len(result.hint) < 1_000
