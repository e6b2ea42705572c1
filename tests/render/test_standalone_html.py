"""A picture that needs nothing else; what a browser makes of it is seen in `tests/end_to_end/`."""

import base64
import json
import re

import pytest

from llm_tt.render.standalone_html import ANATOMY, FLOW, notebook_html, standalone_html
from tests.graph.random_shares import random_shares
from tests.render.anatomy_view.made_up import hostile, made_up_payload
from tests.render.flow_view.conftest import make_payload
from tests.render.test_flow_view import NOTHING_IS_ASKED_THERE, OUTSIDE

PICTURES = {"flow": (FLOW, make_payload(random_shares(1, 2, 3))), "anatomy": (ANATOMY, made_up_payload())}


@pytest.fixture(params=PICTURES)
def picture(request):
    return PICTURES[request.param]


def test_the_payload_travels_inside(picture):
    drawn, payload = picture
    page = standalone_html(drawn, payload, title="Layers")
    (carried,) = re.findall(r'openPage\("([A-Za-z0-9+/=]+)", null, null\);', page)
    assert base64.b64decode(carried) == payload
    assert drawn.module() in page
    assert drawn.stylesheet() in page
    assert page.count("<title>Layers</title>") == 1


def test_no_token_no_title_and_no_name_becomes_markup():
    news = {"labels": {"embed@0": ["</script><script>alert(1)</script>", "<!--", "&amp;"]}}
    view = {"selected": "</script>"}
    page = standalone_html(
        ANATOMY,
        hostile(made_up_payload()),
        title="</title><script>alert(1)</script> & $style",
        news=news,
        view=view,
    )
    assert page.count("</script>") == 1
    assert page.count("<title>") == page.count("</title>") == 1
    assert "onclick=x" not in page
    assert "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; $style" in page
    told = re.search(r'openPage\("[^"]+", (\{.*\}), (\{.*\})\);', page)
    assert json.loads(told[1]) == news  # the browser reads what was said
    assert json.loads(told[2]) == view


def test_a_title_that_is_no_text_can_be_written():
    page = standalone_html(*PICTURES["flow"], title="half \ud83d")
    assert "<title>half \ufffd</title>" in page.encode().decode()


def test_an_output_ends_where_it_should_and_names_only_itself(picture):
    drawn, payload = picture
    one, two = (notebook_html(drawn, payload) for _ in range(2))
    names = [re.match(r'<div id="(llm-tt-[0-9a-f]{16})">', output)[1] for output in (one, two)]
    assert names[0] != names[1]
    assert one.count("</script>") == 1
    assert one.count("<div id=") == 1
    assert f'getElementById("{names[0]}")' in one


def test_nothing_outside_is_asked_for_and_the_page_may_not_either(picture):
    drawn, payload = picture
    page = standalone_html(drawn, payload, title="Layers")
    assert "default-src 'none'" in page
    for text in (page, notebook_html(drawn, payload)):
        for known in NOTHING_IS_ASKED_THERE:
            text = text.replace(known, "")
        assert not OUTSIDE.search(text)
