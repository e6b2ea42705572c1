"""A dashboard for strangers: no page, error or file says where its models lie, and everybody gets a turn."""

import gc
from pathlib import Path

import pytest

import llm_tt
from llm_tt.app.cached import kept
from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.settings import SETTINGS_VARIABLE, bundled
from llm_tt.tracing.trace import ForwardTrace
from tests.app.driving import page_of_link, wait_for_background, words

PAGES = ("flow", "trace", "intervene", "compare", "anatomy", "concepts", "roles")
FOLDER = Path(llm_tt.__file__).parent / "smallworld" / "weights"

OFFERED = f"""
[[models]]
name = "Our model"
source = "{FOLDER}"

[[models]]
name = "gone"
source = "{FOLDER}/nothing-here"
"""


@pytest.fixture
def hosted(tmp_path, monkeypatch):
    """Hosted settings that offer a folder of the server, and one that is not there."""
    text = bundled("config/hosted.toml").read_text(encoding="utf-8")
    (tmp_path / "hosted.toml").write_text(text + OFFERED, encoding="utf-8")
    monkeypatch.setenv(SETTINGS_VARIABLE, str(tmp_path / "hosted.toml"))


def all_that_was_sent(page) -> bytes:
    """Every element and block as the browser gets it, tables and bytes included."""
    protos = (getattr(element, "proto", None) for element in page._tree)
    return b"".join(proto.SerializeToString() for proto in protos if proto is not None)


def assert_no_folder(page) -> None:
    assert not page.exception
    sent = all_that_was_sent(page)
    for part in (str(FOLDER), str(FOLDER.parent), "smallworld"):
        assert part.encode() not in sent


@pytest.mark.parametrize("name", PAGES)
def test_no_page_says_where_a_model_lies(hosted, name):
    page = page_of_link(name, model="Our model", tasks="capital", **{"prompts-each": "10"})
    assert_no_folder(page)
    assert "Our model: 4 layers" in words(page)


@pytest.mark.parametrize("view", ["search", "clusters", "weights", "notes"])
def test_no_view_of_concepts_does(hosted, view):
    assert_no_folder(page_of_link("concepts", model="Our model", concepts=view))


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ({"prompt": "word " * 300}, "this dashboard takes at most 256"),
        ({"prompt": "x" * 5000}, "5,000 characters"),
        ({"token": "no single token of it at all"}, "In Our model this is"),
        ({"model": "gone"}, "This server could not open it"),
        ({"model": "/etc"}, ""),
        ({"edits": "ablate:L9H9"}, ""),
    ],
)
def test_no_error_does(hosted, link, message, monkeypatch):
    from llm_tt.app import cached
    from llm_tt.settings import load_settings

    monkeypatch.setattr(cached, "_settings", load_settings())
    page = page_of_link("flow", **{"model": "Our model", "method": "relp", **link})
    assert_no_folder(page)
    assert message in words(page)
    assert "Traceback" not in words(page)


def test_how_full_the_server_is_is_not_said(hosted):
    assert "GiB in use" not in words(page_of_link("flow", model="Our model"))


def passes() -> set[int]:
    """What takes memory with the length of a prompt, as long as anybody holds on to it."""
    gc.collect()
    kinds = ForwardTrace, EdgeContributions
    return {id(found) for found in gc.get_objects() if type(found) in kinds}


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("flow", {"select": "L3H3@13", "method": "relp"}),
        ("trace", {"select": "L3N7@13"}),
        ("intervene", {"edits": "ablate:L2H1"}),
        ("compare", {"compare_view": "difference"}),
        ("anatomy", {}),
        ("anatomy", {"anatomy-view": "model"}),
        ("concepts", {"select": "L3N7@13"}),
        ("concepts", {"concepts": "notes"}),
    ],
)
def test_no_visit_holds_on_to_a_pass(name, link):
    """Else memory would grow with every open tab, whatever bounds the cache."""
    kept.clear()
    before = passes()
    page = page_of_link(name, **link)
    assert not page.exception
    for _ in range(2):  # the last thing that was asked for is held until the next one comes
        wait_for_background()
    kept.clear()
    assert not passes() - before
