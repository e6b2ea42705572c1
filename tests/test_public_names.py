"""The public names, and what importing them costs."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import llm_tt

PACKAGE = Path(llm_tt.__file__).parent


def test_every_public_name_is_there_and_sorted():
    assert sorted(llm_tt.__all__) == llm_tt.__all__
    for name in llm_tt.__all__:
        assert getattr(llm_tt, name).__name__ == name


def test_no_public_name_is_also_a_module():
    """Importing `llm_tt.x.y` would replace `llm_tt.x` by the module, behind everybody's back."""
    modules = {path.stem for path in PACKAGE.iterdir()}
    assert not modules & set(llm_tt.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = llm_tt.nothing


def test_the_command_line_starts_without_torch():
    code = "import sys, llm_tt, llm_tt.cli; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_importing_twice_gives_the_same():
    assert import_module("llm_tt.tracing.forward").capture is llm_tt.capture
