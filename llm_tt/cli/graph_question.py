"""`GraphQuestion`: what `llm-tt graph` was asked, checked before any model is opened; and its graph."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import typer

from llm_tt.attribution.method_list import (
    DEFAULT_METHOD,
    METHODS,
    SIGNED_METHOD,
    WITH_BASELINE,
    WITH_TARGET,
    WITHOUT_TARGET,
)
from llm_tt.cli.choices import one_of
from llm_tt.cli.stderr import working

if TYPE_CHECKING:
    from llm_tt.attribution.baseline import BaselineName
    from llm_tt.graph.cuts import Cut
    from llm_tt.graph.flow_graph import FlowGraph
    from llm_tt.model.language_model import LanguageModel
    from llm_tt.tracing.trace import ForwardTrace

OPTIONS: Final = {
    "metric": (("logit", "logprob"), WITH_TARGET),
    "baseline": (("mean", "zero"), WITH_BASELINE),
    "norm": (("l1", "l2"), WITHOUT_TARGET),
    "aggregate": (("threshold", "flow"), WITHOUT_TARGET),
}
"""What each option may say, first the default, and the methods that have it."""


@dataclass(frozen=True, slots=True)
class GraphQuestion:
    """Plain values; options that were not given are None."""

    method: str
    position: int
    target: str | None
    contrast: str | None
    options: dict[str, str]
    """Metric, baseline, norm and aggregate, as far as they were said."""
    cut: "Cut | None"
    """None for the cut that shows the main routes."""

    @property
    def baseline(self) -> "BaselineName":
        """What a part is compared with."""
        return "zero" if self.options.get("baseline") == "zero" else "mean"

    def graph_of(self, model: "LanguageModel", trace: "ForwardTrace") -> "FlowGraph":
        """All edges of the prediction."""
        from llm_tt.attribution.methods import attribute
        from llm_tt.attribution.target import resolve_position
        from llm_tt.graph.building import build_graph

        position = resolve_position(trace, self.position)
        asked: dict[str, Any] = {name: said for name, said in self.options.items() if name != "aggregate"}
        asked |= {"target_position": position, "target_token": self.target, "contrast_token": self.contrast}
        with working("attributing"):
            shares = attribute(model, trace, self.method, **asked)  # type: ignore[arg-type]
            aggregate: Any = self.options.get("aggregate", "threshold")
            return build_graph(shares, position, aggregate=aggregate)

    def cut_of(self, graph: "FlowGraph") -> "Cut":
        """What was asked for, or what shows the main routes and not yet everything."""
        from llm_tt.graph.main_routes import usual_cut

        return self.cut or usual_cut(graph)


def asked_question(  # noqa: PLR0913 (as the command)
    method: str | None,
    position: int,
    target: str | None,
    contrast: str | None,
    options: dict[str, str | None],
    cuts: dict[str, float | None],
) -> GraphQuestion:
    """The question of a command's options.

    Raises:
        typer.BadParameter: a word is not known, an option is not of this method, or there are two cuts.
        GraphError: a cut is out of range.
    """
    chosen = method or (DEFAULT_METHOD if target is None and contrast is None else SIGNED_METHOD)
    one_of(chosen, METHODS, "--method")
    if chosen in WITHOUT_TARGET and not (target is None and contrast is None):
        others = " or ".join(WITH_TARGET)
        message = f"{chosen} knows no target. Use {others}, or leave --target and --contrast out."
        raise typer.BadParameter(message, param_hint="--method")
    said = {name: value for name, value in options.items() if value is not None}
    for name, value in said.items():
        known, methods = OPTIONS[name]
        one_of(value, known, f"--{name}")
        if chosen not in methods:
            message = f"That is an option of {', '.join(methods)}, not of {chosen}."
            raise typer.BadParameter(message, param_hint=f"--{name}")
    return GraphQuestion(chosen, position, target, contrast, said, _one_cut(cuts))


def _one_cut(cuts: dict[str, float | None]) -> "Cut | None":
    given = {name: value for name, value in cuts.items() if value is not None}
    if len(given) > 1:
        message = f"{' and '.join(f'--{name}' for name in given)} say the same in different ways. Give one."
        raise typer.BadParameter(message)
    if not given:
        return None
    from llm_tt.graph.cuts import Cut

    return Cut(**given)
