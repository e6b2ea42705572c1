"""A picture that no browser drew beside the one that the page saves: the same lines, squares and texts."""

import base64
from collections import Counter

import pytest
import torch

from llm_tt.render import anatomy_view, flow_view
from llm_tt.render.flow_payload import OtherRun
from llm_tt.render.pictures import picture_svg
from tests.graph.random_shares import random_shares, signed
from tests.render.anatomy_view.made_up import made_up_payload
from tests.render.anatomy_view.shapes import SHAPES
from tests.render.drawn_files import DrawnFile
from tests.render.flow_view.conftest import make_payload
from tests.render.flow_view.test_difference import edited
from tests.render.test_pictures import worded

pytestmark = pytest.mark.browser

CAPTION = 28  # the height of one line with what is around it
PAGE = """<!doctype html><style>:root {{ --st-background-color: #ffffff; --st-text-color: #31333f;
--st-secondary-background-color: #f0f2f6;
--st-font: "Source Sans 3", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans",
sans-serif; }}
{style}</style><div class="{name}"></div><script type="module">{module}
window.stillOf = (() => {{ {still}; return stillOf; }})();
window.bytes = Uint8Array.from(atob("{payload}"), (letter) => letter.charCodeAt(0));
window.view = new {View}(document.querySelector(".{name}"), {{ onSelect() {{}}, onTarget() {{}} }});
view.load(bytes);
</script>"""

FLOAT32 = {"dtype": torch.float32}
WORDS = ("When", "·Mary", "·and", "·unbelievably", "東京", "<b>", "·to")
FLOWS = {
    "short tokens": make_payload(random_shares(3, 4, 7, **FLOAT32)),
    "slanted tokens": make_payload(worded(signed(random_shares(3, 4, 20, **FLOAT32)), WORDS)),
    "two methods": make_payload(random_shares(3, 4, 7, **FLOAT32), other=signed(random_shares(3, 4, 7))),
    "two runs": make_payload(
        random_shares(3, 4, 7, **FLOAT32),
        other=edited(random_shares(3, 4, 7, **FLOAT32)),
        other_run=OtherRun("edited"),
    ),
}


@pytest.fixture
def saved(page):
    """The page of a payload, and what it saves."""

    def shown(kind: str, payload: bytes, width: int = 1200) -> DrawnFile:
        folder, view = {"flow": (flow_view, "FlowView"), "anatomy": (anatomy_view, "AnatomyView")}[kind]
        page.set_viewport_size({"width": width, "height": 1400})
        page.set_content(
            PAGE.format(
                name=kind, style=folder.stylesheet(), module=folder.module(), View=view,
                still=folder.still_module(), payload=base64.b64encode(payload).decode(),
            )
        )  # fmt: skip
        page.wait_for_function("() => window.view?.state.layout")
        with page.expect_download() as download:
            page.evaluate("() => { window.view.save('svg'); }")
        return DrawnFile.read(download.value.path().read_text(encoding="utf-8"))

    yield shown
    assert page.script_errors == []


def pieces(picture: DrawnFile, height: float) -> list[tuple[str, dict[str, str], str]]:
    """All that is drawn above the caption, in its order; names of clips are each picture's own."""
    elements = list(picture.root.iter())[3:]  # behind the paper's own
    return [
        (
            each.tag,
            {name: value for name, value in each.attrib.items() if name not in ("id", "clip-path")},
            each.text,
        )
        for each in elements
        if float(each.get("y") or 0) < height
    ]


def stills(page, width: float) -> DrawnFile:
    """What the same modules draw on this page, where letters can be measured."""
    wishes = {"width": width, "height": None, "isDark": False, "selected": None, "cut": None, "key": ""}
    return DrawnFile.read(page.evaluate("(wishes) => stillOf(bytes, wishes)", wishes))


def beginning(each) -> float:
    """The height at which something begins."""
    line = each.get("d")
    return float(line.partition("C")[0].split()[1] if line else each.get("y") or each.get("cy") or 0)


def counted(picture: DrawnFile, tag: str, *names: str, height: float = float("inf")) -> Counter:
    """How many of each there are, by some of their attributes; lower ones left out."""
    return Counter(
        tuple(each.get(name) for name in names) for each in picture.all(tag) if beginning(each) < height
    )


@pytest.mark.parametrize("name", FLOWS)
def test_a_graph_is_the_page_s_own(name, page, saved):
    ours = saved("flow", FLOWS[name])
    width, height = ours.size
    assert pieces(stills(page, width), height) == pieces(ours, height)
    headless = DrawnFile.read(picture_svg(FLOWS[name], width=int(width)))
    assert headless.texts[: len(ours.texts)] == ours.texts
    assert len(headless.all("path")) == len(ours.all("path"))
    if name == "slanted tokens":  # there all depends on the widths of letters
        return
    assert headless.size == (width, height + CAPTION)
    assert counted(headless, "circle", "cx", "cy", "fill") == counted(ours, "circle", "cx", "cy", "fill")
    legend = height - 30
    for tag, names in (("path", ("d", "stroke", "stroke-width")), ("rect", ("x", "y", "fill", "width"))):
        ours_only = counted(ours, tag, *names, height=legend) - counted(headless, tag, *names, height=legend)
        boxes = {"#c2187a", "#ffffff"} if tag == "rect" else set()  # of labels: as wide as their letters
        assert {key[2] for key in ours_only} <= boxes
        assert len(ours_only) <= 2


@pytest.mark.parametrize("name", ["one layer", "parallel", "as lengths", "attention", "no circuits"])
def test_an_anatomy_is_the_page_s_own(name, page, saved):
    payload = made_up_payload(SHAPES[name])
    ours = saved("anatomy", payload, 1600)
    width, height = ours.size
    assert pieces(stills(page, width), height) == pieces(ours, height)
    headless = DrawnFile.read(picture_svg(payload, width=int(width)))
    assert headless.size == (width, height + CAPTION)
    assert counted(headless, "path", "stroke", "stroke-width") == counted(
        ours, "path", "stroke", "stroke-width"
    )
    assert counted(headless, "rect", "fill", "stroke") == counted(ours, "rect", "fill", "stroke")
    assert len(headless.texts) == len(ours.texts) + 1
