"""What nodes read as, laid over columns."""

from llm_tt.comparison.alignment import align
from llm_tt.render.column_labels import ARROW, labels_by_column

ALIGNMENT = align("abc", "xabc")


def test_readings_move_to_their_columns_and_stand_beside_each_other():
    first = {"embed@0": ["a"], "L0.post@2": ["c", "d"]}
    second = {"embed@0": ["x"], "embed@1": ["a"], "L0.post@3": ["e"], "L1.mlp@12": ["no"]}
    del second["L1.mlp@12"]
    assert labels_by_column(first, second, ALIGNMENT) == {
        "embed@0": [ARROW, "x"],
        "embed@1": ["a"],
        "L0.post@3": ["c", "d", ARROW, "e"],
    }


def test_nothing_is_known_yet():
    assert labels_by_column({}, {}, ALIGNMENT) == {}
