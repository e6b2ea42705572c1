"""One file from the library alone, with nothing outside of it."""

import base64
import json
import re

import llm_tt


def test_the_file_holds_the_picture_and_asks_nobody(tiny_model):
    trace = llm_tt.capture(tiny_model, "</script><b>")
    graph = llm_tt.anatomy.flow(tiny_model, trace, [0, 1])
    page = llm_tt.anatomy_html(tiny_model, trace, graph)
    assert "<title>&lt;/script&gt;&lt;b&gt;</title>" in page
    assert page.count("</script>") == 1
    assert not re.search(r"https?://(?!www\.w3\.org)", page)
    payload = base64.b64decode(re.search(r'"(TFRB[A-Za-z0-9+/=]+)"', page)[1])
    assert tuple(json.loads(payload[4:])["nodes"]["name"]) == graph.names
