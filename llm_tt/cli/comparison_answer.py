"""`ComparisonAnswer`: two runs compared, for a person, for a program and as a file."""

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, cast

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from llm_tt.cli.answers import what_was_asked
from llm_tt.cli.comparison_question import ComparisonQuestion
from llm_tt.cli.stderr import working
from llm_tt.render.number_words import signed_text

if TYPE_CHECKING:
    from llm_tt.comparison.compared import Comparison
    from llm_tt.comparison.difference import GraphDifference
    from llm_tt.comparison.explained_run import ExplainedRun
    from llm_tt.comparison.numbers import ComparisonNumbers, RunNumbers
    from llm_tt.render.inspector_tables import Columns


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonAnswer:
    """Both runs, and how much of them is told."""

    both: "Comparison"
    question: ComparisonQuestion
    top: int
    is_dark: bool

    def to_json(self) -> dict[str, object]:
        """As the command's help has it."""
        numbers = self._numbers()
        likeness = numbers.likeness
        difference = self._difference()
        return {
            "first": _side(self.both.first, numbers.first),
            "second": _side(self.both.second, numbers.second),
            "columns": [list(column) for column in self.both.alignment.columns],
            "kl": numbers.kl,
            "threshold": numbers.first.threshold,
            "overlap": likeness and likeness.overlap,
            "edge_correlation": likeness and likeness.edge_correlation,
            "component_correlation": likeness and likeness.component_correlation,
            "changes": [
                {"part": str(one.part), "first": one.first, "second": one.second, "change": one.change}
                for one in (likeness.largest_changes if likeness else ())
            ],
            "difference": None if difference is None else asdict(difference.counts),
        }

    def to_print(self) -> list[RenderableType]:
        """Numbers, what changed most, and the edges counted."""
        from llm_tt.render.comparison_tables import change_columns, likeness_in_words, number_columns
        from llm_tt.render.sides import names_of_sides
        from llm_tt.render.weight_words import unit_of

        names = names_of_sides(self.both.first, self.both.second)
        numbers = self._numbers()
        shown: list[RenderableType] = [_table(number_columns(numbers, names), self._title(names))]
        shown.append(likeness_in_words(numbers))
        if numbers.likeness and numbers.likeness.largest_changes:
            unit = unit_of(self.both.first.shares)
            changes = change_columns(numbers.likeness.largest_changes, self._labels(), names, unit)
            shown.append(_table(changes, f"Heads and MLPs that changed most ({unit or 'per cent'})"))
        shown.append(Text(self._counted()))
        return shown

    def to_file(self, kind: str) -> tuple[bytes, str]:
        """The content, and a word on it.

        Raises:
            ComparisonError: the two have no difference.
            ExportError: the picture cannot be drawn.
        """
        with working(f"writing {kind}"):
            content = self._content(kind)
        return content, self._counted()

    def _content(self, kind: str) -> bytes:
        if kind == "json":
            return json.dumps(self.to_json(), indent=2, allow_nan=False).encode() + b"\n"
        if kind == "csv":
            from llm_tt.render.difference_table import as_csv

            return as_csv(self.both.difference(self._threshold()))
        from llm_tt.render.difference_payload import difference_payload

        payload = difference_payload(self.both, self.both.common_graphs(), "file")
        if kind == "html":
            from llm_tt.render.standalone_html import FLOW, standalone_html

            cut = self._cut()
            view = None if cut is None else {"cut": cut, "pins": []}
            return standalone_html(FLOW, payload, title=self._title(("A", "B")), view=view).encode()
        from llm_tt.graph.cuts import Cut
        from llm_tt.render.pictures import picture_svg
        from llm_tt.render.png import png_of

        threshold = self._threshold()
        at = None if threshold is None else Cut(threshold=threshold)
        svg = picture_svg(payload, is_dark=self.is_dark, cut=at)
        return svg.encode() if kind == "svg" else png_of(svg)

    def _threshold(self) -> float | None:
        """The cut of both; a density is one of the first graph."""
        pair = self.both.pair
        if self.question.density is None or pair is None:
            return self.question.threshold
        return pair.first.threshold_for(density=self.question.density)

    def _cut(self) -> dict[str, object] | None:
        threshold = self._threshold()
        return None if threshold is None else {"unit": "threshold", "value": threshold}

    def _numbers(self) -> "ComparisonNumbers":
        return self.both.numbers(self._threshold(), top=self.top)

    def _difference(self) -> "GraphDifference | None":
        pair = self.both.pair
        is_there = pair is not None and pair.is_one_unit
        return self.both.difference(self._threshold()) if is_there else None

    def _counted(self) -> str:
        difference = self._difference()
        if difference is None:
            why = (
                "the models have other sizes" if self.both.pair is None else "their weights have other units"
            )
            return f"No difference of edges: {why}."
        counts = difference.counts
        return (
            f"gained {counts.gained:,}, lost {counts.lost:,}, changed {counts.changed:,}, "
            f"same {counts.same:,} edges at the threshold {difference.threshold:.3g}"
        )

    def _labels(self) -> tuple[str, ...]:
        from llm_tt.render.flow_payload import visible_tokens

        sides = (self.both.first, self.both.second)
        return self.both.alignment.labels(*(visible_tokens(run.trace.prompt) for run in sides))

    def _title(self, names: tuple[str, str]) -> str:
        texts = [run.trace.prompt.text for run in (self.both.first, self.both.second)]
        if texts[0] == texts[1]:
            return texts[0]
        return "\n".join(f"{name}: {text}" for name, text in zip(names, texts, strict=True))


def _side(run: "ExplainedRun", numbers: "RunNumbers") -> dict[str, object]:
    told = asdict(numbers)
    edges = told.pop("n_edges")
    del told["threshold"]
    return {
        **what_was_asked(run.model, run.trace),
        "method": run.shares.method,
        "position": run.target.position,
        **told,
        "edges": edges,
    }


def _table(columns: "Columns", title: str) -> Table:
    table = Table(*columns, title=Text(title))
    for row in zip(*columns.values(), strict=True):
        table.add_row(
            *(
                Text(signed_text(cell, 3) if isinstance(cell, float) else str(cast(object, cell)))
                for cell in row
            )
        )
    return table
