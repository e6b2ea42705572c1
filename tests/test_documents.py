"""Every file and link that the documents name is there."""

import re
from pathlib import Path

import pytest

from llm_tt.attribution.method_list import METHODS
from llm_tt.render.graph_formats import FORMATS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    *(ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")),
    *ROOT.glob("docs/*.md"),
]
KINDS = (".py", ".js", ".css", ".toml", ".ipynb", ".svg")
FOLDERS = ("app.py", "config", "docs", "llm_tt", "tests")
EXAMPLES = {"y.js", "llm_tt/x/y.py", "tests/x/test_y.py", "mary.py"}
"""Names that stand for any file, or for a person's own."""


def files() -> list[str]:
    """With a slash before each, so that a name is not found inside of a longer one."""
    found = [path for top in FOLDERS for path in [ROOT / top, *(ROOT / top).rglob("*")]]
    return [f"/{path.relative_to(ROOT).as_posix()}" + "/" * path.is_dir() for path in found]


def named(text: str) -> set[str]:
    """What stands in backticks and looks like a file or a folder of ours."""
    words = re.findall(r"`([\w./-]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    words = [word for word in words if "NAME" not in word]
    return {word for word in words if word.endswith((*KINDS, "/")) and word[0].isalpha()} - EXAMPLES


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_named_exists(document):
    known = files()
    words = named(document.read_text(encoding="utf-8"))
    assert sorted(word for word in words if not any(path.endswith(f"/{word}") for path in known)) == []


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_every_link_leads_somewhere(document):
    text = document.read_text(encoding="utf-8")
    headings = {anchor(line) for line in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        place, _, heading = link.partition("#")
        if place.startswith(("http:", "https:", "mailto:")):
            continue
        if place and not (document.parent / place).exists():
            dead.append(link)
        if not place and heading not in headings:
            dead.append(link)
    assert dead == []


def test_the_readme_names_every_method_and_every_kind_of_file():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in METHODS if f"| `{name}` |" not in text] == []
    assert [known.suffix for known in FORMATS.values() if f"`.{known.suffix}`" not in text] == []


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_a_name_that_is_wrong_is_found():
    assert named("see `model/hub.py`, `nowhere/at_all.py` and `render/`") == {
        "model/hub.py",
        "nowhere/at_all.py",
        "render/",
    }
    assert not any(path.endswith("/nowhere/at_all.py") for path in files())
    assert any(path.endswith("/model/hub.py") for path in files())
