"""A spec is a cache key: all of it counts."""

from dataclasses import FrozenInstanceError, replace

import pytest

from llm_tt.model.spec import ModelSpec


def test_every_field_is_part_of_the_key():
    spec = ModelSpec("gpt2")
    changed = {"source": "x", "device": "cpu", "dtype": "bfloat16", "revision": "main"}
    changed |= {"n_devices": 2, "place": "/srv/models/x"}
    others = {replace(spec, **{field: value}) for field, value in changed.items()}
    assert len(others) == len(changed) == len(ModelSpec.__slots__)
    assert spec not in others
    with pytest.raises(FrozenInstanceError):
        spec.source = "y"


@pytest.mark.parametrize(
    "wrong",
    [
        {"dtype": "int8"},
        {"device": "tpu"},
        {"device": "auto:3"},
        {"device": "cuda:"},
        {"device": "cuda:x"},
        {"n_devices": 0},
    ],
)
def test_a_wrong_value_names_what_would_be_right(wrong):
    (field,) = wrong
    with pytest.raises(ValueError, match=rf"{field} must be .*got {wrong[field]!r}"):
        ModelSpec("gpt2", **wrong)


def test_a_source_is_needed():
    with pytest.raises(ValueError, match="source must not be empty"):
        ModelSpec("")


def test_a_name_may_stand_for_a_place():
    spec = ModelSpec("ours", dtype="bfloat16", place="/srv/models/x")
    assert spec.opened == ModelSpec("/srv/models/x", dtype="bfloat16")
    assert ModelSpec("gpt2").opened == ModelSpec("gpt2")
