"""The walk in Chromium: from the map of many prompts to one of them, to its graph, to its corrupted twin."""

import re

import pytest
from playwright.sync_api import Page, expect

from llm_tt.batch.measuring import measure_all
from llm_tt.batch.options import BatchOptions
from llm_tt.batch.task_entries import entries_of_tasks
from llm_tt.summaries.prompts_behind import prompts_behind
from llm_tt.summaries.runs import runs_of_table
from tests.end_to_end.flow_driver import FlowPage
from tests.end_to_end.stillness import still

pytestmark = pytest.mark.browser

LINK = "tasks=indirect_object&prompts-each=10"

PLACE_OF_CELL = """(name) => {
  const chart = document.querySelector("[class*=st-key-role-map] .js-plotly-plot");
  const [x, y] = chart.data.filter((trace) => trace.customdata).map(
    (trace) => { const at = trace.customdata.indexOf(name); return [trace.x[at], trace.y[at]]; })[0];
  const { xaxis, yaxis } = chart._fullLayout;
  const box = chart.querySelector(".nsewdrag").getBoundingClientRect();
  return [box.x + xaxis.l2p(x), box.y + yaxis.l2p(y)];
}"""


def settle(page: Page) -> None:
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()


def click_cell(page: Page, name: str) -> None:
    expect(page.locator("[class*=st-key-role-map] .nsewdrag")).to_be_visible(timeout=60_000)
    settle(page)
    page.mouse.click(*still(page, lambda: page.evaluate(PLACE_OF_CELL, name)))
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    settle(page)


def test_from_a_cell_to_a_prompt_to_its_graph_and_to_its_twin(page, dashboard, library):
    model = library[0]
    entries = entries_of_tasks(["indirect_object"], 10)
    rows, _ = measure_all(model, entries, BatchOptions(measure=False))
    strongest = prompts_behind(runs_of_table(rows, "here"), "L2H1", most=1)[0]

    page.goto(f"{dashboard}/roles?{LINK}")
    click_cell(page, "L2H1")
    expect(page).to_have_url(re.compile("component=L2H1"))
    expect(page.locator("strong", has_text="foil reader")).to_be_visible()
    expect(page.get_by_text(strongest.prompt, exact=True)).to_be_visible()

    page.get_by_role("button", name="Open in Flow").first.click()
    flow = FlowPage(page).wait_for_graph()
    assert flow.state("graph.prompt")
    assert page.get_by_role("textbox", name="Prompt").input_value() == strongest.prompt
    assert flow.selected == f"L2H1@{strongest.position}"
    expect(page.get_by_role("heading", name="L2H1", exact=True)).to_be_visible()
    assert "method=relp" in page.url

    page.get_by_role("link", name="Roles", exact=True).click()
    expect(page.get_by_role("heading", name="L2H1", exact=True)).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Compare with its corrupted prompt").first.click()
    twin = next(entry.corrupted for entry in entries if entry.number == strongest.entry)
    expect(page.get_by_role("textbox", name="Prompt B")).to_have_value(twin)
    expect(page.get_by_role("textbox", name="Prompt", exact=True)).to_have_value(strongest.prompt)
    assert page.strangers == []
    assert page.script_errors == []


def test_a_reload_keeps_the_view_and_the_map_leads_on(page, dashboard):
    page.goto(f"{dashboard}/roles?{LINK}&map=answer&roles-table=messages&component=L3H3")
    expect(page.get_by_role("heading", name="L3H3", exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_text("By its attention to it.")).to_be_visible()
    settle(page)
    page.reload()
    expect(page.get_by_role("heading", name="L3H3", exact=True)).to_be_visible()
    expect(page.get_by_text("How often at least one message")).to_be_visible()
    click_cell(page, "L0H0")
    assert page.script_errors == []
