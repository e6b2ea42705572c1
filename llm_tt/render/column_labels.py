"""What the nodes of two runs read as, by their names over common columns."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from llm_tt.comparison.alignment import Alignment

Labels = Mapping[str, Sequence[str]]
"""Tokens by the name of a part."""

ARROW: Final = "→"

_POSITION: Final = re.compile(r"@(\d+)$")


def labels_by_column(first: Labels, second: Labels, alignment: Alignment) -> dict[str, list[str]]:
    """What a node reads as in the first run, and behind an arrow in the second where it is another thing."""
    places = [alignment.columns_of(0).tolist(), alignment.columns_of(1).tolist()]
    laid = [_moved(labels, columns) for labels, columns in zip((first, second), places, strict=True)]
    found = {}
    for name in laid[0].keys() | laid[1].keys():
        before, after = laid[0].get(name, []), laid[1].get(name, [])
        found[name] = before if before == after else [*before, ARROW, *after]
    return found


def _moved(labels: Labels, columns: Sequence[int]) -> dict[str, list[str]]:
    return {
        _POSITION.sub(lambda found: f"@{columns[int(found[1])]}", name): list(tokens)
        for name, tokens in labels.items()
    }
