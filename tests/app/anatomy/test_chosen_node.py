"""A node and a part are chosen together, whichever was clicked."""

import pytest
from streamlit.testing.v1 import AppTest

import llm_tt
from llm_tt.anatomy.node_kinds import NodeKind
from llm_tt.app.anatomy.chosen_node import node_of
from llm_tt.tracing.parts import Part


def script(graph: object, trace: object, act: object, found: list[object]) -> None:
    from llm_tt.app.anatomy.chosen_node import chosen_on

    act(graph)
    found.append(chosen_on(graph, trace))


@pytest.fixture(scope="module")
def drawn(world):
    model, trace, _ = world
    return llm_tt.anatomy.flow(model, trace, 3), trace


def run(drawn, act=lambda graph: None, *, node=None, select=None):
    graph, trace = drawn
    found = []
    page = AppTest.from_function(script, kwargs={"graph": graph, "trace": trace, "act": act, "found": found})
    if node is not None:
        page.query_params["node"] = node
    page.session_state["select"] = select  # the frame of every page reads it from the address
    page.run()
    assert not page.exception
    return page, found[0]


def clicked(name):
    def act(graph):
        from llm_tt.app.anatomy.chosen_node import choose_node

        choose_node(graph, name)

    return act


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("L3H3@13", "L3H3@13"),
        ("L3H3.value@1-13", "L3H3@1-13"),
        ("L3H3.key@1-13", "L3H3@1-13"),
        ("L3.post@13", "L3.post@13"),
        ("L2.post@13", "L2.post@13"),
        ("L3H3.query@13", None),
        ("L3.norm2@13", None),
        ("L3.neurons.others@13", None),
    ],
)
def test_a_click_chooses_the_node_and_its_part(drawn, name, part):
    page, chosen = run(drawn, clicked(name))
    assert chosen.node.name == chosen.name == name
    assert chosen.part == (None if part is None else Part.named(part))
    link = dict(page.query_params)
    assert ("select" in link) is (part is not None)


def test_a_residual_edge_is_a_part_without_a_node(drawn):
    _, chosen = run(drawn, clicked("L3.mid.residual@13"))
    assert (chosen.node, chosen.part) == (None, Part.named("L3.mid.residual@13"))
    assert chosen.name == "L3.mid.residual@13"


@pytest.mark.parametrize("sent", [None, 7, ["L3H3@13"], "L9H9@13", "<b>", "x" * 10000])
def test_what_a_browser_should_not_send_chooses_nothing(drawn, sent):
    _, chosen = run(drawn, clicked(sent))
    assert (chosen.name, chosen.node, chosen.part) == (None, None, None)


def test_a_part_of_a_link_has_its_node(drawn):
    _, chosen = run(drawn, select="L3H3@1-13")
    assert chosen.node.name == "L3H3.value@1-13", "what the message writes, not what it offers"
    _, chosen = run(drawn, select="L1H0@13")
    assert (chosen.node, chosen.part, chosen.name) == (None, Part.named("L1H0@13"), "L1H0@13")


def test_a_node_of_a_link_that_is_no_part(drawn):
    _, chosen = run(drawn, node="L3H1.query@13")
    assert chosen.node.kind is NodeKind.QUERY
    _, chosen = run(drawn, node="L3H1.query@13", select="L3H3@13")
    assert chosen.node.name == "L3H3@13", "the part is what other pages show"


def test_going_to_another_layer_draws_it(drawn):
    def act(graph):
        import streamlit as st

        from llm_tt.app.anatomy.chosen_node import choose_beside
        from llm_tt.tracing.parts import Part

        choose_beside(graph, Part.named("L1H0@13"))
        assert st.session_state["drawn"] == (1, 1)
        choose_beside(graph, Part.named("L3H3@13"))
        assert st.session_state["drawn"] == (1, 1), "it is drawn"

    run(drawn, act)


def test_keys_and_inputs_stand_for_a_part_only_when_they_are_clicked(drawn):
    graph, _ = drawn
    for node in graph.nodes.what:
        if node.part is not None:
            found = node_of(graph, node.part)
            assert found.part == node.part
            assert found.kind not in (NodeKind.KEY, NodeKind.NEURON_IN)
