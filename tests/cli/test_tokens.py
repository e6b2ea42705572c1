"""`llm-tt tokens` says what the library says."""

import pytest

import llm_tt
from llm_tt.errors import TargetError
from llm_tt.lens.state_reading import read_state
from llm_tt.lens.written import written_by
from llm_tt.tracing.parts import Part
from tests.cli.running import PROMPT, answered, run, said

ASKED = {"model", "prompt", "prompt_tokens", "edits", "part", "position"}


@pytest.fixture(scope="module")
def trace(small_world):
    return llm_tt.capture(small_world, PROMPT)


def test_without_a_part_it_is_the_prediction(small_world, trace):
    found = answered("tokens", "small-world", PROMPT, "--top", "3")
    assert found.keys() == ASKED | {"tokens"}
    assert (found["model"], found["prompt"], found["part"], found["position"]) == (
        "small-world",
        PROMPT,
        None,
        13,
    )
    assert found["prompt_tokens"] == list(trace.prompt.token_strings)
    probabilities = trace.logits[-1].softmax(-1)
    for row in found["tokens"]:
        assert row["probability"] == pytest.approx(float(probabilities[row["id"]]))
    assert found["tokens"][0]["token"] == " Mary"
    assert len(found["tokens"]) == 3
    assert "·Mary" in said("tokens", "small-world", PROMPT)


def test_a_state_is_read_by_the_lens(small_world, trace):
    found = answered("tokens", "small-world", PROMPT, "--part", "blocks.2.hook_resid_post@4", "--top", "4")
    expected = read_state(small_world, trace, Part.named("L2.post@4"), top=4).ranking
    assert (found["part"], found["position"]) == ("L2.post@4", 4)
    assert [row["id"] for row in found["tokens"]] == list(expected.token_ids)
    assert "leaves layer 2" in said("tokens", "small-world", PROMPT, "--part", "L2.post@4")


@pytest.mark.parametrize("name", ["L2H1@13", "L2H1@9-13", "L1.mlp@4", "L1N7@4"])
def test_a_part_promotes_and_suppresses(name, small_world, trace):
    part = Part.named(name)
    found = answered("tokens", "small-world", PROMPT, "--part", name, "--top", "3")
    assert found.keys() == ASKED | {"promoted", "suppressed"}
    vector = written_by(small_world, trace, part)
    expected = llm_tt.promoted_tokens(small_world, trace, vector, part.position, top=3)
    for name_of_list in ("promoted", "suppressed"):
        changes = getattr(expected, name_of_list)
        assert [row["token"] for row in found[name_of_list]] == list(changes.token_strings)
        assert [row["change"] for row in found[name_of_list]] == pytest.approx(changes.changes)


def test_a_name_without_a_position_is_meant_at_the_one_asked_for():
    for options, part in (([], "L2H1@13"), (["--position", "4"], "L2H1@4")):
        assert answered("tokens", "small-world", PROMPT, "--part", "2.1", *options)["part"] == part


def test_edits_are_made_and_told_as_they_can_be_typed_again():
    found = answered("tokens", "small-world", PROMPT, "--edit", "blocks.2.attn.hook_z.1@13*0", "--top", "1")
    assert found["edits"] == ["L2H1@13*0"]
    assert found["tokens"][0]["token"] == " John"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--part", "L9X6"], "Did you mean L9H6@13?"),
        (["--part", "L9H6"], "There is no layer 9"),
        (["--part", "blocks.2.attn.hook_z"], "say which"),
        (["--position", "14"], "The prompt has 14 tokens"),
    ],
)
def test_what_is_not_there_is_said(options, says):
    result = run("tokens", "small-world", PROMPT, *options)
    assert isinstance(result.exception, TargetError)
    assert says in str(result.exception)
