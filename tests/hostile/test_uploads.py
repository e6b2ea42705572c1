"""Files that are uploaded on a page, with anything in them, under any name; on this machine and hosted."""

import json

import pytest

from llm_tt.settings import SETTINGS_VARIABLE
from tests.app.driving import FAILED, page_of_link, words
from tests.hostile.answers import timed
from tests.hostile.pages import CONFIG, HARMFUL, check_hosted, check_page, sentences

PROMPT = "When Mary and John went to"


@pytest.fixture(scope="module", autouse=True)
def warm(world):
    for name in ("trace", "concepts"):
        page_of_link(name, prompt=PROMPT)


@pytest.fixture(params=["local", "hosted"])
def hosted(request, monkeypatch):
    monkeypatch.setenv(SETTINGS_VARIABLE, str(CONFIG / f"{request.param}.toml"))
    return request.param == "hosted"


def upload(key, name, content, kind="text/plain", *, shown_on="trace"):
    """A page that was given a file."""
    page = page_of_link(shown_on, prompt=PROMPT)
    with timed(is_bounded=False):
        box = next(box for box in page.get("file_uploader") if box.key == key)
        box.set_value((name, content, kind)).run()
    check_page(page)
    return page


PROMPTS = {
    "zero bytes": ("a.txt", b"\0" * 1_000),
    "bytes of an image": ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
    "a pickle": ("a.txt", b"\x80\x04\x95" + b"\0" * 100),
    "another encoding": ("a.txt", "Mary".encode("utf-16")),
    "nothing": ("a.txt", b""),
    "only empty lines": ("a.txt", b"\n" * 10_000),
    "20,000 prompts": ("a.txt", b"a\n" * 20_000),
    "endless brackets": ("a.jsonl", b'{"prompt":' + b"[" * 100_000),
    "a number of 5,000 digits": ("a.jsonl", b"9" * 5_000),
    "half of a character": ("a.jsonl", b'{"prompt": "\\ud800"}'),
    "no prompt": ("a.jsonl", b'{"text": "x"}'),
    "a name that is a page": (f"{HARMFUL}.txt", b"\0"),
    "a name that leads upwards": ("../../../etc/passwd.txt", b"\0"),
    "a name that colours": ("\x1b[31m\u202e.txt", b"\0"),
    "a name of 5,000 letters": ("x" * 5_000 + ".txt", b"\0"),
}


@pytest.mark.parametrize(("name", "content"), PROMPTS.values(), ids=PROMPTS)
def test_prompts_that_are_none(hosted, name, content):
    page = upload("upload", name, content)
    assert FAILED in words(page)
    assert len(sentences(page)) == 3
    if hosted and "passwd" not in name:
        check_hosted(page)


EDITS = {
    "endless brackets": b"[" * 100_000,
    "digits": b'{"format": ' + b"9" * 5_000,
    "bytes": b"\xff" * 100,
    "another format": b'{"format": "evil", "version": 1}',
    "a kind that is a page": json.dumps(
        {"format": "llm_tt edits", "version": 1, "edits": [{"kind": HARMFUL}]}
    ).encode(),
    "a note that is half of a character": (
        b'{"format": "llm_tt edits", "version": 1, '
        b'"edits": [{"kind": "ablate", "component": "L0H0", "note": "\\ud800"}]}'
    ),
    "a number beyond all numbers": (
        b'{"format": "llm_tt edits", "version": 1, '
        b'"edits": [{"kind": "scale", "component": "L0H0", "factor": 1e999}]}'
    ),
    "two megabytes": b" " * 2**21,
}


@pytest.mark.parametrize("content", EDITS.values(), ids=EDITS)
def test_edits_that_are_none(content):
    page = upload("basket-file", "edits.json", content, "application/json", shown_on="intervene")
    assert FAILED in words(page)


def test_prompts_that_would_act_are_shown_as_they_are():
    """They are good prompts; a menu shows them as text."""
    page = upload("upload", "a.txt", f"{HARMFUL}\n\x1b[31mred\n# **bold**\n".encode())
    assert FAILED not in words(page)
