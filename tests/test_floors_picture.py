"""The picture in ARCHITECTURE.md has the floors that import-linter guards."""

from pathlib import Path
from xml.etree import ElementTree

from tests.floors_picture import BESIDE, PICTURE, ROOT, floors, picture

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_of_these_floors():
    assert PICTURE.read_text(encoding="utf-8") == picture(), "run: python -m tests.floors_picture"


def test_every_package_stands_on_its_floor():
    tree = ElementTree.fromstring(PICTURE.read_text(encoding="utf-8"))
    names = [text for text in tree.iter(f"{SVG}text") if text.get("class") == "name"]
    by_height: dict[float, list[str]] = {}
    for text in names:
        by_height.setdefault(float(text.get("y")), []).append(text.text.removesuffix(".py"))
    assert [by_height[height] for height in sorted(by_height)] == floors()


def test_every_part_of_the_package_is_on_a_floor():
    parts = {path.stem for path in (ROOT / "llm_tt").iterdir() if is_part(path)}
    assert parts == {name for row in floors() for name in row}
    assert set(BESIDE) == {row[0] for row in floors()}


def test_the_page_shows_it_and_has_a_line_for_every_package():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert "(docs/floors.svg)" in text
    for row in floors():
        for name in row:
            inside = f"llm_tt/{name}" if (ROOT / "llm_tt" / name).is_dir() else f"llm_tt/{name}.py"
            assert f"`{name}`]({inside})" in text, name


def is_part(path: Path) -> bool:
    return (path.is_dir() and (path / "__init__.py").exists()) or (
        path.suffix == ".py" and path.stem != "__init__"
    )
