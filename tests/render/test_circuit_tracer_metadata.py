"""What a graph's file says of it: names that can stand in an address, and nothing that nobody knows."""

import math
import re
from dataclasses import replace

import pytest

import llm_tt
from llm_tt.attribution.run_record import Explained, Prediction, RunRecord
from llm_tt.attribution.target import Target
from llm_tt.errors import ExportError
from llm_tt.graph.building import build_graph
from llm_tt.model.prompt import Prompt
from llm_tt.render.circuit_tracer_metadata import (
    NO_TOKEN,
    ShownOutput,
    graph_metadata,
    scan_of,
    shown_output,
)
from tests.graph.random_shares import by_hand, random_shares, signed
from tests.render.circuit_tracer_rules import check_metadata
from tests.render.test_portable_text import TEXTS

PREDICTIONS = (Prediction(" a", 0.25), Prediction(" b", 0.75))
RECORD = RunRecord(predictions=PREDICTIONS)


def graph_of(record=RECORD, *, target=None, text="ab"):
    shares = replace(by_hand(), prompt=Prompt(text, (0, 1), ("a", "b")), record=record)
    return build_graph(shares if target is None else replace(signed(shares), target=target))


@pytest.mark.parametrize(
    ("model", "scan"),
    [
        ("small-world", "small-world"),
        ("EleutherAI/pythia-70m", "EleutherAI-pythia-70m"),
        ("google/gemma-2-2b", "google-gemma-2-2b"),
        ("/home/somebody/models/my model (2)", "my-model-2"),
        ("./models/pythia", "pythia"),
        ("../pythia/", "pythia"),
        ("~/pythia", "pythia"),
        ("a/b/c", "c"),
        (r"C:\models\Pythia_70m.v1", "Pythia_70m.v1"),
        ("модель", "unknown-model"),
        ("", "unknown-model"),
        ("/", "unknown-model"),
    ],
)
def test_a_scan_is_a_model_in_plain_letters_and_no_place_on_a_disk(model, scan):
    assert scan_of(model) == scan


def test_a_slug_is_given_or_made_of_the_prompt():
    assert graph_metadata(graph_of(), "my_graph-1.v2")["slug"] == "my_graph-1.v2"
    made = graph_metadata(graph_of(text="When Mary and John, went\nto the store\n and so on for ever"), None)
    assert re.fullmatch("when-mary-and-john-went-to-the-store-and-ifr-[0-9a-f]{8}", made["slug"])
    assert re.fullmatch("ifr-[0-9a-f]{8}", graph_metadata(graph_of(text="когда"), None)["slug"])


def test_slugs_tell_graphs_apart():
    graph = graph_of()
    graphs = [
        graph,
        graph.prune(density=0.5),
        graph_of(RunRecord(model="another")),
        graph_of(target=Target(1, 3, None, "logit")),
        graph_of(target=Target(1, 4, None, "logit")),
        build_graph(replace(by_hand(), record=graph.record), 0),
        build_graph(replace(by_hand(), record=graph.record), aggregate="flow"),
    ]
    slugs = [graph_metadata(each, None)["slug"] for each in graphs]
    assert len(set(slugs)) == len(slugs)
    assert slugs[0] == graph_metadata(graph_of(), None)["slug"]


@pytest.mark.parametrize(
    ("slug", "cure"), [("my graph", "Call it 'my-graph'"), ("é", "leave it out"), ("..", "leave")]
)
def test_a_slug_that_is_no_address_is_refused(slug, cure):
    with pytest.raises(ExportError, match=cure) as caught:
        graph_metadata(graph_of(), slug)
    assert repr(slug) in caught.value.asked


def test_without_a_target_the_output_is_what_the_model_says():
    assert shown_output(graph_of()) == ShownOutput(" b", 0.75, NO_TOKEN)
    first = build_graph(replace(by_hand(), record=RECORD), 0)
    assert shown_output(first) == ShownOutput(" a", 0.25, NO_TOKEN)


def test_a_target_is_shown_with_its_own_probability():
    record = RunRecord(predictions=PREDICTIONS, explained=Explained(" x", None, 0.125))
    graph = graph_of(record, target=Target(1, 7, None, "logit"))
    assert shown_output(graph) == ShownOutput(" x", 0.125, 7)


@pytest.mark.parametrize("difference", [-2000.0, -1.5, 0.0, 3.0, 2000.0])
def test_a_contrast_has_the_probability_of_one_out_of_two(difference):
    record = RunRecord(predictions=PREDICTIONS, explained=Explained(" x", " y", difference))
    graph = graph_of(record, target=Target(1, 7, 8, "logit"))
    shown = shown_output(graph)
    assert (shown.text, shown.token_id) == (" x − y", 7)
    odds = math.exp(min(difference, 700))
    assert shown.probability == pytest.approx(odds / (1 + odds))
    description = graph_metadata(graph, None)["info"]["description"]
    assert "the logit of ' x' minus the logit of ' y'" in description
    assert "positive links speak for ' x', negative ones for ' y'" in description


def test_what_nobody_recorded_is_not_made_up():
    another = Target(1, 7, None, "logit")  # what the model says at that position need not be it
    for graph in (graph_of(RunRecord()), graph_of(target=another)):
        shown = shown_output(graph)
        assert (shown.text, shown.probability) == ("?", 0)
        assert "Nobody recorded" in graph_metadata(graph, None)["info"]["description"]
    assert "Nobody" not in graph_metadata(graph_of(), None)["info"]["description"]


def test_settings_tell_the_method_the_target_and_the_cut():
    graph = graph_of(RunRecord(is_edited=True), target=Target(1, 7, 8, "logprob"))
    thin = graph.prune(density=0.5)
    metadata = graph_metadata(thin, None)
    assert metadata["info"]["generator"] == {"name": "llm_tt", "version": llm_tt.__version__}
    assert metadata["generation_settings"] == {
        "method": "relp",
        "aggregate": "threshold",
        "target_position": 1,
        "target": {"position": 1, "token_id": 7, "contrast_id": 8, "metric": "logprob"},
        "edited": True,
        "edits": [],
        "max_n_logits": 1,
    }
    assert metadata["pruning_settings"] == {
        "edges": thin.n_edges,
        "candidate_edges": graph.n_edges,
        "density": thin.density,
        "mass": thin.mass,
    }
    assert thin.n_edges < graph.n_edges
    description = metadata["info"]["description"]
    assert "negative links work against it" in description
    assert "An intervention took part" in description
    assert "without a sign" in graph_metadata(graph_of(), None)["info"]["description"]


@pytest.mark.parametrize(("text", "written"), TEXTS)
def test_texts_can_be_read_everywhere(text, written):
    prompt = Prompt(text, (0, 1), (text, "b"))
    shares = replace(random_shares(1, 1, 2), prompt=prompt)
    metadata = graph_metadata(build_graph(shares), None)
    check_metadata(metadata)
    assert metadata["prompt"] == metadata["prompt_tokens"][0] == written
