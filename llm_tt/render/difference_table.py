"""A difference as a table: every edge that one of both runs keeps, the largest change first."""

import numpy as np
import pyarrow as pa

from llm_tt.comparison.difference import Became, GraphDifference
from llm_tt.render.edge_table import csv_of, edge_columns


def difference_table(difference: GraphDifference) -> pa.Table:
    """What each edge is, what became of it, and its numbers in both runs; positions are columns.

    Where a side has a position stands beside it; it is empty where that prompt has no token there.
    """
    drawn = np.flatnonzero(difference.is_drawn)
    order = drawn[np.argsort(-np.abs(difference.change[drawn]), kind="stable")]
    first, second = difference.first, difference.second
    words = pa.array([became.label for became in Became])
    return pa.table(
        {
            **edge_columns(first, order),
            **_positions(difference, "key", first.key[order]),
            **_positions(difference, "query", first.query[order]),
            "became": words.take(pa.array(difference.became[order])),
            "first_weight": pa.array(first.weight[order]),
            "second_weight": pa.array(second.weight[order]),
            "change": pa.array(difference.change[order]),
            "first_survival": pa.array(first.survival[order]),
            "second_survival": pa.array(second.survival[order]),
        }
    )


def as_csv(difference: GraphDifference) -> bytes:
    """The table as text."""
    return csv_of(difference_table(difference))


def _positions(difference: GraphDifference, what: str, columns: np.ndarray) -> dict[str, pa.Array]:
    sides = zip(*difference.alignment.columns, strict=True)
    return {
        f"{side}_{what}": pa.array(places, pa.int32()).take(pa.array(columns))
        for side, places in zip(("first", "second"), sides, strict=True)
    }
