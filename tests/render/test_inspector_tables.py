"""The inspector's tables as columns of equal length."""

import torch

from llm_tt.lens.promotion import TokenChanges
from llm_tt.lens.state_reading import StateReading
from llm_tt.lens.token_ranking import TokenRanking
from llm_tt.render import inspector_tables as tables
from llm_tt.tracing.parts import Part

TOKENS = ["a", " b", "c"]
RANKING = TokenRanking((5, 9), (" Mary", "\n"), (2.0, 1.0), (0.7, 0.2))


def test_rank_changes_are_gains():
    columns = tables.state_columns(StateReading(RANKING, previous=(4, 1), final=(1, 8)))
    assert columns["rank"] == [1, 2]
    assert columns["since"] == [3, -1]
    assert columns["to end"] == [0, -6]
    assert columns["token"] == ["·Mary", "⏎"]


def test_an_embedding_has_no_state_before_it():
    assert "since" not in tables.state_columns(StateReading(RANKING, previous=None, final=(1, 8)))


def test_changes_under_their_heading():
    columns = tables.change_columns(TokenChanges((5,), (" x",), (-1.5,)), "suppressed", "product")
    assert columns == {"suppressed": ["·x"], "product": [-1.5], "id": [5]}


def test_writers_say_what_they_are_and_where_from():
    parts = [Part.named(name) for name in ("L1.mid.residual@2", "L1H3@1-2", "L1.mlp@2")]
    columns = tables.part_columns(parts, TOKENS, [0.5, 0.25, 0.125], [("x", " y"), (), ("z",)], None)
    assert columns == {
        "part": ["residual", "L1H3", "L1.mlp"],
        "from": ["c (2)", "·b (1)", "c (2)"],
        "share %": [50, 25, 12.5],
        "promotes": ["x ·y", "", "z"],
    }


def test_without_a_lens_there_is_no_column_of_tokens():
    messages = [Part.named("L1H3@1-2"), Part.named("L1H0@1-2")]
    columns = tables.head_columns(messages, torch.tensor([0.5, -1.0]), torch.tensor([1.0, 0.0]), [], "logits")
    assert columns == {"head": ["L1H3", "L1H0"], "logits": [0.5, -1.0], "attention": [1.0, 0.0]}


def test_keys_and_neurons():
    assert tables.key_columns(TOKENS, [1], [0.5], [0.9], "nats") == {
        "from": ["·b (1)"],
        "nats": [0.5],
        "attention": [0.9],
    }
    assert tables.neuron_columns([Part.named("L1N7@2")], [0.5], [-0.9], [("q",)], None) == {
        "neuron": ["L1N7"],
        "share %": [50],
        "activation": [-0.9],
        "promotes": ["q"],
    }
