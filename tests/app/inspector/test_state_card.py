"""The card of a state shows what the library reads there."""

import json

import pytest

from llm_tt.attribution.writers import writers_of
from llm_tt.lens.promotion import promoted_by_each
from llm_tt.lens.state_reading import read_state
from llm_tt.lens.token_path import follow_token
from llm_tt.lens.written import written_by
from llm_tt.render.visible_text import visible_token
from llm_tt.tracing.parts import Part

STATE = Part.named("L1.mid@5")


@pytest.mark.parametrize("name", ["L1.mid@5", "L1.post@16", "L0.mid@0"])
def test_its_tokens_with_their_rank_changes(view, open_card, name):
    state = Part.named(name)
    table = open_card(view, name).dataframe[0].value
    reading = read_state(view.model, view.trace, state)
    assert list(table.id) == list(reading.ranking.token_ids)
    assert list(table.token) == [visible_token(token) for token in reading.ranking.token_strings]
    assert list(table.probability) == pytest.approx([100 * share for share in reading.ranking.probabilities])
    assert list(table.since + table["rank"]) == list(reading.previous)
    assert list(table["rank"] - table["to end"]) == list(reading.final)


def test_an_embedding_has_no_state_before_it_and_no_writers(view, open_card):
    page = open_card(view, "embed@5")
    assert len(page.dataframe) == 1
    assert "since" not in page.dataframe[0].value
    assert "to end" in page.dataframe[0].value


def test_the_count_is_adjustable(view, open_card):
    assert len(open_card(view, "L1.mid@5", count=30).dataframe[0].value) == 30


def test_what_wrote_it_closes_the_sum(view, open_card, words):
    page = open_card(view, "L1.mid@5")
    table, writers = page.dataframe[1].value, writers_of(view.shares, STATE)
    assert list(table["share %"]) == pytest.approx([100 * weight for weight in writers.weights])
    assert (
        f"{writers.n_others} others {100 * writers.others:.1f} %, bias {100 * writers.bias:.1f} %"
        in words(page)
    )
    strongest = writers.parts[0]
    (promoted,) = promoted_by_each(
        view.model, view.trace, written_by(view.model, view.trace, strongest)[None], [5]
    )
    assert table.promotes[0] == " ".join(map(visible_token, promoted))


def test_signed_writers_have_a_unit(signed_view, open_card, words):
    page = open_card(signed_view, "L1.mid@5")
    table, writers = page.dataframe[1].value, writers_of(signed_view.shares, STATE)
    assert list(table.logits) == pytest.approx(list(writers.weights))
    assert "logits" in words(page)


def test_the_target_is_followed_at_this_position(view, open_card):
    (chart,) = open_card(view, "L1.mid@5").get("plotly_chart")
    path = follow_token(view.model, view.trace, 5, view.target.token_id)
    (line,) = json.loads(chart.proto.spec)["data"]
    assert [row[0] for row in line["customdata"]] == ["embed", "L0.mid", "L0.post", "L1.mid", "L1.post"]
    assert line["y"] == list(path.ranks)


def test_parallel_blocks_have_no_states_between(view_of, open_card):
    view = view_of("GPT-NeoX")
    page = open_card(view, "L1.post@5")
    writers = writers_of(view.shares, Part.named("L1.post@5"))
    assert list(page.dataframe[1].value["share %"]) == pytest.approx([100 * w for w in writers.weights])
    assert "L1.mlp" in list(page.dataframe[1].value.part)
