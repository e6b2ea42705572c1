"""Tables about concepts: columns of equal length, tokens visible."""

from llm_tt.concepts.firing import FiringPlace
from llm_tt.concepts.notes import Note
from llm_tt.render import concept_tables as tables


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
