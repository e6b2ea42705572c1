"""`llm-tt graph`, as a person uses it: tables, an object, files of every kind."""

import json

import pytest

import llm_tt
from llm_tt.errors import ExportError
from llm_tt.graph.graph_json import from_json
from llm_tt.render.graph_formats import FORMATS
from llm_tt.render.number_words import percent_text
from tests.cli.running import PROMPT, answered, as_a_person, run, said

AGAINST = ("--target", " Mary", "--contrast", " John")


def test_tables_for_a_person():
    printed = said("graph", "small-world", PROMPT, *AGAINST, "--top", "3")
    places = [
        printed.index(word)
        for word in ("·Mary against ·John", "Strongest routes", "L2H1@9-13", "64 of 1,848")
    ]
    assert places == sorted(places)
    assert "they keep" not in printed


def test_an_object_for_programs(small_world):
    found = answered("graph", "small-world", PROMPT, *AGAINST, "--density", "0.02")
    trace = llm_tt.capture(small_world, PROMPT)
    shares = llm_tt.attribute(small_world, trace, "relp", target_token=" Mary", contrast_token=" John")
    expected = llm_tt.build_graph(shares).prune(density=0.02)
    graph = from_json(found)
    assert graph.n_edges == expected.n_edges == len(found["edges"]["weight"])
    assert (graph.weight == expected.weight).all()
    assert "faithfulness" not in found


def test_measured_faithfulness_is_that_of_the_library(small_world):
    found = answered("graph", "small-world", PROMPT, *AGAINST, "--measure", "--baseline", "zero")
    graph = from_json({key: value for key, value in found.items() if key != "faithfulness"})
    trace = llm_tt.capture(small_world, PROMPT)
    card = llm_tt.check_faithfulness(small_world, trace, graph, baseline="zero")
    assert found["faithfulness"] == pytest.approx(
        {
            "retained": card.retained,
            "complement": card.complement.retained,
            "random_retained": card.random_retained,
            "random_complement": card.random_complement,
            "kl": card.kl,
            "same_top_token": card.same_top_token,
        },
        rel=1e-3,
    )
    printed = said("graph", "small-world", PROMPT, *AGAINST, "--measure", "--baseline", "zero")
    assert f"alone they keep {percent_text(card.retained, 0)} of the prediction" in printed


@pytest.mark.parametrize("kind", FORMATS.values(), ids=list(FORMATS))
def test_a_file_of_every_kind(kind, tmp_path):
    place = tmp_path / f"graph.{kind.suffix}"
    printed = said("graph", "small-world", PROMPT, *AGAINST, "-o", str(place))
    n_edges = "1,848" if kind.name == "html" else "64"
    assert printed.startswith(f"{place}: {n_edges} of 1,848 edges")
    named = tmp_path / "named"
    said("graph", "small-world", PROMPT, *AGAINST, "-o", str(named), "--format", kind.name)
    if kind.name != "parquet":
        assert named.read_bytes() == place.read_bytes()


def test_a_cut_goes_into_the_page_too(tmp_path):
    place = tmp_path / "graph.html"
    printed = said("graph", "small-world", PROMPT, "--density", "0.1", "-o", str(place))
    assert " 185 of 1,848 edges" in printed


def test_the_picture_can_be_dark(tmp_path):
    for options in ([], ["--dark"]):
        said("graph", "small-world", PROMPT, "-o", str(tmp_path / f"{len(options)}.svg"), *options)
    assert (tmp_path / "0.svg").read_text() != (tmp_path / "1.svg").read_text()


def test_what_is_measured_is_said_with_a_file(tmp_path):
    place = tmp_path / "graph.csv"
    assert "they keep" in said("graph", "small-world", PROMPT, *AGAINST, "-o", str(place), "--measure")


def test_the_script_repeats_what_was_asked(tmp_path):
    place = tmp_path / "graph.py"
    asked = [*AGAINST, "--baseline", "zero", "--position", "9", "--mass", "0.5", "--edit", "L2H1*0"]
    said("graph", "small-world", PROMPT, *asked, "-o", str(place))
    script = place.read_text()
    for words in ("baseline='zero'", "target_position=9", "mass=0.5", "scale:L2H1:0.0"):
        assert words in script


def test_stdout_gets_the_bytes_and_nothing_else():
    done = as_a_person("graph", "small-world", PROMPT, "-o", "-", "--format", "png", text=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"\x89PNG")
    assert done.stdout.endswith(b"IEND\xaeB`\x82")


def test_many_prompts_are_many_files_or_lines(tmp_path):
    both = b"The capital of France is\nThe capital of Italy is\n"
    said("graph", "small-world", "--file", "-", "-o", str(tmp_path / "{n}.json"), input=both)
    written = [json.loads((tmp_path / f"{number}.json").read_text()) for number in (1, 2)]
    lines = said("graph", "small-world", "--file", "-", "--json", input=both).splitlines()
    assert [json.loads(line) for line in lines] == written
    assert [graph["prompt"]["text"] for graph in written] == both.decode().splitlines()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-o", "x.jsn"], "Did you mean json?"),
        (["-o", "x", "--format", "svgg"], "Did you mean svg?"),
        (["-o", "x"], "no ending"),
    ],
)
def test_a_kind_of_file_that_there_is_not_is_said_before_the_work(options, says, monkeypatch):
    monkeypatch.setattr("llm_tt.model.loading.load_model", lambda _: pytest.fail("that takes seconds"))
    result = run("graph", "small-world", PROMPT, *options)
    assert isinstance(result.exception, ExportError)
    assert says in str(result.exception)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--format", "svg"], "Say where the file goes"),
        (["-o", "-"], "say the kind of file"),
        (["-o", "x.json", "--json"], "not both"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_usage(options, says):
    result = run("graph", "small-world", PROMPT, *options)
    assert result.exit_code == 2
    assert says in result.stderr
