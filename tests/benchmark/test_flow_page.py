"""What the clock sees of the page, on the page itself."""

import time

import pytest

from llm_tt.benchmark.flow_page import clicks, slides, wait_for_everything, wait_for_first_graph

pytestmark = pytest.mark.browser


def test_steps_and_clicks_are_timed(page, dashboard):
    page.goto(dashboard)
    wait_for_first_graph(page)
    wait_for_everything(page)
    before = page.evaluate("() => window.flowView.state.described.edges")
    begun = time.perf_counter()
    steps = slides(page)
    assert len(steps) == 40
    assert 0 < sum(steps) <= time.perf_counter() - begun
    assert page.evaluate("() => window.flowView.state.described.edges") != before
    begun = time.perf_counter()
    (first, second) = clicks(page, 2)
    assert 0 < first + second <= time.perf_counter() - begun
    assert page.evaluate("() => window.flowView.state.selection.kind") == "state"
