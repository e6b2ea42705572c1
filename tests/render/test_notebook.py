"""How values look in a notebook."""

import pytest

import llm_tt
from llm_tt.render.notebook import html_of


def test_each_value_is_shown_by_what_knows_it(tiny_model):
    trace = llm_tt.capture(tiny_model, "ab")
    graph = llm_tt.build_graph(llm_tt.attribute(tiny_model, trace))
    shown = {
        "openInNotebook": [graph, llm_tt.anatomy.flow(tiny_model, trace, 0)],
        "<table": [
            llm_tt.rank_tokens(tiny_model, trace.resid_post[0, 0]),
            llm_tt.check_faithfulness(tiny_model, trace, graph),
        ],
    }
    for look, values in shown.items():
        for value in values:
            assert look in html_of(value)


def test_what_nobody_knows_is_refused():
    with pytest.raises(TypeError, match="how to show int"):
        html_of(3)
