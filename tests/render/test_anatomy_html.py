"""One file with everything in it; what a browser makes of it is seen in `tests/end_to_end/`."""

import base64
import re

from llm_tt.render import anatomy_view
from llm_tt.render.anatomy_html import standalone_html
from tests.render.anatomy_view.made_up import hostile, made_up_payload
from tests.render.test_flow_view import NOTHING_IS_ASKED_THERE, OUTSIDE


def test_the_payload_travels_inside():
    payload = made_up_payload()
    page = standalone_html(payload, title="Layers")
    (carried,) = re.findall(r'openPage\(.*"([A-Za-z0-9+/=]+)"\);', page)
    assert base64.b64decode(carried) == payload
    assert anatomy_view.standalone_module() in page
    assert anatomy_view.standalone_stylesheet() in page
    assert page.count("<title>Layers</title>") == 1


def test_no_token_and_no_title_becomes_markup():
    page = standalone_html(hostile(made_up_payload()), title="</title><script>alert(1)</script> & $style")
    assert page.count("</script>") == 1
    assert page.count("<title>") == page.count("</title>") == 1
    assert "onclick=x" not in page
    assert "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; $style" in page


def test_nothing_outside_is_asked_for_and_the_page_may_not_either():
    page = standalone_html(made_up_payload(), title="Layers")
    assert "default-src 'none'" in page
    for known in NOTHING_IS_ASKED_THERE:
        page = page.replace(known, "")
    assert not OUTSIDE.search(page)
