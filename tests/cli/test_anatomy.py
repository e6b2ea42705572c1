"""`llm-tt anatomy`, as a person uses it."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from llm_tt.anatomy import building
from llm_tt.cli import cli as command

PROMPT = "When Mary and John went to the store, John gave a drink to"
runner = CliRunner()


def run(*arguments):
    return runner.invoke(command, ["anatomy", *arguments], env={"COLUMNS": "160"})


def test_a_table_of_the_last_layer():
    result = run("small-world", PROMPT)
    assert result.exit_code == 0, result.output
    assert "L3H3.value@1-13" in result.output
    assert "L2H1" not in result.output
    assert "·Mary" in result.output


def test_a_file_of_several_layers(tmp_path):
    place = tmp_path / "anatomy.html"
    result = run(
        "small-world", PROMPT, "--layers", "1-3", "--target", " John", "--against", " Mary", "-o", str(place)
    )
    assert result.exit_code == 0, result.output
    assert str(place) in result.output.replace("\n", "")
    assert place.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--layers", "two", "names no layers"), ("--measure", "size", "is no measure"), ("--layers", "3-2", "")],
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
    options = ("--position", "4", "--measure", "norm", "--against", " Mary", "--target", " John")
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
