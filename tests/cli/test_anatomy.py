"""`llm-tt anatomy`, as a person uses it."""

from dataclasses import replace

import pytest

import llm_tt
from llm_tt.anatomy import building
from llm_tt.anatomy.measures import MEASURES
from llm_tt.cli import anatomy
from tests.cli.running import PROMPT, answered
from tests.cli.running import run as run_command


def run(*arguments):
    return run_command("anatomy", *arguments)


def test_a_table_of_the_last_layer():
    result = run("small-world", PROMPT)
    assert result.exit_code == 0, result.output
    assert "L3H3.value@1-13" in result.output
    assert "L2H1" not in result.output
    assert "·Mary" in result.output


def test_a_file_of_several_layers(tmp_path):
    place = tmp_path / "anatomy.html"
    result = run(
        "small-world", PROMPT, "--layers", "1-3", "--target", " John", "--contrast", " Mary", "-o", str(place)
    )
    assert result.exit_code == 0, result.output
    assert str(place) in result.output.replace("\n", "")
    assert place.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_name_of_a_file_says_its_kind(tmp_path):
    wanted = {"a.svg": b"<svg ", "a.PNG": b"\x89PNG", "dark.svg": b"<svg "}
    for name, begins in wanted.items():
        dark = ["--dark"] if name == "dark.svg" else []
        assert run("small-world", "When Mary", *dark, "-o", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert (tmp_path / "a.svg").read_bytes() != (tmp_path / "dark.svg").read_bytes()
    piped = run("small-world", "When Mary", "-o", "-", "--format", "svg")
    assert piped.stdout_bytes == (tmp_path / "a.svg").read_bytes()


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.doc", "a"])
def test_a_kind_that_an_anatomy_cannot_become_is_refused_before_the_work(tmp_path, monkeypatch, name):
    monkeypatch.setattr(building, "flow", None)
    result = run("small-world", PROMPT, "-o", str(tmp_path / name))
    assert isinstance(result.exception, llm_tt.LlmTtError)
    assert "svg" in result.exception.remedy
    assert not (tmp_path / name).exists()


def test_a_file_for_each_prompt(tmp_path):
    prompts = tmp_path / "prompts.txt"
    prompts.write_text("The capital of France is\nThe capital of Italy is\n")
    asked = ["small-world", "--file", str(prompts), "-o"]
    assert run(*asked, str(tmp_path / "one.html")).exit_code == 2
    assert run(*asked, str(tmp_path / "a{n}.html")).exit_code == 0
    pages = [(tmp_path / f"a{number}.html").read_text(encoding="utf-8") for number in (1, 2)]
    assert ["Italy" in page for page in pages] == [False, True]


def test_for_programs():
    found = answered(
        "anatomy", "small-world", PROMPT, "--layers", "2-3", "--contrast", " John", "--edit", "L0N5=1"
    )
    asked = {"model", "prompt", "prompt_tokens", "edits", "position", "target"}
    assert found.keys() == asked | {"layers", "measure", "nodes", "notes"}
    assert (found["layers"], found["measure"], found["edits"]) == ([2, 3], "contribution", ["L0N5=1"])
    assert (found["target"]["token"], found["target"]["contrast"]) == (" Mary", " John")
    assert found["nodes"][0].keys() == {"name", "contribution", "norm", "target_rank", "reads_as"}
    [last] = [node for node in found["nodes"] if node["name"] == "L3.post@13"]
    assert last["target_rank"] == 1
    assert " Mary" in last["reads_as"]


def test_measures_are_those_of_the_library():
    assert tuple(MEASURES) == anatomy.MEASURES


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--layers", "two", "names no layers"),
        ("--by", "nrm", "Did you mean norm?"),
        ("--layers", "3-2", ""),
    ],
)
def test_what_means_nothing_is_refused(option, value, said):
    result = run("small-world", PROMPT, option, value)
    assert result.exit_code != 0
    assert said in result.output


def test_what_is_asked_is_what_is_shown(monkeypatch):
    """The table is the graph of these options, and what has to be said beside it stands below."""
    asked, flow = {}, building.flow

    def watched(model, trace, layers, target, **options):
        asked.update(options, layers=layers, target=target)
        graph = flow(model, trace, layers, target, **options)
        return replace(graph, notes=("First note.",), neuron_notes=("Second note.",))

    monkeypatch.setattr(building, "flow", watched)
    options = ("--position", "4", "--by", "norm", "--contrast", " Mary", "--target", " John")
    result = run("small-world", PROMPT, *options)
    assert result.exit_code == 0, result.output
    assert asked == {
        "layers": range(3, 4),
        "target": " John",
        "position": 4,
        "contrast": " Mary",
        "measure": "norm",
    }
    assert "L3.post@4" in result.output
    assert result.output.rstrip().endswith("First note.\nSecond note.")
