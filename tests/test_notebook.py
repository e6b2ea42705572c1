"""The method that notebooks ask for."""

import llm_tt
from llm_tt.render import notebook


def test_values_have_it_and_it_asks_the_floor_that_draws(tiny_model, monkeypatch):
    monkeypatch.setattr(notebook, "html_of", lambda value: f"<p>{type(value).__name__}")
    trace = llm_tt.capture(tiny_model, "ab")
    graph = llm_tt.build_graph(llm_tt.attribute(tiny_model, trace))
    values = (
        graph,
        graph.prune(density=0.5),
        llm_tt.anatomy.flow(tiny_model, trace, 0),
        llm_tt.rank_tokens(tiny_model, trace.resid_post[0, 0]),
        llm_tt.check_faithfulness(tiny_model, trace, graph),
    )
    for value in values:
        assert value._repr_html_() == f"<p>{type(value).__name__}"
        assert not hasattr(value, "__dict__")  # slots stay slots
