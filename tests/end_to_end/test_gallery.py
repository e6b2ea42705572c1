"""The gallery is true: its commands run, and what it says of their graphs is what they measure."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from llm_tt.cli import cli
from llm_tt.graph.graph_json import from_json
from llm_tt.render.edge_table import edge_table

GALLERY = Path(__file__).parents[2] / "docs" / "gallery.md"
FINDINGS = {
    title: (command.replace("\\\n", " "), text)
    for title, command, text in re.findall(
        r"^## (.*?)\n\n```sh\n(.*?)```\n(.*?)(?=^## |\Z)", GALLERY.read_text(encoding="utf-8"), re.M | re.S
    )
}
GRAPHS = {title: found for title, found in FINDINGS.items() if " graph " in found[0]}
SHARES = re.compile(
    r"alone they keep (-?\d+) % of the \w+, as many random ones (-?\d+) %; "
    r"without them (-?\d+) % are left, without as many random ones (-?\d+) %"
)


def run(command: str, *more: str) -> str:
    """What it prints, without writing a picture."""
    _, *arguments = shlex.split(command)
    if "-o" in arguments:
        place = arguments.index("-o")
        del arguments[place : place + 2]
    result = CliRunner().invoke(cli, [*arguments, *more])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_there_are_five():
    assert len(FINDINGS) == 5
    assert len(GRAPHS) == 4


@pytest.mark.parametrize("title", GRAPHS)
def test_a_graph_is_what_the_text_says(title):
    command, text = GRAPHS[title]
    content = json.loads(run(command, "--measure", "--json"))
    measured, graph = content.pop("faithfulness"), from_json(content)
    text = " ".join(text.split())
    parts = re.findall(r"`(L\d[^`]*@[\d-]+)`", text)
    assert len(parts) >= 2
    assert set(parts) <= set(edge_table(graph)["part"].to_pylist())
    assert f"{graph.n_edges:,} of {graph.n_candidates:,} edges" in text
    said = [int(number) for number in SHARES.search(text).groups()]
    found = [measured[name] for name in ("retained", "random_retained", "complement", "random_complement")]
    assert said == pytest.approx([100 * share for share in found], abs=1.0)


def test_one_head_off_is_what_the_text_says():
    command, text = next(found for title, found in FINDINGS.items() if title not in GRAPHS)
    content = json.loads(run(command, "--json"))
    before, after = (
        {row["token"]: row["probability"] for row in content[run]} for run in ("before", "after")
    )
    shares = (before[" Mary"], after[" Mary"], after[" John"])
    assert re.findall(r"(\d+) %", text) == [f"{100 * share:.0f}" for share in shares]


def test_the_trace_is_what_the_text_says():
    ranks = json.loads(run('llm-tt trace small-world "The capital of Japan is the city of"', "--json"))[
        "layers"
    ]
    assert [layer["after"]["target_rank"] for layer in ranks][2:] == [47, 1]


def test_every_picture_is_there_and_is_the_commands_own():
    for command, text in GRAPHS.values():
        (shown,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
        assert f"docs/{shown}" in command
        assert (GALLERY.parent / shown).exists()
