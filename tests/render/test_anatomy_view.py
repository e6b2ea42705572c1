"""The picture of layers folds into modules that a page can take, and nothing in them comes from outside."""

import re
from pathlib import Path

import pytest

from llm_tt.render import anatomy_view
from llm_tt.render.browser_module import CANVAS
from tests.render.folded import assert_folded_once, modules_of
from tests.render.test_flow_view import (
    NOTHING_IS_ASKED_THERE,
    OUTSIDE,
    TEXT_AS_MARKUP_OR_CODE,
    check_with_node,
)

OWN = sorted(Path(anatomy_view.__file__).parent.glob("*.js"))
MODULES = modules_of(anatomy_view)


@pytest.mark.parametrize("script", OWN + sorted(CANVAS.glob("*.js")), ids=lambda path: path.name)
def test_every_file_is_in_the_modules_once(script):
    assert len(OWN) > 15
    assert_folded_once(script, MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_left_to_import_or_export_and_node_reads_it(name, tmp_path):
    module = MODULES[name]
    assert not re.search(r"^\s*(import|export)\b", module, re.MULTILINE)
    check_with_node(module, tmp_path / "alone.mjs")
    with pytest.raises(AssertionError, match="SyntaxError"):
        check_with_node(module + "const AnatomyView = 1, openPage = 1, stillOf = 1;", tmp_path / "twice.mjs")


def test_node_reads_the_module_and_what_the_page_adds_to_it(tmp_path):
    from llm_tt.app import components

    added = Path(components.__file__).with_name("anatomy.js").read_text(encoding="utf-8")
    check_with_node(anatomy_view.module() + added, tmp_path / "with_anatomy.mjs")


def test_what_is_imported_is_exported_there():
    for script in OWN:
        text = script.read_text(encoding="utf-8")
        for words, name in re.findall(r'^import \{([^}]*)\} from "(\S+)";$', text, re.MULTILINE):
            source = (script.parent / name).read_text(encoding="utf-8")
            exported = re.findall(
                r"^export (?:async )?(?:function\*?|class|const) (\w+)", source, re.MULTILINE
            )
            assert {word.strip() for word in words.split(",") if word.strip()} <= set(exported), script.name


@pytest.mark.parametrize("script", OWN, ids=lambda path: path.name)
def test_no_text_becomes_markup_or_code(script):
    assert not TEXT_AS_MARKUP_OR_CODE.search(script.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text", [*MODULES.values(), anatomy_view.stylesheet(), anatomy_view.standalone_stylesheet()]
)
def test_nothing_outside_is_asked_for(text):
    for known in NOTHING_IS_ASKED_THERE:
        text = text.replace(known, "")
    assert not OUTSIDE.search(text)


def test_the_look_is_what_all_share_and_its_own():
    look = anatomy_view.stylesheet()
    assert ".stage {" in look
    assert ".notes {" in look
    assert "--st-background-color:" not in look
    assert look in anatomy_view.standalone_stylesheet()
    assert "--st-background-color:" in anatomy_view.standalone_stylesheet()
