"""What a visitor looks at, as one value."""

from pathlib import Path

import llm_tt
from llm_tt.app.view import View
from llm_tt.attribution.target import resolve_target
from llm_tt.settings import load_settings


def test_it_knows_the_prompts_tokens(tiny_model):
    trace = llm_tt.capture(tiny_model, "a b")
    view = View(
        load_settings(Path("config/local.toml")),
        tiny_model,
        trace,
        llm_tt.attribute(tiny_model, trace),
        resolve_target(tiny_model, trace),
    )
    assert view.tokens == ("a", " ", "b")
