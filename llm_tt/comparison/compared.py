"""`compare`: two explained runs, aligned; everything that can be said of both comes from here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from llm_tt.comparison.alignment import Alignment, Pair, Side, align
from llm_tt.comparison.difference import GraphDifference, difference_of
from llm_tt.comparison.explained_run import ExplainedRun
from llm_tt.comparison.numbers import ComparisonNumbers, numbers_of
from llm_tt.comparison.paired_graphs import PairedGraphs, pair_graphs
from llm_tt.comparison.promoted import PromotedDifference, promoted_difference
from llm_tt.errors import ComparisonError
from llm_tt.model.language_model import LanguageModel
from llm_tt.tracing.parts import Part


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two runs, and which of their positions belong together."""

    first: ExplainedRun
    second: ExplainedRun
    alignment: Alignment
    pair: PairedGraphs | None
    """Both graphs over common columns; None where the models have other sizes."""

    def difference(self, threshold: float | None = None) -> GraphDifference:
        """What became of each edge; without a threshold, at the first graph's main routes.

        Raises:
            ComparisonError: the models have other sizes, or the methods other units.
        """
        return difference_of(self.common_graphs(), threshold)

    def numbers(self, threshold: float | None = None, *, top: int = 20) -> ComparisonNumbers:
        """Both predictions and graphs in numbers, with so many of the largest changes."""
        return numbers_of(self.first, self.second, self.pair, threshold=threshold, top=top)

    def promoted(self, part: Part | str, *, top: int = 10) -> PromotedDifference:
        """The tokens that a part promotes in both runs; its positions are columns, as in the difference.

        Raises:
            ComparisonError: neither run has it.
            TargetError: there is no such part.
            CapabilityError: the logit lens is switched off, or a model has no single neurons.
        """
        asked = Part.named(part) if isinstance(part, str) else part
        return promoted_difference(
            self.first, self.second, (self.part(asked, 0), self.part(asked, 1)), top=top
        )

    def part(self, part: Part, side: Side) -> Part | None:
        """A part of the columns as one side has it; None where a position of it has no token there."""
        return part_of_side(part, self.alignment, side)

    def common_graphs(self) -> PairedGraphs:
        """Both graphs over common columns.

        Raises:
            ComparisonError: the models have other sizes.
        """
        return self.pair or pair_graphs(self.first.graph, self.second.graph, self.alignment)


def compare(first: ExplainedRun, second: ExplainedRun, pairs: Sequence[Pair] = ()) -> Comparison:
    """Set two runs beside each other: of two prompts, targets, methods, or models, or one with edits.

        clean = llm_tt.explain(model, "When Mary and John went to the store, John gave a drink to", "relp")
        other = llm_tt.explain(model, "When Anne and John went to the store, John gave a drink to", "relp")
        both = llm_tt.compare(clean, other)
        both.difference(threshold=0.1).counts
        both.promoted("L2H3@13")

    Args:
        first: One side.
        second: The other one.
        pairs: Corrections of the alignment: positions that belong together, or with None, to nobody.

    Raises:
        ComparisonError: the models have different tokens, or a pair cannot be.
    """
    check_vocabulary(first.model, second.model)
    tokens = first.trace.prompt.token_strings, second.trace.prompt.token_strings
    alignment = align(*tokens, pairs, target=(first.target.position, second.target.position))
    sizes = [replace(run.graph.lattice, n_positions=1) for run in (first, second)]
    pair = pair_graphs(first.graph, second.graph, alignment) if sizes[0] == sizes[1] else None
    return Comparison(first, second, alignment, pair)


def check_vocabulary(first: LanguageModel, second: LanguageModel) -> None:
    """Refuse two models whose tokens are not the same.

    Raises:
        ComparisonError: they have different vocabularies.
    """
    if first is second:
        return
    sizes = [model.dimensions.d_vocab for model in (first, second)]
    if sizes[0] != sizes[1]:
        found = f"The first one knows {sizes[0]:,} tokens, the second one {sizes[1]:,}."
    elif first.token_strings(range(sizes[0])) != second.token_strings(range(sizes[1])):
        found = "Under one number they have different tokens."
    else:
        return
    raise ComparisonError(
        asked="Compare runs of two models.",
        found=found,
        remedy="Choose two models with one tokenizer, such as two checkpoints or a model and its fine-tune.",
    )


def part_of_side(part: Part, alignment: Alignment, side: Side) -> Part | None:
    """A part whose positions are columns, with one side's positions; None where it has none there."""
    places = []
    for column in (part.position, part.key):
        is_there = column is not None and 0 <= column < len(alignment)
        places.append(alignment.columns[column][side] if is_there and column is not None else None)
    if places[0] is None or (part.key is not None and places[1] is None):
        return None
    return replace(part, position=places[0], key=places[1])
