"""How quick the Flow page is in Chromium: first graph, slider to redrawn graph, click to filled inspector."""

import statistics
import time
from pathlib import Path

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

import llm_tt
from llm_tt.benchmark.timing import median_seconds
from llm_tt.model.untrained import build_byte_tokenizer
from tests.end_to_end.conftest import browser, running_dashboard  # noqa: F401 (a fixture)
from tests.end_to_end.flow_driver import FlowPage

pytestmark = [pytest.mark.benchmark, pytest.mark.browser]

TEXT = "When Mary and John went to the store, John gave a drink to Mary; then they went home."

SLIDE = """async () => {
  const { slider } = window.flowView.cutControl;
  const times = [];
  for (let place = 300; place < 900; place += 15) {
    slider.value = place;
    const begun = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const painted = new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    await painted;
    times.push(performance.now() - begun);
  }
  return times;
}"""

WATCH = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  const heading = () => [...main.querySelectorAll("h5")].map((h) => h.textContent).join();
  const before = heading();
  const watch = { begun: null, filled: null };
  window.watch = watch;
  addEventListener("pointerup", () => { watch.begun = performance.now(); }, { once: true, capture: true });
  new MutationObserver(() => { if (heading() !== before) watch.filled ??= performance.now(); })
    .observe(main, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def address():
    """A dashboard of our own, so that its start can be timed."""
    with running_dashboard() as address:
        yield address


@pytest.fixture(scope="module")
def deep_model(tmp_path_factory) -> Path:
    """32 layers of 32 heads, narrow: what counts is the size of the graph."""
    folder = tmp_path_factory.mktemp("deep")
    torch.manual_seed(0)
    sizes = GPT2Config(
        n_layer=32, n_head=32, n_embd=256, n_positions=128, vocab_size=257, bos_token_id=0, eos_token_id=0
    )
    GPT2LMHeadModel(sizes).save_pretrained(folder)
    build_byte_tokenizer().save_pretrained(folder)
    return folder


SLIDER_GOALS = {"small-world": 50, "12 x 32": 50, "32 x 64": 150}
"""Milliseconds, by the shape: layers and tokens."""


@pytest.mark.parametrize("shape", SLIDER_GOALS)
def test_the_page_keeps_up(browser, address, deep_model, shape, capsys):  # noqa: F811
    model, n_tokens = {
        "small-world": ("small-world", 58),
        "12 x 32": ("untrained-gpt2-small", 32),
        "32 x 64": (deep_model, 64),
    }[shape]
    page = browser.new_page(viewport={"width": 1500, "height": 1000})
    begun = time.monotonic()
    page.goto(f"{address}/?model={model}&prompt={TEXT[:n_tokens]}")
    page.wait_for_selector(".flow canvas", timeout=90_000)
    first = time.monotonic() - begun
    flow = FlowPage(page).wait_for_graph()
    page.wait_for_function("() => window.flowView.state.curve", timeout=120_000)
    slides = page.evaluate(SLIDE)
    clicks = [click_to_inspector(flow, row) for row in (1, 2, 3, 4, 5, 6, 7, 8)]
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{shape}: first graph {first:.1f} s; slider to redrawn graph median "
            f"{statistics.median(slides):.0f} ms, longest {max(slides):.0f} ms; "
            f"click to inspector median {statistics.median(clicks):.0f} ms, longest {max(clicks):.0f} ms; "
            f"{flow.state('graph.edges'):,} edges in the browser"
        )
    assert statistics.median(slides) <= SLIDER_GOALS[shape]
    assert statistics.median(clicks) <= 300
    page.close()


@pytest.mark.parametrize(("model", "n_tokens"), [("small-world", 58), ("untrained-gpt2-small", 32)])
def test_trace_and_effect_keep_up(browser, address, model, n_tokens, capsys):  # noqa: F811
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
    handle = page.locator(".st-key-edit0-strength input[type=range]")
    handle.press("ArrowLeft")


def forward_seconds(name: str, text: str) -> float:
    """One plain forward pass, alone on the machine."""
    model = llm_tt.load_model(name)
    prompt = model.tokenize(text)
    return median_seconds(lambda: model.run(prompt.token_ids), 5)


def click_to_inspector(flow: FlowPage, row: int) -> float:
    """Milliseconds from letting go of the button to the new card's heading."""
    flow.settle()
    flow.page.evaluate(WATCH)
    flow.click_node(row, flow.state("position"))
    flow.page.wait_for_function("() => window.watch.filled")
    return flow.page.evaluate("() => window.watch.filled - window.watch.begun")
