"""Addresses of pages: anybody may write one, and a person clicks on it. On this machine, and hosted."""

import pytest

from llm_tt.settings import SETTINGS_VARIABLE
from tests.app.driving import FAILED, page_of_link, words
from tests.hostile.pages import CONFIG, HARMFUL, check_hosted, opened, sentences

PROMPT = "When Mary and John went to"


@pytest.fixture(scope="module", autouse=True)
def warm(world):
    for name in ("flow", "trace"):
        page_of_link(name, prompt=PROMPT)  # the first time compiles, and opens the model


@pytest.fixture(params=["local", "hosted"])
def hosted(request, monkeypatch):
    """Whether visitors are strangers."""
    monkeypatch.setenv(SETTINGS_VARIABLE, str(CONFIG / f"{request.param}.toml"))
    return request.param == "hosted"


PROMPTS = {
    "100,000 letters": "a" * 100_000,
    "5,000 tokens": " Mary" * 5_000,
    "zero bytes": "\0" * 300,
    "a page": HARMFUL,
    "letters that turn the direction": "\u202e\u2066Mary",
    "colours": "\x1b[31mMary",
    "markdown": "# **Mary** [x](javascript:alert(1)) :smile: $x^2$ ![](http://x/y.png)",
    "families of faces": "👩‍👩‍👧‍👦" * 5,
    "blank letters": "\u3164\u2800\u200b",
}


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_a_prompt(hosted, prompt):
    page = opened("trace", prompt=prompt)
    if len(prompt) > 10_000:
        assert FAILED in words(page)
    if hosted:
        check_hosted(page)


MODELS = [
    "/etc", "/dev/zero", "../../etc/passwd", "file:///etc/passwd", "http://169.254.169.254/", "~nobody/x",
    "a\0b", "x" * 100_000, HARMFUL, "\x1b[31m", ".", " ",
]  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: ascii(model)[:20])
def test_a_model(hosted, model):
    page = opened("trace", prompt=PROMPT, model=model)
    if hosted:
        check_hosted(page)
        assert "passwd" not in "".join(sentences(page))


PARAMETERS = {
    "a position of 5,000 digits": {"at": "9" * 5_000},
    "a position that is a small two": {"at": "²"},
    "a position in front": {"at": "-1"},
    "a part of 100,000 letters": {"select": "L" * 100_000},
    "a part that is a page": {"select": HARMFUL},
    "a part far away": {"select": "L999999999H1@3"},
    "edits without end": {"edits": ";".join(["ablate:L0H0"] * 10_000)},
    "edits that are a page": {"edits": HARMFUL},
    "an edit beyond all numbers": {"edits": "scale:L0H0:1e999"},
    "an edit of nothing": {"edits": ";;;:::!!!"},
    "an edit with a note that is a page": {"edits": "ablate:L0H0:w=%3Cscript%3Ealert(1)%3C%2Fscript%3E"},
    "a token of 100,000 letters": {"token": "x" * 100_000},
    "a token that is a page": {"token": HARMFUL, "contrast": HARMFUL},
    "a token that is blank": {"token": "   ", "contrast": "\0"},
    "a method that is none": {"method": "os.system", "compare": "x" * 1_000},
    "the same word several times": {
        "method": ["relp", "ifr"],
        "at": ["1", "2", "x"],
        "model": ["untrained", "/etc"],
    },
    "a precision that is none": {"precision": "int4"},
    "words that nobody knows": {
        "__class__": "x",
        "prompt_text": "x",
        "basket": "x",
        "settings": "/etc/passwd",
    },
    "100 words": {f"word{number}": "x" * 100 for number in range(100)},
}


@pytest.mark.parametrize("parameters", PARAMETERS.values(), ids=PARAMETERS)
@pytest.mark.parametrize("name", ["flow", "trace"])
def test_what_else_an_address_says(name, parameters):
    opened(name, **{"prompt": PROMPT, **parameters})


OTHERS = {
    "anatomy": {"layers": "0-99999999999", "parts": "9" * 5_000, "select": HARMFUL},
    "compare": {
        "b_prompt": HARMFUL,
        "b_model": "/etc",
        "b_method": "x",
        "pairs": "1-" * 10_000,
        "both": "L²",
    },
    "concepts": {"search": HARMFUL, "sides": "x y", "layers": "9" * 5_000 + " -1 ²", "cluster": "1e999"},
    "roles": {"tasks": "x,../../etc", "prompts-each": "10**9", "measured-by": "evil", "prompts-from": "x"},
    "intervene": {"edits": "steer:0:1:t=%00;set:L0N0:nan"},
}


@pytest.mark.parametrize("name", OTHERS)
def test_the_other_pages(name):
    page_of_link(name, prompt=PROMPT)  # what they show without being told is kept
    opened(name, prompt=PROMPT, **OTHERS[name])


@pytest.mark.parametrize("folder", ["/etc", "/dev/zero", "a\0b", "x" * 5_000, "~nobody", HARMFUL])
def test_a_folder_of_runs(folder):
    opened("roles", prompt=PROMPT, **{"prompts-from": "runs", "runs-folder": folder})


def test_a_folder_of_runs_is_not_looked_at_for_visitors(monkeypatch, precious):
    monkeypatch.setenv(SETTINGS_VARIABLE, str(CONFIG / "hosted.toml"))
    page = opened("roles", **{"prompts-from": "runs", "runs-folder": str(precious.parent)})
    assert precious.parent.name not in words(page) + "".join(sentences(page))
