"""How quick Flow, Trace and Intervene are in Chromium."""

import statistics
import time

import pytest

import llm_tt
from llm_tt.benchmark.live_page import running_dashboard
from llm_tt.benchmark.page_rows import TEXT, page_rows
from llm_tt.benchmark.timing import repeated_seconds
from llm_tt.settings import bundled
from tests.end_to_end.flow_driver import FlowPage

pytestmark = [pytest.mark.benchmark, pytest.mark.browser]


@pytest.fixture(scope="module")
def address():
    """A dashboard of our own, so that its start can be timed."""
    with running_dashboard() as address:
        yield address


def test_the_page_keeps_up(capsys):
    """The rows of `llm-tt benchmark --only page`."""
    rows = list(page_rows(bundled("config/local.toml")))
    with capsys.disabled():
        print("", *(f"{row.work}: {row.measured} ({row.spread}), goal {row.goal}" for row in rows), sep="\n")  # noqa: T201
    assert len(rows) == 9
    assert [row for row in rows if row.reached is False] == []


@pytest.mark.parametrize(("model", "n_tokens"), [("small-world", 58), ("untrained-gpt2-small", 32)])
def test_trace_and_effect_keep_up(browser, address, model, n_tokens, capsys):
    text = TEXT[:n_tokens]
    page = browser.new_page(viewport={"width": 1500, "height": 1000})
    FlowPage(page).open(f"{address}/?model={model}&prompt={text}&edits=ablate:L2H1:p=0")
    page.wait_for_function("() => window.flowView.state.curve", timeout=120_000)
    traced = seconds_until(page, lambda: page.get_by_role("link", name="Trace").click(), TRACE_IS_THERE)
    effects = [seconds_until(page, lambda: slide_strength(page), EFFECT_CHANGED) for _ in range(6)]
    forward = forward_seconds(model, text)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{model}: from the graph to the whole Trace page {traced:.2f} s; an edit's effect median "
            f"{statistics.median(effects):.2f} s, longest {max(effects):.2f} s, forward pass {forward:.3f} s"
        )
    assert traced <= 1.0
    assert statistics.median(effects) <= 1.5 * forward + 0.3
    page.close()


TRACE_IS_THERE = """() => [...document.querySelectorAll("h5")].some((h) => h.textContent.startsWith("Layer "))
  && document.querySelector(".js-plotly-plot .heatmaplayer")"""

EFFECT_CHANGED = """() => {
  const said = document.querySelector(".st-key-basket p")?.textContent;
  return said && said !== window.saidBefore;
}"""


def seconds_until(page, act, condition: str) -> float:
    """From an action until something is on the page, in seconds."""
    FlowPage(page).settle()
    page.evaluate("() => { window.saidBefore = document.querySelector('.st-key-basket p')?.textContent; }")
    begun = time.monotonic()
    act()
    page.wait_for_function(condition, polling=10, timeout=60_000)
    return time.monotonic() - begun


def slide_strength(page) -> None:
    """One step of the first intervention's slider, by key."""
    handle = page.locator("[class*=st-key-edit0-strength] input[type=range]")
    handle.press("ArrowLeft")


def forward_seconds(name: str, text: str) -> float:
    """One plain forward pass, alone on the machine."""
    model = llm_tt.load_model(name)
    prompt = model.tokenize(text)
    return statistics.median(repeated_seconds(lambda: model.run(prompt.token_ids), 5))
