"""The picture's files fold into one module that a page can take: all of them, and nothing from outside."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from llm_tt.app import components
from llm_tt.render import flow_view
from llm_tt.render.browser_module import CANVAS
from tests.render.folded import assert_folded_once, modules_of

MODULES = modules_of(flow_view)
SCRIPTS = sorted([*Path(flow_view.__file__).parent.glob("*.js"), *CANVAS.glob("*.js")])
IN_THE_APP = sorted(Path(components.__file__).parent.glob("*.js"))
NOTHING_IS_ASKED_THERE = (
    "http://www.w3.org/2000/svg",  # a name, not an address
    "await fetch(new URL(file, rule.parentStyleSheet?.href",  # the font that the page itself shows
    "src:url(${data})",  # the same font, inside of a file
    "url(#${id})",  # within one drawing
)
TEXT_AS_MARKUP_OR_CODE = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|document\.write|DOMParser"
    r"|\beval\b|\bnew Function\b|\bset(?:Timeout|Interval)\(\s*[\"'`]"
)
OUTSIDE = re.compile(
    r"https?:|[\"'`(]//\w|\burl\(|@import|\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon"
)


def check_with_node(text: str, place: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.fail("these tests need Node.js (Debian and Ubuntu: apt-get install nodejs)")
    place.write_text(text, encoding="utf-8")
    checked = subprocess.run([node, "--check", str(place)], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_file_is_in_the_module_once(script):
    assert len(SCRIPTS) > 15
    assert_folded_once(script, MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_left_to_import_or_export(name):
    assert not re.search(r"^\s*(import|export)\b", MODULES[name], re.MULTILINE)


def test_every_file_stands_behind_those_that_it_needs():
    module = flow_view.module()
    needs = re.findall(r"^const \{[^}]*\} = _(\w+);$", module, re.MULTILINE)
    assert len(needs) > 40
    for name in needs:
        uses = [found.start() for found in re.finditer(rf"= _{name};", module)]
        assert module.index(f"const _{name} = ") < min(uses), name


def test_what_is_imported_is_exported_there():
    for script in SCRIPTS:
        text = script.read_text(encoding="utf-8")
        for words, name in re.findall(r'^import \{([^}]*)\} from "(\S+)";$', text, re.MULTILINE):
            source = (script.parent / name).read_text(encoding="utf-8")
            exported = re.findall(
                r"^export (?:async )?(?:function\*?|class|const) (\w+)", source, re.MULTILINE
            )
            assert {word.strip() for word in words.split(",")} <= set(exported), (script.name, name)


def test_node_reads_the_module_and_what_the_page_adds_to_it(tmp_path):
    module = flow_view.module()
    for name, text in MODULES.items():
        check_with_node(text, tmp_path / f"{name}.mjs")
    flow = next(path for path in IN_THE_APP if path.name == "flow.js")
    check_with_node(module + flow.read_text(encoding="utf-8"), tmp_path / "with_flow.mjs")
    with pytest.raises(AssertionError, match="SyntaxError"):
        check_with_node(module + "const FlowView = 1;", tmp_path / "twice.mjs")


@pytest.mark.parametrize("script", [*SCRIPTS, *IN_THE_APP], ids=lambda path: path.name)
def test_no_text_becomes_markup_or_code(script):
    assert not TEXT_AS_MARKUP_OR_CODE.search(script.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text", [*MODULES.values(), flow_view.stylesheet(), flow_view.standalone_stylesheet()]
)
def test_nothing_outside_is_asked_for(text):
    for known in NOTHING_IS_ASKED_THERE:
        text = text.replace(known, "")
    assert not OUTSIDE.search(text)
