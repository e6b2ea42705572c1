"""Tables of norms and of steady neurons: every number in its column, tokens made visible."""

from dataclasses import replace

from llm_tt.anatomy.norm_effect import NormEffect, TokenShift
from llm_tt.anatomy.steady_neurons import SteadyNeuron
from llm_tt.render.anatomy_tables import NORM_COLUMNS, STEADY_COLUMNS, norm_columns, steady_columns

SHIFT = TokenShift(5, " the", 0.25, 0.125, 1, 1234)
GAIN = TokenShift(6, "\n", 0.0, 0.5, 99, 2)
EFFECT = NormEffect(1, "mlp", None, False, (SHIFT,), (GAIN,), (GAIN,), (SHIFT,), 1.0, 2.0, 0.5)
ROW = SteadyNeuron(2, 33, 0.95, 1.0, -1.5, 0.7, 99.0, 3.25, 12.5, (" the", "."))


def test_each_side_of_a_norm_says_where_its_tokens_stand_on_the_other():
    tables = norm_columns(EFFECT)
    assert tables == {
        "Before": {"token": ["·the"], "prob.": [0.25], "# behind": [1234]},
        "Behind": {"token": ["⏎"], "prob.": [0.5], "# before": [99]},
        "Gain most": {"token": ["⏎"], "change": [50.0], "ranks": ["99 → 2"]},
        "Lose most": {"token": ["·the"], "change": [-12.5], "ranks": ["1 → 1,234"]},
    }
    assert {column for table in tables.values() for column in table} - {"token"} == set(NORM_COLUMNS)


def test_a_neuron_has_all_its_numbers():
    table = steady_columns([ROW, replace(ROW, neuron=4)])
    assert {column: values[0] for column, values in table.items()} == {
        "neuron": "L2N33",
        "share %": 95.0,
        "positive %": 100.0,
        "mean": -1.5,
        "norm": 0.7,
        "norm pct.": 99.0,
        "entropy": 3.25,
        "entropy pct.": 12.5,
        "promotes": "·the .",
    }
    assert table["neuron"] == ["L2N33", "L2N4"] and set(table) - {"neuron"} == set(STEADY_COLUMNS)


def test_without_the_lens_there_are_no_columns_of_tokens():
    unread = replace(ROW, entropy=None, entropy_percentile=None, promoted=())
    assert list(steady_columns([unread])) == ["neuron", "share %", "positive %", "mean", "norm", "norm pct."]
