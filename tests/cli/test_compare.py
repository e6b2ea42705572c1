"""`llm-tt compare`: what is told is what the library says of the same two runs."""

import json

import pytest

import llm_tt
from tests.cli.running import PROMPT, answered, as_a_person, run, said

OTHER = "When Mary and John went to the store, Mary gave a drink to"
LONGER = "When Mary and John went to the big store, Mary gave a drink to"


def compared(model, other=OTHER, method="relp", **options):
    return llm_tt.compare(
        llm_tt.explain(model, PROMPT, method, **options), llm_tt.explain(model, other, method, **options)
    )


def test_a_person_gets_numbers_changes_and_counts(small_world):
    printed = said("compare", "small-world", PROMPT, OTHER, "--method", "relp", "--top", "3")
    counts = compared(small_world).difference().counts
    assert (
        f"gained {counts.gained}, lost {counts.lost}, changed {counts.changed}, same {counts.same}" in printed
    )
    assert "L0H2" in printed
    assert printed.count("·John") >= 2


def test_for_programs(small_world):
    found = answered(
        "compare", "small-world", PROMPT, LONGER, "--method", "relp", "--threshold", "0.3", "--top", "4"
    )
    assert found.keys() == {
        "first",
        "second",
        "columns",
        "kl",
        "threshold",
        "overlap",
        "edge_correlation",
        "component_correlation",
        "changes",
        "difference",
    }
    both = compared(small_world, LONGER)
    numbers = both.numbers(0.3, top=4)
    assert found["columns"] == [list(column) for column in both.alignment.columns]
    assert found["kl"] == pytest.approx(numbers.kl)
    assert found["overlap"] == numbers.likeness.overlap
    assert [one["part"] for one in found["changes"]] == [
        str(one.part) for one in numbers.likeness.largest_changes
    ]
    assert sum(found["difference"].values()) == both.difference(0.3).is_drawn.sum()
    assert (found["first"]["prediction"], found["second"]["prediction"]) == (" Mary", " John")
    assert found["second"]["edges"] == numbers.second.n_edges
    assert found["first"].keys() == {
        "model",
        "prompt",
        "prompt_tokens",
        "edits",
        "method",
        "position",
        "prediction",
        "probability",
        "target",
        "contrast",
        "target_logit",
        "target_probability",
        "target_rank",
        "measured",
        "edges",
    }


def test_one_prompt_asked_otherwise():
    edited = answered("compare", "small-world", PROMPT, "--edit", "L2H1")
    assert (edited["first"]["edits"], edited["second"]["edits"]) == ([], ["L2H1"])
    assert edited["kl"] > 0.5
    assert edited["second"]["prediction"] == " John"
    assert edited["first"]["target"] == edited["second"]["target"] == " Mary"
    targets = answered("compare", "small-world", PROMPT, "--target", " Mary", "--other-target", " John")
    assert (targets["first"]["method"], targets["second"]["method"]) == ("relp", "relp")
    assert (targets["first"]["target"], targets["second"]["target"]) == (" Mary", " John")
    methods = answered("compare", "small-world", PROMPT, "--other-method", "relp")
    assert methods["difference"] is None
    assert methods["overlap"] > 0
    assert "their weights have other units" in said(
        "compare", "small-world", PROMPT, "--other-method", "relp"
    )


def test_the_alignment_and_the_position(small_world):
    found = answered("compare", "small-world", PROMPT, LONGER, "--align", "3-3,8-", "--position", "7")
    assert [8, None] in found["columns"]
    assert (found["first"]["position"], found["second"]["position"]) == (7, 8)


def test_files(tmp_path, small_world):
    begins = {
        "d.html": b"<!doctype html>",
        "d.svg": b"<svg ",
        "d.png": b"\x89PNG",
        "d.csv": b'"part"',
        "d.json": b"{",
    }
    for name, begin in begins.items():
        place = tmp_path / name
        told = run("compare", "small-world", PROMPT, OTHER, "--density", "0.02", "-o", str(place))
        assert told.exit_code == 0, told.output
        assert place.read_bytes().startswith(begin)
    counts = json.loads((tmp_path / "d.json").read_text())["difference"]
    assert len((tmp_path / "d.csv").read_text().splitlines()) == 1 + sum(counts.values())


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--method", "relpp"], "Did you mean relp?"),
        (["--other-method", "nothing"], "Choose one of ifr"),
        (["--threshold", "0.1", "--density", "0.1"], "Give one."),
        (["-o", "difference.pdf"], "Choose one of html"),
    ],
)
def test_wrong_usage(options, found):
    told = run("compare", "small-world", PROMPT, OTHER, *options)
    assert told.exit_code == 2
    assert found in " ".join(told.output.replace("│", " ").split())


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--align", "1-1-1"], "no pairs of positions"),
        (["--align", "3-4,4-3"], "crosses"),
        (["--position", "99"], "has 14 tokens"),
        (["--density", "2"], "share of the whole"),
    ],
)
def test_errors_in_words(options, found):
    told = run("compare", "small-world", PROMPT, OTHER, *options)
    assert isinstance(told.exception, llm_tt.LlmTtError)
    assert found in str(told.exception)


def test_another_tokenizer_is_refused(save_family):
    told = run("compare", "small-world", PROMPT, "--other-model", str(save_family("GPT-2")))
    assert isinstance(told.exception, llm_tt.LlmTtError)
    assert "different tokens" in str(told.exception) or "tokens, the second one" in str(told.exception)


def test_in_a_process_of_its_own():
    done = as_a_person(
        "compare", "small-world", "<script>alert(1)</script>", "\N{WAVING HAND SIGN}", "--json"
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["first"]["prompt"] == "<script>alert(1)</script>"


def test_an_empty_prompt():
    told = run("compare", "small-world", "", "x")
    assert isinstance(told.exception, llm_tt.LlmTtError)
