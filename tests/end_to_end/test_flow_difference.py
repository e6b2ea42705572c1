"""The difference of two runs, drawn in Chromium: what is counted is what is drawn, saved and said."""

import base64
import re

import pytest
import torch

from llm_tt.render import flow_view
from llm_tt.render.flow_payload import FlowCaption, OtherRun, flow_payload
from tests.graph.random_shares import random_shares
from tests.render.flow_view.conftest import make_payload
from tests.render.flow_view.test_difference import GAINED, LOST, edited

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><style>{style}</style><div class="flow"></div><script type="module">{module}
window.told = [];
const onSelect = (part) => told.push(part);
window.flowView = new FlowView(document.querySelector(".flow"), {{ onSelect, onTarget() {{}} }});
flowView.load(Uint8Array.from(atob("{payload}"), (c) => c.charCodeAt(0)));
</script>"""

PLACE = """(became) => {
  const { state, stage } = window.flowView;
  const { points } = state.shapes.find(({ pair }) => pair.became === became && pair.kind === 0);
  const middle = 2 * Math.floor(points.length / 4);
  const box = stage.box.getBoundingClientRect();
  return [box.x + points[middle], box.y + points[middle + 1]];
}"""


@pytest.fixture
def show(page):
    """Show a payload; gives the tab."""

    def shown(payload: bytes):
        page.set_content(
            PAGE.format(
                style=flow_view.stylesheet(),
                module=flow_view.module(),
                payload=base64.b64encode(payload).decode(),
            )
        )
        page.wait_for_function("() => window.flowView?.state.layout")
        page.evaluate("() => window.flowView.option('cut', { unit: 'threshold', value: 0.02 })")
        return page

    yield shown
    assert page.script_errors == []


@pytest.fixture
def difference(show):
    """Two runs of one prompt."""
    shares = random_shares(3, 4, 7, dtype=torch.float32)
    return show(make_payload(shares, other=edited(shares), other_run=OtherRun("edited <b>")))


def saved_svg(page) -> str:
    with page.expect_download() as download:
        page.evaluate("() => { window.flowView.save('svg'); }")
    return download.value.path().read_text(encoding="utf-8")


def test_the_counts_stand_in_place_of_the_meter(difference):
    counts = difference.evaluate("() => window.flowView.state.difference.counts")
    assert min(counts[name] for name in ("gained", "lost", "stronger", "weaker", "same")) > 0
    words = ", ".join(f"{name} {counts[name]}" for name in ("gained", "lost", "changed", "same"))
    assert [box.inner_text() for box in difference.locator(".meter:visible").all()] == [words]
    difference.evaluate(
        """() => { const { state } = window.flowView; window.flowView.news({ run: state.graph.run,
        prompt: state.graph.prompt, target: state.position, curve: { what: "it", points: [] } }); }"""
    )
    assert difference.locator(".meter:visible").count() == 1  # the curve is about one run


def test_a_saved_picture_says_and_shows_the_same(difference):
    counts = difference.evaluate("() => window.flowView.state.difference.counts")
    svg = saved_svg(difference)
    assert "base → edited &lt;b&gt;</text>" in svg
    for words in (
        f"gained {counts['gained']}",
        f"lost {counts['lost']}",
        f"changed {counts['changed']}: stronger {counts['stronger']}",
        f"weaker {counts['weaker']}",
        f"same {counts['same']}",
    ):
        assert f">{words}</text>" in svg
    theme = difference.evaluate("() => window.flowView.state.theme")
    pairs = difference.evaluate("() => window.flowView.state.pairs.map((pair) => pair.became)")
    for became, name in enumerate(("gained", "lost", "stronger", "weaker", "same"), start=1):
        lines = re.findall(rf'<path [^>]*stroke="{theme[name]}"[^>]*>', svg)
        dashed = [line for line in lines if "dasharray" in line]
        drawn = [line for line in lines if line not in dashed] if name != "lost" else dashed
        hairs = 7 if name == "same" else 0  # of the tokens' columns, which are dotted in the same grey
        assert len(drawn) == pairs.count(became) + 1  # and its line in the legend
        assert len(dashed) == (len(drawn) if name == "lost" else hairs)


@pytest.mark.parametrize("became", [GAINED, LOST])
def test_a_click_selects_what_only_one_run_keeps(became, difference):
    difference.mouse.click(*difference.evaluate(PLACE, became))
    part = difference.evaluate("() => window.flowView.state.selection.name")
    assert difference.evaluate("() => window.told") == [part]
    lit = difference.evaluate(
        """() => { const { trails, pairs } = window.flowView.state;
        return pairs.filter((pair) => trails.chosen.has(pair.key)).map((pair) => pair.became); }"""
    )
    assert became in lit


def test_the_card_names_both_runs(difference):
    x, y = difference.evaluate(PLACE, GAINED)
    difference.mouse.move(x, y)
    card = difference.locator(".card").inner_text()
    assert "Gained: kept only in edited <b>" in card
    assert "(cut away)  →  edited <b>" in card or "(cut away) → edited <b>" in card


def test_one_edited_run_is_named_in_the_corner(show):
    shares = random_shares(3, 4, 7, dtype=torch.float32)
    tab = show(flow_payload(shares, 6, FlowCaption("run", "prompt", "label", run_label="edited run")))
    assert ">edited run</text>" in saved_svg(tab)
    assert tab.evaluate("() => window.flowView.state.difference") is None
    assert ">edited run</text>" not in saved_svg(show(make_payload(shares)))
