"""The Trace page's tables: columns of equal length that say what was measured."""

from dataclasses import replace

import pytest

import llm_tt
from llm_tt.attribution.methods import attribute
from llm_tt.attribution.target import Target, resolve_target
from llm_tt.lens.layer_updates import LayerUpdates, OtherUpdates, Update, updates_of
from llm_tt.lens.position_overview import overview_of
from llm_tt.lens.run_comparison import RunComparison, StateChange, TokenChange, compare_runs
from llm_tt.render import trace_tables as tables
from llm_tt.tracing.parts import Part

TEXT = "Some words."
TARGET = Target(2, 7, None, "logit")
FAMILIES = ["GPT-2", "GPT-J", "Llama", "Mixtral"]


def read(open_family, family):
    model = open_family(family)
    trace = llm_tt.capture(model, TEXT)
    return model, trace, resolve_target(model, trace, position=5, token=7)


def same_length(columns):
    return len({len(column) for column in columns.values()}) == 1


@pytest.mark.parametrize("family", FAMILIES)
def test_the_overview_has_one_row_a_layer(family, open_family):
    overview = overview_of(*read(open_family, family))
    columns = tables.overview_columns(overview)
    assert same_length(columns)
    assert columns["layer"] == ["embed", "L0", "L1"]
    assert columns["attention"] == [None, *overview.attention_changes]
    assert columns["MLP"] == [None, *overview.mlp_changes]
    assert columns["target rank"] == [row.post.target_rank for row in overview.rows]
    assert ("behind attention" in columns) is (family != "GPT-J")
    assert {*columns} - {"layer", "behind attention"} <= {*tables.OVERVIEW_COLUMNS}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("top", [3, 500])
@pytest.mark.parametrize("with_shares", [False, True])
def test_a_layers_logits_add_up(family, top, with_shares, open_family):
    model, trace, target = read(open_family, family)
    shares = attribute(model, trace, "ifr") if with_shares else None
    updates = updates_of(model, trace, 1, target, top=top, shares=shares)
    columns = tables.update_columns(updates)
    assert same_length(columns)
    added = updates.after - updates.before
    size = sum(map(abs, columns["logits"])) + abs(updates.before)
    assert sum(columns["logits"]) == pytest.approx(added, abs=2e-5 * size)
    assert ("share %" in columns) is with_shares
    has_bias = bool(model.layer_weights(1).attention_bias.any())
    assert ("attention bias" in columns["part"]) is has_bias
    assert ("MLP bias" in columns["part"]) is (family in ("GPT-2", "GPT-J"))
    n_parts = model.dimensions.n_heads + (1 if family == "Mixtral" else model.dimensions.d_mlp)
    others = [name for name in columns["part"] if name.endswith(" others")]
    assert others == ([f"{n_parts - 3} others"] if top == 3 and n_parts > 3 else [])
    assert {*columns} - {"part"} <= {*tables.UPDATE_COLUMNS}


def test_an_update_by_hand():
    row = Update(Part.named("L1N7@2"), -0.5, 0.25, 0.125, 2.0, (" a", "\n"), ("b",))
    head = replace(row, part=Part.named("L1H3@2"), coefficient=None)
    updates = LayerUpdates(
        1, TARGET, "share", (row, head), OtherUpdates(1234, -1.0, 0.5, 3.0), 0.5, 1e-9, 0.0, 0.0
    )
    assert tables.update_columns(updates) == {
        "part": ["L1N7", "L1H3", "1,234 others", "attention bias"],
        "activation": [-0.5, None, None, None],
        "logits": [0.25, 0.25, -1.0, 0.5],
        "share %": [12.5, 12.5, 50, None],
        "norm": [2.0, 2.0, 3.0, None],
        "promotes": ["·a ⏎", "·a ⏎", None, None],
        "suppresses": ["b", "b", None, None],
    }


def comparison() -> RunComparison:
    states = tuple(
        StateChange(Part.named(name), " a", after, 0.5, 0.25, 0.1, 0.2, 3, 2, kl, distance, after != " a")
        for name, after, kl, distance in (
            ("embed@2", " a", 0.0, 0.0),
            ("L0.post@2", " a", 0.1, 0.02),
            ("L1.post@2", "\n", 0.2, 0.5),
        )
    )
    tokens = (TokenChange(4, " a", 0.5, 0.25), TokenChange(9, "\n", 0.125, 0.375))
    ends = {"first_touched": states[1].part, "first_parting": states[2].part}
    return RunComparison(TARGET, tokens, 0.2, 1.0, 2.0, 0.1, 0.2, 3, 2, 1.0, 2.0, states, **ends)


def test_tokens_with_what_they_gained():
    assert tables.token_change_columns(comparison()) == {
        "token": ["·a", "⏎"],
        "before": [0.5, 0.125],
        "after": [0.25, 0.375],
        "change": [-0.25, 0.25],
        "id": [4, 9],
    }


def test_states_with_where_it_began():
    columns = tables.state_change_columns(comparison())
    assert same_length(columns)
    assert columns["state"] == ["embed", "L0.post", "L1.post"]
    assert columns["after"] == ["·a", "·a", "⏎"]
    assert columns["moved %"] == [0, 2, 50]
    assert columns["first"] == ["", "change", "another token"]
    assert {*tables.STATE_COLUMNS} <= {*columns}


def test_two_equal_runs_have_no_first(tiny_model):
    trace = llm_tt.capture(tiny_model, TEXT)
    found = compare_runs(tiny_model, trace, trace, resolve_target(tiny_model, trace))
    assert set(tables.state_change_columns(found)["first"]) == {""}
