"""`llm-tt trace` says what the library says, and its numbers add up."""

import pytest

import llm_tt
from llm_tt.attribution.target import resolve_target
from llm_tt.errors import TargetError
from llm_tt.lens.layer_updates import updates_of
from tests.cli.running import PROMPT, answered, run, said

STATE = {"state", "token", "probability", "entropy", "target_rank", "target_probability"}
UPDATE = {"part", "logit", "activation", "norm", "promotes", "suppresses"}


def test_all_that_the_layers_add_is_the_targets_logit(small_world):
    found = answered("trace", "small-world", PROMPT, "--target", " Mary", "--contrast", " John")
    trace = llm_tt.capture(small_world, PROMPT)
    target = resolve_target(small_world, trace, token=" Mary", contrast=" John")
    added = sum(layer["attention"] + layer["mlp"] for layer in found["layers"])
    assert found["embedding"] + found["constant"] + added == pytest.approx(
        float(target.measure(trace.logits[-1])), rel=1e-4
    )
    value = pytest.approx(float(target.measure(trace.logits[-1])))
    assert found["target"] == {"token": " Mary", "id": target.token_id, "contrast": " John", "value": value}


def test_keys_and_rows():
    found = answered("trace", "small-world", PROMPT, "--position", "4", "--top", "2")
    asked = {"model", "prompt", "prompt_tokens", "edits", "position", "target"}
    assert found.keys() == asked | {"embedding", "constant", "layers"}
    assert found["position"] == 4
    assert [layer["layer"] for layer in found["layers"]] == [0, 1, 2, 3]
    for layer in found["layers"]:
        assert layer.keys() == {"layer", "before", "attention", "mlp", "after", "updates"}
        assert layer["before"].keys() == layer["after"].keys() == STATE
        assert [row.keys() for row in layer["updates"]] == [UPDATE, UPDATE]
    assert found["layers"][0]["before"]["state"] == "embed@4"
    for before, after in zip(found["layers"], found["layers"][1:], strict=False):
        assert before["after"] == after["before"]


def test_updates_are_the_strongest(small_world):
    trace = llm_tt.capture(small_world, PROMPT)
    expected = updates_of(small_world, trace, 3, resolve_target(small_world, trace), top=3)
    found = answered("trace", "small-world", PROMPT)["layers"][3]["updates"]
    assert [row["part"] for row in found] == [str(row.part) for row in expected.rows]
    assert [row["logit"] for row in found] == pytest.approx([row.contribution for row in expected.rows])


def test_a_table_for_a_person():
    printed = said("trace", "small-world", PROMPT, "--top", "1")
    assert "Towards ·Mary" in printed
    assert "L3H3 +" in printed or "L3N" in printed
    assert printed.rstrip().endswith("prediction: ·Mary 99.99 %")


def test_an_edit_changes_it():
    plain, edited = (answered("trace", "small-world", PROMPT, *edit) for edit in ([], ["--edit", "2.1"]))
    assert plain["target"]["token"] == " Mary"
    assert (edited["target"]["token"], edited["edits"]) == (" John", ["L2H1"])


def test_a_token_that_is_none_is_said():
    result = run("trace", "small-world", PROMPT, "--target", "no such word")
    assert isinstance(result.exception, TargetError)
