"""What is compared: two runs with what is asked of each; a key of everything that is kept of both."""

import hashlib
from dataclasses import dataclass

from llm_tt.app.cached import Run, contributions_of, kept, open_model, run_prompt
from llm_tt.attribution.method_list import Method
from llm_tt.attribution.target import Target
from llm_tt.comparison.alignment import Pair
from llm_tt.comparison.compared import Comparison, compare
from llm_tt.comparison.explained_run import ExplainedRun
from llm_tt.comparison.numbers import ComparisonNumbers
from llm_tt.graph.flow_graph import FlowGraph
from llm_tt.render.difference_payload import difference_payload, sides_payload

_BYTES_OF_AN_EDGE = 19


@dataclass(frozen=True, slots=True)
class OneSide:
    """A run, and what is asked of it: a plain value."""

    run: Run
    method: Method
    target: Target

    @property
    def name(self) -> str:
        """Tells apart what was computed."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class BothSides:
    """Two of them, and a person's corrections of the alignment."""

    first: OneSide
    second: OneSide
    pairs: tuple[Pair, ...] = ()

    @property
    def name(self) -> str:
        """Tells apart comparisons."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def compared(both: BothSides) -> Comparison:
    """The comparison, made once.

    Raises:
        ComparisonError: the models have different tokens, or a pair cannot be.
    """
    return kept.get(
        ("compared", both),
        lambda: compare(_explained(both.first), _explained(both.second), both.pairs),
        _n_bytes,
    )


def numbers_of_both(both: BothSides) -> ComparisonNumbers:
    """The numbers at the main routes of the first graph, made once."""
    return kept.get(("compared numbers", both), lambda: compared(both).numbers(), lambda numbers: 8000)


def payload_of_difference(both: BothSides) -> bytes:
    """The bytes of the one graph.

    Raises:
        ComparisonError: the models have other sizes.
    """

    def make() -> bytes:
        comparison = compared(both)
        return difference_payload(comparison, comparison.common_graphs(), both.name)

    return kept.get(("difference payload", both), make, len)


def payload_of_sides(both: BothSides) -> bytes:
    """The bytes of both graphs."""
    names = both.first.name, both.second.name + "B"
    return kept.get(("sides payload", both), lambda: sides_payload(compared(both), both.name, names), len)


def _explained(side: OneSide) -> ExplainedRun:
    model, trace = open_model(side.run.spec), run_prompt(side.run)
    shares = contributions_of(side.run, side.method, side.target)
    return ExplainedRun.of(model, trace, shares, side.target)


def _n_bytes(both: Comparison) -> int:
    """With passes and contributions, which stay as long as this does."""
    graphs = [both.first.graph, both.second.graph, *_laid(both)]
    held = [run.trace.n_bytes + run.shares.n_bytes for run in (both.first, both.second)]
    return sum(held) + sum(_BYTES_OF_AN_EDGE * graph.n_edges for graph in graphs)


def _laid(both: Comparison) -> list[FlowGraph]:
    return [] if both.pair is None else [both.pair.first, both.pair.second]
