"""What the inspector says in Chromium after a click on the graph is what the library computes."""

import re

import pytest
from playwright.sync_api import expect

import llm_tt
from llm_tt.attribution.neurons import attribute_neurons
from llm_tt.lens.state_reading import read_state
from llm_tt.lens.written import written_by
from llm_tt.render.weight_words import weight_text
from llm_tt.tracing.parts import Part
from tests.end_to_end.flow_driver import FlowPage

pytestmark = pytest.mark.browser


def cells(flow: FlowPage, heading: str, n_columns: int) -> list[list[str]]:
    """The rows of the first table with this column; a table draws on a canvas, and tells screen readers."""
    grid = flow.page.locator("[data-testid=stDataFrame]", has=flow.page.locator("th", has_text=heading)).first
    expect(grid.locator("tbody tr").first).to_be_attached()
    rows = grid.locator("tbody tr").all()
    return [row.locator("td").all_text_contents()[:n_columns] for row in rows]


def visible(token: str) -> str:
    return token.replace(" ", "·")


def card_of(flow: FlowPage, name: str) -> None:
    """Wait for a part's card."""
    expect(flow.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    flow.settle()


def says(flow: FlowPage, words: str) -> None:
    """Wait for a sentence; invisible joiners keep Streamlit from rewriting signs."""
    expect(flow.page.get_by_text(re.compile("\u2060?".join(map(re.escape, words)))).first).to_be_visible()


def test_a_states_card(relevance, library):
    relevance.click_node(7, 13)
    card_of(relevance, "L3.mid")
    reading = read_state(*library[:2], Part.named("L3.mid@13"), top=10)
    rows = cells(relevance, "prob.", 4)
    assert [row[1] for row in rows] == [visible(token) for token in reading.ranking.token_strings]
    assert [float(row[3]) for row in rows] == pytest.approx(reading.ranking.logits, abs=0.006)


def test_an_edges_card(relevance, library):
    relevance.click_edge("L2.attention@9-13", 0.2)
    assert relevance.selected == "L2H1@9-13"
    card_of(relevance, "L2H1")
    model, trace, shares = library
    weight = float(shares.attention[2, 1, 13, 9])
    says(relevance, weight_text(weight, "logits"))
    message = written_by(model, trace, Part.named("L2H1@9-13"))
    promoted = llm_tt.promoted_tokens(model, trace, message, 13, top=10).promoted
    rows = cells(relevance, "promoted", 2)
    assert [row[0] for row in rows] == [visible(token) for token in promoted.token_strings]
    assert [float(row[1]) for row in rows] == pytest.approx(promoted.changes, abs=0.006)
    heads = sorted(range(4), key=lambda head: -abs(float(shares.attention[2, head, 13, 9])))
    assert [row[0] for row in cells(relevance, "attention", 1)] == [f"L2H{head}" for head in heads]


def test_an_mlps_card_leads_to_its_neurons(relevance, library):
    relevance.click_square(3, 13)
    card_of(relevance, "L3.mlp")
    model, trace, shares = library
    says(relevance, weight_text(float(shares.mlp[3, 13]), "logits"))
    neurons = attribute_neurons(model, trace, shares, layer=3, position=13).neurons
    strongest = neurons.abs().topk(10).indices.tolist()
    assert [row[0] for row in cells(relevance, "neuron", 1)] == [f"L3N{neuron}" for neuron in strongest]


def test_a_neurons_card(relevance, library):
    relevance.find("L3N7")
    card_of(relevance, "L3N7")
    model, trace, _ = library
    activation = float(trace.mlp_activations[3, 13, 7])
    says(relevance, f"{activation:.3g} at ·to (13)")
    promoted = llm_tt.promoted_tokens(
        model, trace, written_by(model, trace, Part.named("L3N7@13")), 13
    ).promoted
    rows = cells(relevance, "promoted", 2)
    assert [row[0] for row in rows] == [visible(token) for token in promoted.token_strings]


def test_the_other_reading_and_more_tokens(relevance, library):
    relevance.click_square(3, 13)
    card_of(relevance, "L3.mlp")
    relevance.page.get_by_role("button", name="Exact change").click()
    relevance.page.get_by_text("30", exact=True).click()
    relevance.settle()
    model, trace, _ = library
    promoted = llm_tt.promoted_tokens(model, trace, trace.mlp_out[3, 13], 13, top=30).promoted
    expect(relevance.page.get_by_role("button", name="Exact change · 30")).to_be_visible()
    rows = cells(relevance, "promoted", 1)
    assert rows[0][0] == visible(promoted.token_strings[0])
