"""Tables about concepts: columns of equal length, tokens visible."""

from llm_tt.concepts.clusters import ClusterRow
from llm_tt.concepts.firing import FiringPlace
from llm_tt.concepts.notes import Note
from llm_tt.render import concept_tables as tables


def test_clusters_show_what_they_share():
    rows = [ClusterRow(4, 20, (" Paris", "\n"), 0.5, 0.25), ClusterRow(1, 2, (), 0.75, 0.5)]
    columns = tables.cluster_columns(rows)
    assert columns == {
        "cluster": [4, 1],
        "shares": ["·Paris ⏎", ""],
        "neurons": [20, 2],
        "cohesion": [0.5, 0.75],
        "by chance": [0.25, 0.5],
    }
    assert set(tables.CLUSTER_COLUMNS) < set(columns)


def test_neurons_have_a_persons_names_where_there_are_some():
    neurons = [(2, 33, 0.5), (0, 1, 0.25)]
    assert tables.cosine_columns(neurons, {"L2N33": "cities"}) == {
        "neuron": ["L2N33", "L0N1"],
        "name": ["cities", ""],
        "cosine": [0.5, 0.25],
    }
    assert tables.cosine_columns(neurons, {"L9N9": "other"}, [(" a", "b"), ()]) == {
        "neuron": ["L2N33", "L0N1"],
        "cosine": [0.5, 0.25],
        "promotes": ["·a b", ""],
    }


def test_places_of_firing_stand_in_their_text():
    place = FiringPlace(2, 5, " Paris", 1.5, ("to", "\n"), (".",))
    assert tables.firing_columns([place]) == {
        "activation": [1.5],
        "before": ["to⏎"],
        "token": ["·Paris"],
        "after": ["."],
        "prompt": [3],
        "position": [5],
    }
    assert tables.skipped_columns([(0, "It is empty.")]) == {"prompt": [1], "why not": ["It is empty."]}


def test_notes():
    note = Note("L2H1", "reads", "two\nlines", "2026-11-21T09:16:45.123+00:00")
    assert tables.note_columns([note]) == {
        "part": ["L2H1"],
        "name": ["reads"],
        "note": ["two\nlines"],
        "changed (UTC)": ["2026-11-21 09:16"],
    }
