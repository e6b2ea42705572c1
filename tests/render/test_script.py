"""A script makes the same graph again, from the model's name on."""

import os
import subprocess
import sys

import pytest

import llm_tt
from llm_tt.attribution.target import resolve_target
from llm_tt.graph.cuts import Cut
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.model.spec import ModelSpec
from llm_tt.render.graph_formats import save_graph
from llm_tt.render.script import GraphRecipe, script_of
from tests.graph.same_graph import assert_same

PROMPT = 'The capital of Japan is "the" city of\\n'


def graph_of(recipe: GraphRecipe) -> FlowGraph:
    """As the page or the command line would make it."""
    model = llm_tt.load_model(recipe.spec)
    trace = llm_tt.run_with_edits(model, recipe.text, recipe.edits)
    target = recipe.target
    asked = (
        {"norm": recipe.norm}
        if target is None
        else {
            "target_position": target.position,
            "target_token": target.token_id,
            "contrast_token": target.contrast_id,
            "metric": target.metric,
            "baseline": recipe.baseline,
        }
    )
    shares = llm_tt.attribute(model, trace, recipe.method, **asked)
    graph = llm_tt.build_graph(shares, recipe.position, aggregate=recipe.aggregate)
    cut = recipe.cut
    return graph if cut is None else graph.prune(threshold=cut.threshold, density=cut.density, mass=cut.mass)


def recipes() -> dict[str, GraphRecipe]:
    spec = ModelSpec("small-world")
    model = llm_tt.load_model(spec)
    trace = llm_tt.capture(model, PROMPT)
    against = resolve_target(model, trace, position=-2, contrast=" Paris")
    nats = resolve_target(model, trace, token=" Tokyo", metric="logprob")
    edits = (llm_tt.Ablate.head(2, 1), llm_tt.Scale.mlp(1, 0.5), llm_tt.SetNeuron(3, 5, 2.0))
    last = len(trace.prompt) - 1
    return {
        "shares": GraphRecipe(spec, PROMPT, "ifr", last - 1, norm="l2", cut=Cut(threshold=0.05)),
        "flow": GraphRecipe(spec, PROMPT, "ifr", last, aggregate="flow", cut=Cut(mass=0.7)),
        "against": GraphRecipe(
            spec, PROMPT, "relp", last - 1, against, baseline="zero", cut=Cut(density=0.05)
        ),
        "edited": GraphRecipe(spec, PROMPT, "gradact", last, nats, edits, cut=Cut(density=0.02)),
        "double": GraphRecipe(ModelSpec("small-world", dtype="float64"), PROMPT, "dla", last, nats),
    }


@pytest.mark.parametrize("name", ["shares", "flow", "against", "edited", "double"])
def test_the_script_makes_the_graph_again(name):
    recipe = recipes()[name]
    begin, _, _ = script_of(recipe).partition("\nprint(")
    made: dict = {}
    exec(begin, made)
    assert_same(made["graph"], graph_of(recipe))


@pytest.mark.parametrize("name", ["against", "edited"])
def test_the_whole_script_runs_by_itself(name, tmp_path):
    recipe = recipes()[name]
    graph = graph_of(recipe)
    save_graph(graph, tmp_path / "again.py", recipe=recipe)
    done = subprocess.run(
        [sys.executable, "again.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ,
    )
    assert done.returncode == 0, done.stderr
    assert "edges, " in done.stdout
    assert (
        f"{graph.paths(top=1)[0].width:.3g} embed@" in done.stdout
    )  # products of signed weights mean nothing
    assert "<title>The capital of Japan" in (tmp_path / "again.again.html").read_text()
    if recipe.edits:
        assert "keep" not in done.stdout
        return
    model = llm_tt.load_model(recipe.spec)
    trace = llm_tt.capture(model, recipe.text)
    kept = llm_tt.check_faithfulness(model, trace, graph, baseline=recipe.baseline).retained
    said = float(done.stdout.partition("keep ")[2].split()[0])
    assert said == pytest.approx(kept, rel=1e-3)
