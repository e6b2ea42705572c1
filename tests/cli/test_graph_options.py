"""The options of `llm-tt graph` say all words that they take."""

from typing import get_args

import pytest

from llm_tt.cli import graph_options
from llm_tt.cli.graph_question import METHODS, OPTIONS
from llm_tt.render.graph_formats import FORMATS


def help_of(name: str) -> str:
    _, option = get_args(getattr(graph_options, name))
    return option.help.replace("\n", " ")


def test_every_method_is_named():
    assert all(method in help_of("Method") for method in METHODS)


@pytest.mark.parametrize("option", OPTIONS)
def test_every_word_of_an_option_and_its_methods_are_named(option):
    words, _ = OPTIONS[option]
    assert all(word in help_of(option.capitalize()) for word in words)


def test_every_format_and_its_ending_are_named():
    assert all(f".{known.suffix}" in help_of("Output") for known in FORMATS.values())
    assert all(known in help_of("FormatName") for known in FORMATS)
