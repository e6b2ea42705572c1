"""What is needed is declared, pinned and allowed; and nothing else is."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
GROUPS = {"": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}
OWN = canonicalize_name(PROJECT["name"])

NOT_IMPORTED = {
    "beartype": "named in pytest's options: checks shapes while the tests run",
    "hatchling": "builds the wheel, as a command",
    "import-linter": "a command",
    "ipykernel": "runs the notebook, as a process of its own",
    "mypy": "a command",
    "ruff": "a command",
    "types-cachetools": "read by mypy",
}
WHERE_THERE_IS_ONE = {"playwright": "the benchmark times the page, if there is a browser"}
NEVER_INSTALLED = {
    "llm_tt": "is here",
    "tests": "is here",
    "typing_extensions": "imported for type checkers alone, which bring it",
}
OTHER_PLATFORMS = ({"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
                   {"sys_platform": "darwin", "platform_system": "Darwin"})  # fmt: skip

GRANTED = ("apache", "mit", "bsd", "isc", "psf", "python software", "mpl", "mozilla", "cnri", "zlib", "hpnd")
"""Words of licences that go with Apache-2.0; MPL-2.0 binds changes to its own files, and we make none."""
FORBIDDEN = ("gpl", "gnu", "sspl", "proprietary", "commercial", "busl")
SAYS_NOTHING = {"resvg-py": "its file LICENSE is MIT's; its parts in Rust are MIT, Apache-2.0, BSD or Zlib"}
"""Packages whose metadata have no licence, and what we found instead."""


def declared(*groups: str) -> set[str]:
    """The distributions that these groups name themselves."""
    return {canonicalize_name(Requirement(line).name) for group in groups for line in GROUPS[group]} - {OWN}


def imported(folder: str, *files: str) -> set[str]:
    """Top-level packages that are imported anywhere there, also late and by name."""
    found = set()
    for path in [*sorted((ROOT / folder).rglob("*.py")), *(ROOT / name for name in files)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
            elif (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module"
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(node.args[0].value)
    return {name.partition(".")[0] for name in found} - {*sys.stdlib_module_names, *NEVER_INSTALLED}


@cache
def homes() -> dict[str, set[str]]:
    """The distributions that an import name may come from."""
    return {name: set(map(canonicalize_name, found)) for name, found in packages_distributions().items()}


def undeclared(names: Iterable[str], known: set[str]) -> list[str]:
    return sorted(name for name in names if not homes().get(name, {canonicalize_name(name)}) & known)


@pytest.mark.parametrize(
    ("folder", "files", "groups"),
    [("llm_tt", ["app.py"], ["", "lora", "ray"]), ("tests", [], ["", "lora", "ray", "test"])],
)
def test_what_is_imported_is_declared(folder, files, groups):
    assert undeclared(imported(folder, *files), declared(*groups) | WHERE_THERE_IS_ONE.keys()) == []


def test_what_is_declared_is_used():
    of_house = {home for name in imported("llm_tt", "app.py") for home in homes().get(name, ())}
    of_tests = {home for name in imported("tests") for home in homes().get(name, ())}
    assert declared("", "lora", "ray") - of_house == set()
    assert declared("test", "dev") - of_tests == set(NOT_IMPORTED)


def closure(groups: Iterable[str], **elsewhere: str) -> dict[str, Distribution | None]:
    """Everything that these groups bring, by name; None for what is not installed here."""
    found: dict[str, Distribution | None] = {}
    seen = set()
    waiting = [Requirement(line) for group in groups for line in GROUPS[group]]
    while waiting:
        asked = waiting.pop()
        name = canonicalize_name(asked.name)
        if name == OWN:
            waiting += [Requirement(line) for extra in asked.extras for line in GROUPS[extra]]
            continue
        if (name, frozenset(asked.extras)) in seen:
            continue
        seen.add((name, frozenset(asked.extras)))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            found[name] = None
            continue
        for line in found[name].requires or []:
            needed = Requirement(line)
            here = {**default_environment(), **elsewhere}
            if needed.marker is None or any(
                needed.marker.evaluate({**here, "extra": extra}) for extra in ("", *asked.extras)
            ):
                waiting.append(needed)
    return found


def pins() -> set[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(line.partition("==")[0]) for line in lines if "==" in line and line[0] != "#"}


def of_torch_for_cuda(name: str) -> bool:
    """The wheel of one's platform brings these in the versions that it was built with."""
    return name.startswith(("nvidia-", "cuda-")) or name == "triton"


def test_everything_needed_here_is_pinned():
    needed = closure(["", "dev"])
    assert [name for name, found in needed.items() if found is None] == []
    assert sorted(name for name in needed if name not in pins() and not of_torch_for_cuda(name)) == []


def test_no_pin_is_left_over():
    """A pin may be there for another platform."""
    needed = {name for platform in ({}, *OTHER_PLATFORMS) for name in closure(["", "dev"], **platform)}
    assert sorted(pins() - needed) == []


def licence(package: Distribution) -> str:
    about = package.metadata
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    said = about.get("License-Expression") or "; ".join(line.rpartition(" :: ")[2] for line in classifiers)
    return said or (about.get("License") or "").partition("\n")[0]


def is_allowed(said: str) -> bool:
    """Of several that one may choose from, one has to be."""
    choices = re.split(r" OR |; ", said)
    return any(
        any(word in choice.lower() for word in GRANTED)
        and not any(word in choice.lower() for word in FORBIDDEN)
        for choice in choices
    )


def test_licences_go_together_with_ours():
    assert PROJECT["license"] == "Apache-2.0"
    packages = {name: found for name, found in closure(["", "lora", "ray"]).items() if found is not None}
    said = {name: licence(found) for name, found in packages.items() if not of_torch_for_cuda(name)}
    silent = {name for name, words in said.items() if not words}
    assert silent <= set(SAYS_NOTHING)
    assert {name: words for name, words in said.items() if words and not is_allowed(words)} == {}


@pytest.mark.parametrize(
    ("said", "allowed"),
    [("MIT", True), ("GPL-3.0-or-later", False), ("LGPL-3.0 OR MIT", True), ("MIT AND GPL-2.0-only", False)],
)
def test_which_licences_are_allowed(said, allowed):
    assert is_allowed(said) is allowed


def test_the_table_of_dependencies_names_each_of_them_once():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \|", text.partition("## Dependencies")[2], re.MULTILINE)
    named = [canonicalize_name(name) for row in rows for name in re.findall(r"`([^`]+)`", row)]
    assert sorted(named) == sorted(declared(*GROUPS))
