"""Cards of a tiny model, opened without a browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import llm_tt
from llm_tt.app.view import View
from llm_tt.attribution.target import resolve_target
from llm_tt.settings import load_settings

PROMPT = "<b>*So*</b> it is"


def make_view(model: llm_tt.LanguageModel, method: str = "ifr") -> View:
    return make_view_of(model, llm_tt.capture(model, PROMPT), method)


def make_view_of(model: llm_tt.LanguageModel, trace: llm_tt.ForwardTrace, method: str = "ifr") -> View:
    return View(
        settings=load_settings(Path("config/local.toml")),
        model=model,
        trace=trace,
        shares=llm_tt.attribute(model, trace, method),
        target=resolve_target(model, trace),
    )


@pytest.fixture(scope="session")
def view(tiny_model) -> View:
    """Shares by information flow routes."""
    return make_view(tiny_model)


@pytest.fixture(scope="session")
def signed_view(tiny_model) -> View:
    """Signed contributions to the model's own prediction."""
    return make_view(tiny_model, "relp")


@pytest.fixture(scope="session")
def view_of(open_family) -> Callable[[str], View]:
    """A view of a family by its name."""
    return lambda family: make_view(open_family(family))


@pytest.fixture(autouse=True)
def later_it_is_the_same(monkeypatch) -> None:
    """These models are in memory alone: no name would open them again."""
    monkeypatch.setattr(View, "later", lambda view: lambda: view)


@pytest.fixture
def open_card() -> Callable[..., AppTest]:
    """The inspector's page for a part by its name; whatever it chooses is appended to `chosen`."""

    def script(view: object, part: str | None, chosen: list[object]) -> None:
        from llm_tt.app.inspector import show_inspector
        from llm_tt.tracing.parts import Part

        show_inspector(view, Part.named(part) if part else None, chosen.append)

    def open_named(view: View, part: str | None, chosen: list[object] | None = None, **state) -> AppTest:
        arguments = {"view": view, "part": part, "chosen": [] if chosen is None else chosen}
        page = AppTest.from_function(script, kwargs=arguments, default_timeout=60)
        for name, value in state.items():
            page.session_state[name] = value
        page.run()
        assert not page.exception
        return page

    return open_named


@pytest.fixture
def words() -> Callable[[AppTest], str]:
    """Everything that a page says outside its tables, as a person reads it."""

    def read(page: AppTest) -> str:
        said = "\n".join(
            element.value for kind in ("markdown", "caption", "text") for element in page.get(kind)
        )
        return said.replace("\\", "").replace("\u2060", "")

    return read
