"""The house keeps its shape: short files, plain names, tests where the code is."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "llm_tt").rglob("*.py"))
SCRIPTS = sorted(path for kind in ("*.js", "*.css") for path in (ROOT / "llm_tt").rglob(kind))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "core", "base", "manager"}

WITHOUT_TESTS_OF_THEIR_OWN = {
    "axes.py": "names of shapes; checked wherever they are used",
    "model/prompt.py": "a record; tested by tokenization",
    "model/dimensions.py": "a record; tested by every family",
    "model/language_model.py": "the protocol; tested through its adapter",
    "app/cached.py": "caches around library calls; tested through the pages",
    "app/controls.py": "widgets; tested through the pages",
}
TEST_FOLDERS_THAT_MIRROR_NOTHING = {"families", "end_to_end", "benchmarks", "hostile", "endurance"}

relative = lambda path: str(path.relative_to(ROOT))  # noqa: E731


@pytest.mark.parametrize("path", [*MODULES, *TESTS, ROOT / "app.py"], ids=relative)
def test_a_file_is_short_and_says_what_it_holds(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert path.stem not in VAGUE
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "no module docstring"


@pytest.mark.parametrize("path", SCRIPTS, ids=relative)
def test_a_script_is_short_and_says_what_it_holds(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert path.stem not in VAGUE
    assert text.startswith("//" if path.suffix == ".js" else "/*")


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_functions_are_short(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name not in ("run_self_test",):  # a table of checks
            assert node.end_lineno - node.lineno < 45, f"{node.name} is long"


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "__init__.py"], ids=relative)
def test_every_module_has_its_test(path):
    inside = path.relative_to(ROOT / "llm_tt")
    mirror = ROOT / "tests" / inside.parent / f"test_{inside.name}"
    assert mirror.exists() != (inside.as_posix() in WITHOUT_TESTS_OF_THEIR_OWN), mirror


def test_every_test_has_its_module():
    for path in TESTS:
        inside = path.relative_to(ROOT / "tests")
        if (
            not path.name.startswith("test_")
            or len(inside.parts) == 1
            or inside.parts[0] in TEST_FOLDERS_THAT_MIRROR_NOTHING
        ):
            continue
        tested = ROOT / "llm_tt" / inside.parent / path.stem.removeprefix("test_")
        mirrored = (tested.with_suffix(".py"), tested.with_suffix(".js"), tested / "__init__.py")
        assert any(module.exists() for module in mirrored), path


def test_one_version_of_everything_is_pinned():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all("==" in pin for pin in pins)
    names = [pin.partition("==")[0].lower().replace("_", "-") for pin in pins]
    assert len(set(names)) == len(names)
