"""A graph as a Python script that makes it again."""

from dataclasses import dataclass, fields
from typing import Final

from llm_tt.attribution.baseline import BaselineName
from llm_tt.attribution.method_list import WITH_BASELINE, WITHOUT_TARGET, Method
from llm_tt.attribution.proximity import Norm
from llm_tt.attribution.run_record import Explained
from llm_tt.attribution.target import Target
from llm_tt.graph.cuts import Cut
from llm_tt.graph.flow_graph import Aggregate
from llm_tt.intervention.basket import Basket, BasketItem
from llm_tt.intervention.edits import Edit
from llm_tt.model.spec import ModelSpec


@dataclass(frozen=True, slots=True)
class GraphRecipe:
    """How a graph came about; plain values that repeat it."""

    spec: ModelSpec
    text: str
    method: Method
    position: int
    target: Target | None = None
    """None for methods that ask for none."""
    edits: tuple[Edit, ...] = ()
    baseline: BaselineName = "mean"
    norm: Norm = "l1"
    aggregate: Aggregate = "threshold"
    cut: Cut | None = None
    """None for the whole graph."""
    explained: Explained | None = None
    """The target in words, for whoever reads the script."""


_BEGIN: Final = '''"""A graph of information flow, made again as it was."""

from pathlib import Path

import llm_tt

'''

_END: Final = """
print(f"{graph.n_edges:,} of {graph.n_candidates:,} edges, {graph.mass:.0%} of the weight")
for path in graph.paths(top=5):
    print(f"{path.width:.3g}", " -> ".join(graph.lattice.name_of(node) for node in path.nodes))
"""

_SAVE: Final = """
page = Path(__file__).with_suffix(".again.html")
llm_tt.save_graph(graph, page, model=model, trace=trace)
print(f"{page} shows it in a browser")
"""


def script_of(recipe: GraphRecipe) -> str:
    """The script; it needs llm_tt and the same model."""
    lines = [f"model = llm_tt.load_model({_model(recipe.spec)})", *_run(recipe), *_graph(recipe)]
    return _BEGIN + "\n".join(lines) + "\n" + _END + _measured(recipe) + _SAVE


def _model(spec: ModelSpec) -> str:
    """A name, or a spec where something else is not as usual."""
    usual = ModelSpec(spec.source)
    others = [
        f"{field.name}={getattr(spec, field.name)!r}"
        for field in fields(spec)
        if getattr(spec, field.name) != getattr(usual, field.name)
    ]
    if not others:
        return repr(spec.source)
    return f"llm_tt.ModelSpec({', '.join([repr(spec.source), *others])})"


def _run(recipe: GraphRecipe) -> list[str]:
    prompt = f"prompt = {recipe.text!r}"
    if not recipe.edits:
        return [prompt, "trace = llm_tt.capture(model, prompt)"]
    link = Basket(tuple(BasketItem(edit) for edit in recipe.edits)).to_link()
    return [
        prompt,
        f"edits = llm_tt.Basket.from_link({link!r}).active",
        "trace = llm_tt.run_with_edits(model, prompt, edits)",
    ]


def _graph(recipe: GraphRecipe) -> list[str]:
    options = [repr(recipe.method)]
    if recipe.method in WITHOUT_TARGET and recipe.norm != "l1":
        options.append(f"norm={recipe.norm!r}")
    if recipe.target is not None:
        options += [f"target_position={recipe.target.position}", f"target_token={recipe.target.token_id}"]
        if recipe.target.contrast_id is not None:
            options.append(f"contrast_token={recipe.target.contrast_id}")
        if recipe.target.metric != "logit":
            options.append(f"metric={recipe.target.metric!r}")
    if recipe.method in WITH_BASELINE and recipe.baseline != "mean":
        options.append(f"baseline={recipe.baseline!r}")
    built = [f"shares, target_position={recipe.position}"]
    if recipe.aggregate != "threshold":
        built.append(f"aggregate={recipe.aggregate!r}")
    lines = [
        *_in_words(recipe.explained),
        f"shares = llm_tt.attribute(model, trace, {', '.join(options)})",
        f"graph = llm_tt.build_graph({', '.join(built)})",
    ]
    if recipe.cut is not None:
        unit, value = next(
            (field.name, getattr(recipe.cut, field.name))
            for field in fields(recipe.cut)
            if getattr(recipe.cut, field.name) is not None
        )
        lines.append(f"graph = graph.prune({unit}={value!r})")
    return lines


def _measured(recipe: GraphRecipe) -> str:
    """What the graph keeps; not of an edited run, where cuts would mix with the edits."""
    if recipe.edits:
        return ""
    baseline = "" if recipe.baseline == "mean" else f", baseline={recipe.baseline!r}"
    return (
        f"\ncard = llm_tt.check_faithfulness(model, trace, graph{baseline})\n"
        'print("these edges alone keep", card.retained, "of the target; all but these", '
        "card.complement.retained)\n"
    )


def _in_words(explained: Explained | None) -> list[str]:
    if explained is None:
        return []
    against = "" if explained.contrast is None else f" against {explained.contrast!r}"
    return [f"# explains {explained.token!r}{against}"]
