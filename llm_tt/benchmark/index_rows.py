"""What the Concepts page is made of: the index of a model's neurons, and a search in it."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from llm_tt.benchmark.row import Row
from llm_tt.benchmark.timing import seconds_of
from llm_tt.concepts.index_building import build_index
from llm_tt.model.language_model import LanguageModel

QUERIES = ("a*", "*e*", "a OR b OR c", "e -a", "nothing at all")


def index_rows(model: LanguageModel, turns: int) -> Iterator[Row]:
    """Every row, as soon as it is measured."""
    n_neurons = model.dimensions.n_layers * model.dimensions.d_mlp
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        index = build_index(model, Path(folder))
        yield Row.waited(f"index of {n_neurons:,} neurons", 0, [time.perf_counter() - begun], 60.0)
        yield Row.waited("search over them", 0, _alternating(index.search, turns), 0.020)


def _alternating(search: Callable[[str], object], turns: int) -> list[float]:
    for query in QUERIES:
        search(query)
    return [seconds_of(lambda query=query: search(query)) for _ in range(turns) for query in QUERIES]  # type: ignore[misc]
