"""What may be asked of each prompt."""

import pytest

from llm_tt.batch.options import BatchOptions
from llm_tt.errors import AttributionError


def test_they_go_into_a_file_and_come_back():
    options = BatchOptions(("ifr", "relp"), "answer", "none", 0.2, 3, 4, measure=False, baseline="zero")
    assert BatchOptions.from_json(options.to_json()) == options
    with pytest.raises(TypeError):
        BatchOptions.from_json(options.to_json() | {"more": 1})


@pytest.mark.parametrize(
    "wrong",
    [
        {"methods": ()},
        {"methods": ("relp", "relp")},
        {"density": 0.0},
        {"density": 1.5},
        {"density": float("nan")},
        {"neurons": -1},
        {"edges": -1},
    ],
)
def test_what_means_nothing_is_refused(wrong):
    with pytest.raises(AttributionError, match="Measure many prompts"):
        BatchOptions(**wrong)
