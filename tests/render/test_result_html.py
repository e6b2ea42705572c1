"""Small tables for notebooks: every number is there, and tokens are text."""

import re
from dataclasses import replace

import llm_tt
from llm_tt.lens.token_ranking import TokenRanking
from llm_tt.render.number_words import percent_text
from llm_tt.render.result_html import faithfulness_html, ranking_html


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_ranking_lists_tokens_with_bars():
    html = ranking_html(TokenRanking((4, 2), (" Mary", "<b>&"), (7.25, -1.5), (0.75, 0.125)))
    assert "1 ·Mary 75.00 % 7.25 2 &lt;b&gt;&amp; 12.50 % −1.50" in words(html)
    assert re.findall(r"width:([\d.]+)%", html) == ["75.0", "12.5"]
    assert "<b>" not in html


def test_a_measurement_says_both_ways_beside_chance(tiny_model):
    trace = llm_tt.capture(tiny_model, "some words")
    graph = llm_tt.build_graph(llm_tt.attribute(tiny_model, trace, "relp")).prune(density=0.05)
    card = llm_tt.check_faithfulness(tiny_model, trace, graph)
    card = replace(card, random_retained=0.125, random_complement=0.875)
    said = words(faithfulness_html(card))
    assert f"only these edges {percent_text(card.retained)} 12.5 %" in said
    assert f"all but these edges {percent_text(card.complement.retained)} 87.5 %" in said
    assert f"{graph.n_edges:,} edges" in said
    assert ("stays on top" in said) == card.same_top_token
    assert f"{card.kl:.2f} nats" in said


def test_a_bar_stays_within_its_box(tiny_model):
    html = ranking_html(TokenRanking((1, 2), ("a", "b"), (0.0, 0.0), (1.7, -0.4)))
    assert re.findall(r"width:([\d.]+)%", html) == ["100.0", "0.0"]
