"""Both components get their bytes and our modules, each in one text."""

from streamlit.testing.v1 import AppTest

from llm_tt.render import flow_view
from tests.app.components.test_flow import proto_of


def script() -> None:
    from llm_tt.app.components.comparison import draw_difference, draw_sides

    def nothing(sent: object) -> None:
        pass

    draw_difference(b"one", name="name", on_part=nothing, on_column=nothing, on_file=nothing)
    draw_sides(b"two", name="name", on_part=nothing, on_column=nothing)


def test_bytes_and_modules():
    page = AppTest.from_function(script).run()
    assert not page.exception
    difference, sides = proto_of(page, "difference-graph"), proto_of(page, "sides-graph")
    assert (difference.bytes, sides.bytes) == (b"one", b"two")
    assert difference.js_content.startswith(flow_view.module())
    assert sides.js_content.startswith(flow_view.linked_module())
    for component in (difference, sides):
        assert component.js_content.count("export default function") == 1
        assert component.js_content.count("function readAddress") == 1
        assert component.css_content == flow_view.stylesheet()
    assert '"name": "csv"' in difference.js_content
