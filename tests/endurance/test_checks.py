"""The endurance run can fail: what it compares, and when memory counts as growing; without a browser."""

import random

import numpy as np
import pytest

import llm_tt
from llm_tt.render.visible_text import visible_token
from tests.endurance.asked import FIRST_PROMPT, Asked
from tests.endurance.graph_checks import check_flow
from tests.endurance.library_alone import LibraryAlone
from tests.endurance.memory import Sample, growth, what_grew
from tests.endurance.page_checks import check_concepts, check_effect, check_written, effect_of
from tests.endurance.page_reading import COLUMNS, Read

MIB = 2**20


@pytest.fixture(scope="module")
def library() -> LibraryAlone:
    return LibraryAlone({"small-world": "small-world"})


def shown(library: LibraryAlone, asked: Asked, edits=()) -> Read:
    """What a browser holds where all is right."""
    position = library.position(asked)
    every = asked.method == "ifr"
    graph = library.graph(asked, asked.method, edits, position)
    chosen = np.abs(graph.weight) > 0 if every else graph.survival > 0
    threshold = float(np.sort(graph.survival)[-40])
    ranking, (target, _) = library.ranking(asked, edits, top=1), library.target(asked)
    n_edges = graph.prune(threshold=threshold).n_edges
    return {
        "tokens": [visible_token(token) for token in graph.prompt.token_strings],
        "method": asked.method,
        "prediction": {
            "token": visible_token(ranking.token_strings[0]),
            "probability": ranking.probabilities[0],
        },
        "everyTarget": every,
        "floor": 0.0,
        "other": None,
        "positions": len(graph.prompt),
        "position": position,
        "threshold": threshold,
        "edges": n_edges,
        "candidates": graph.n_candidates,
        "targetLabel": visible_token(*library.model(asked.model).token_strings([target.token_id])),
        "columns": {
            name: None if name == "otherWeight" else getattr(graph, name)[chosen].astype(kind)
            for name, kind in COLUMNS.items()
        },
        "counts": None,
        "readout": f"{n_edges:,} of {graph.n_candidates:,} edges",
    }


@pytest.mark.parametrize("method", ["ifr", "relp", "gradact"])
def test_what_the_library_computes_is_right(library, method):
    asked = Asked("small-world", FIRST_PROMPT, method=method)
    assert check_flow(library, asked, shown(library, asked)) == []


def spoil_a_weight(read: Read) -> None:
    strongest = np.abs(read["columns"]["weight"]).argmax()
    read["columns"]["weight"][strongest] *= 1.001


def exchange_two_heads(read: Read) -> None:
    head = read["columns"]["head"]
    places = np.flatnonzero(head >= 0)
    head[places] = (head[places] + 1) % 4


def lose_an_edge(read: Read) -> None:
    keep = np.arange(len(read["columns"]["weight"])) != np.abs(read["columns"]["weight"]).argmax()
    for name, column in read["columns"].items():
        read["columns"][name] = None if column is None else column[keep]


SPOILED = {
    "a weight": spoil_a_weight,
    "heads": exchange_two_heads,
    "an edge": lose_an_edge,
    "the number of edges": lambda read: read.update(edges=read["edges"] + 1),
    "the words beside the slider": lambda read: read.update(readout="1 of 2 edges"),
    "the prediction": lambda read: read["prediction"].update(token="·Tom"),
    "its probability": lambda read: read["prediction"].update(probability=0.5),
    "the position": lambda read: read.update(position=3),
    "the method": lambda read: read.update(method="gradact"),
    "the target": lambda read: read.update(targetLabel="·John  1.0"),
    "the prompt": lambda read: read["tokens"].reverse(),
}


@pytest.mark.parametrize("what", SPOILED)
def test_what_is_spoiled_is_found(library, what):
    asked = Asked("small-world", FIRST_PROMPT, method="relp")
    read = shown(library, asked)
    SPOILED[what](read)
    assert check_flow(library, asked, read) != []


def test_the_graph_of_another_question_is_found(library):
    asked = Asked("small-world", FIRST_PROMPT, method="relp")
    other = Asked("small-world", FIRST_PROMPT, method="relp", contrast="·John")
    assert check_flow(library, other, shown(library, asked)) != []
    off = Asked("small-world", FIRST_PROMPT, edits=[(llm_tt.Ablate.head(2, 1), True)], shown="edited")
    plain = Asked("small-world", FIRST_PROMPT)
    assert check_flow(library, off, shown(library, plain)) != []
    assert check_flow(library, off, shown(library, off, library.acting(off))) == []


def test_numbers_of_an_effect_are_compared(library):
    asked = Asked("small-world", FIRST_PROMPT, edits=[(llm_tt.Ablate.head(2, 1), True)])
    truth = effect_of(library, asked, library.acting(asked), library.target(asked)[0])
    said = [f"{truth[0]:.1f}%", f"{truth[1]:.2f}", f"{truth[2]:,}", f"{truth[3]:.3g} nats"]
    assert check_effect(truth, said) == []
    for place, other in enumerate(("1.0%", "0.00", "7", "3 nats")):
        assert check_effect(truth, [*said[:place], other, *said[place + 1 :]]) != []


def test_texts_and_searches_are_compared(library):
    asked = Asked("small-world", FIRST_PROMPT, edits=[(llm_tt.Ablate.head(2, 1), True)], query="paris")
    texts = [library.written(asked, edits) for edits in ((), library.acting(asked))]
    titles = [[f"{visible_token(token)}  {share:.1%}" for token, share in text] for text in texts]
    assert check_written(library, asked, {"written": titles}) == []
    assert check_written(library, asked, {"written": titles[::-1]}) != []
    found = library.search(asked)
    names = [f"L{hit.layer}N{hit.neuron}" for hit in found.hits]
    read = {"titles": names, "says": f"{found.n_found:,} lists found", "query": "paris"}
    assert check_concepts(library, asked, read) == []
    assert check_concepts(library, asked, read | {"titles": names[1:]}) != []
    assert check_concepts(library, asked, read | {"query": "london"}) != []


def samples(height) -> list[Sample]:
    return [Sample(2.0 * at, int(height(at)), int(height(at) / 2)) for at in range(600)]


def test_memory_that_stays_is_flat_also_where_models_come_and_go():
    chance = random.Random(4)
    assert what_grew(samples(lambda at: 900 * MIB + chance.choice([0, 80 * MIB]))) == []
    assert what_grew(samples(lambda at: 300 * MIB if at < 90 else 900 * MIB)) == []  # while it warms up


@pytest.mark.parametrize("a_minute", [12, 40])
def test_memory_that_grows_is_found(a_minute):
    grown = samples(lambda at: 900 * MIB + a_minute * MIB * at / 30)
    assert len(what_grew(grown)) == 2
    assert growth(grown, "resident") == pytest.approx(growth(grown, "in_use"))
