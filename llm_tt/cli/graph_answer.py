"""`GraphAnswer`: the graph of one prompt, for a person, for a program and as a file."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from llm_tt.cli.graph_question import GraphQuestion
from llm_tt.cli.stderr import working
from llm_tt.render.number_words import percent_text

if TYPE_CHECKING:
    from llm_tt.faithfulness.check import Faithfulness
    from llm_tt.graph.flow_graph import FlowGraph
    from llm_tt.model.language_model import LanguageModel
    from llm_tt.render.graph_formats import Format
    from llm_tt.render.script import GraphRecipe
    from llm_tt.tracing.trace import ForwardTrace


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a question is to be answered."""

    top: int
    """Rows of each table."""
    is_dark: bool
    measure: bool
    """Whether what the graph keeps of the prediction is measured."""


@dataclass(frozen=True, slots=True, eq=False)
class GraphAnswer:
    """A whole graph, and the part of it that was asked for."""

    question: GraphQuestion
    wanted: Wanted
    model: "LanguageModel"
    trace: "ForwardTrace"
    whole: "FlowGraph"
    kept: "FlowGraph"

    @classmethod
    def to(
        cls, question: GraphQuestion, model: "LanguageModel", trace: "ForwardTrace", wanted: Wanted
    ) -> "GraphAnswer":
        """The answer to a question about a pass."""
        whole = question.graph_of(model, trace)
        cut = asdict(question.cut_of(whole))
        return cls(question, wanted, model, trace, whole, whole.prune(**cut))

    def to_json(self) -> dict[str, object]:
        """As the command's help has it."""
        content: dict[str, object] = self.kept.to_json()
        card = self._measured()
        return content if card is None else content | {"faithfulness": _numbers(card)}

    def to_print(self) -> list[RenderableType]:
        """Routes, edges, and how much of the whole they are."""
        from llm_tt.cli.graph_tables import edges_table, explained_line, routes_table

        shown: list[RenderableType] = [Text("No route from an input token to the prediction is left.")]
        if self.kept.n_edges:
            shown = [table(self.kept, self.wanted.top) for table in (routes_table, edges_table)]
        return [Text(explained_line(self.kept)), *shown, Text("; ".join(self._counted(self.kept)))]

    def to_file(self, kind: "Format") -> tuple[bytes, str]:
        """The content, and a word on it. A page has a slider of its own, so it gets all edges."""
        from llm_tt.render.graph_formats import ExportContext, graph_bytes

        is_page = kind.name == "html"
        shown = self.whole if is_page and self.question.cut is None else self.kept
        context = ExportContext(
            model=self.model,
            trace=self.trace,
            recipe=self._recipe(),
            is_dark=self.wanted.is_dark,
            measure=self.wanted.measure and is_page,
        )
        with working(f"writing {kind.name}"):
            content = graph_bytes(kind, shown, context)
        return content, "; ".join(self._counted(shown, is_measured=not is_page))

    def _counted(self, graph: "FlowGraph", *, is_measured: bool = True) -> list[str]:
        said = [
            f"{graph.n_edges:,} of {graph.n_candidates:,} edges, {percent_text(graph.mass, 0)} of the weight"
        ]
        card = self._measured() if is_measured else None
        return said if card is None else [*said, _in_words(card)]

    def _measured(self) -> "Faithfulness | None":
        if not self.wanted.measure:
            return None
        from llm_tt.faithfulness.check import check_faithfulness

        with working("measuring"):
            return check_faithfulness(self.model, self.trace, self.kept, baseline=self.question.baseline)

    def _recipe(self) -> "GraphRecipe":
        from llm_tt.intervention.run import AppliedEdits
        from llm_tt.render.script import GraphRecipe

        changes = self.trace.changes
        return GraphRecipe(
            spec=self.model.spec,
            text=self.trace.prompt.text,
            method=self.question.method,  # type: ignore[arg-type]
            position=self.whole.target_position,
            target=self.whole.explains,
            edits=changes.edits if isinstance(changes, AppliedEdits) else (),
            baseline=self.question.baseline,
            norm=self.question.options.get("norm", "l1"),  # type: ignore[arg-type]
            aggregate=self.whole.aggregate,
            cut=self.question.cut_of(self.whole),
        )


def _numbers(card: "Faithfulness") -> dict[str, object]:
    return {
        "retained": card.retained,
        "complement": card.complement.retained,
        "random_retained": card.random_retained,
        "random_complement": card.random_complement,
        "kl": card.kl,
        "same_top_token": card.same_top_token,
    }


def _in_words(card: "Faithfulness") -> str:
    """As in: alone they keep 42 % of the prediction (random ones 3 %), all others 10 % (95 %)."""

    def number(value: float | None) -> str:
        return "nothing that could be measured" if value is None else percent_text(value, 0)

    return (
        f"alone they keep {number(card.retained)} of the prediction (as many random ones "
        f"{number(card.random_retained)}), all others {number(card.complement.retained)} "
        f"(all but random ones {number(card.random_complement)})"
    )
