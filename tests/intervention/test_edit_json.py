"""What is no edit is refused, in words; what is read is what was written (test_edits.py)."""

import pytest

from llm_tt.errors import InterventionError
from llm_tt.intervention.edit_json import edit_from_json, readable_text, refuse_unknown_keys

HEAD = {"kind": "ablate", "component": "L2H1"}
SCALE = {"kind": "scale", "component": "L2H1", "factor": 0.5}
STEER = {"kind": "steer", "layer": 2, "strength": 1.0}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (None, "an object with a kind, not None"),
        ([HEAD], "not a list"),
        ({}, "The kinds of edits are ablate"),
        ({"kind": ["ablate"]}, "not a list"),
        ({"kind": "delete", "component": "L2H1"}, "not 'delete'"),
        ({"kind": "ablate"}, "The component is a name"),
        ({"kind": "ablate", "component": 3}, "The component is a name"),
        ({**HEAD, "component": "L2.post@4"}, "no name of something"),
        ({**HEAD, "factor": 2.0}, "'factor' is nothing that an edit of the kind 'ablate' has"),
        ({**HEAD, "__class__": "x"}, "is nothing that"),
        ({**HEAD, "baseline": "median"}, "mean or zero, not 'median'"),
        ({**HEAD, "baseline": {}}, "mean or zero, not an object"),
        ({**HEAD, "strength": "1"}, "The strength is a number, not '1'"),
        ({**HEAD, "strength": True}, "The strength is a number, not True"),
        ({**HEAD, "strength": None}, "The strength is a number, not None"),
        ({**HEAD, "strength": 2}, "from 0 to 1"),
        ({**HEAD, "positions": "everywhere"}, "not 'everywhere'"),
        ({**HEAD, "positions": 3}, "or a list of numbers, not 3"),
        ({**HEAD, "positions": []}, "No position"),
        ({**HEAD, "positions": [1, 2.5]}, "whole number from 0, not 2.5"),
        ({**HEAD, "positions": [True]}, "whole number from 0, not True"),
        ({**HEAD, "positions": [-1]}, "whole number from 0, not -1"),
        ({**HEAD, "positions": [10**5000]}, "a very large number"),
        ({"kind": "scale", "component": "L2H1"}, "The factor is a number, not None"),
        ({**SCALE, "factor": float("nan")}, "no finite number"),
        ({**SCALE, "factor": 10**400}, "no finite number"),
        ({**SCALE, "factor": 1e7}, "a number from"),
        ({"kind": "set", "component": "L2H1", "value": 1.0}, "Only neurons have a value"),
        (STEER, "goes along a neuron, or toward"),
        ({**STEER, "away": "a"}, "goes along a neuron, or toward"),
        ({**STEER, "neuron": 1, "toward": "a"}, "goes along a neuron, or toward"),
        ({**STEER, "neuron": 1, "away": "a"}, "goes along a neuron, or toward"),
        ({**STEER, "neuron": "1"}, "A neuron is a whole number"),
        ({**STEER, "toward": 1.5}, "A toward is a whole number"),
        ({**STEER, "toward": ""}, "is no token"),
        ({**STEER, "toward": "\ud800"}, "half of a character"),
        ({**STEER, "layer": "2", "neuron": 1}, "A layer is a whole number"),
    ],
)
def test_what_is_no_edit_is_said(data, found):
    with pytest.raises(InterventionError, match=found):
        edit_from_json(data)


def test_whole_numbers_are_numbers():
    assert edit_from_json({**SCALE, "factor": 2}).strength_value == 2.0


def test_text_and_keys():
    assert readable_text("😀", "note") == "😀"
    refuse_unknown_keys({"a": 1}, {"a", "b"}, "a file")
    with pytest.raises(InterventionError, match="'c' is nothing that a file has"):
        refuse_unknown_keys({"a": 1, "c": 1}, {"a", "b"}, "a file")
