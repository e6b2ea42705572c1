"""Both kinds of pictures have their modules and their look, and share what is theirs together."""

import pytest

from llm_tt.render import anatomy_view, flow_view


@pytest.mark.parametrize(("picture", "view"), [(flow_view, "FlowView"), (anatomy_view, "AnatomyView")])
def test_modules_hold_what_is_asked_of_them(picture, view):
    assert f"const {{ {view} }} =" in picture.module()
    assert "const { stillOf } =" in picture.still_module()
    assert "const { openPage, openInNotebook } =" in picture.standalone_module()
    own = ".anatomy" if view == "AnatomyView" else ".flow"
    assert own in picture.stylesheet()
    assert picture.standalone_stylesheet().endswith(picture.stylesheet())
    assert len(picture.standalone_stylesheet()) > len(picture.stylesheet())


def test_linked_views_hold_the_graph_of_one():
    assert "const { LinkedViews } =" in flow_view.linked_module()
    assert "class FlowView" in flow_view.linked_module()
