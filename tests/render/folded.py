"""Which files are in which folded module: of the page, of linked graphs, what stands alone, what is still."""

from pathlib import Path
from types import ModuleType

ONLY_ALONE = {"standalone", "panel", "surroundings"}
ONLY_STILL = {"still", "headless"}
ONLY_LINKED = {"linked_views", "shared_columns"}


def modules_of(view: ModuleType) -> dict[str, str]:
    modules = {"module": view.module(), "standalone": view.standalone_module(), "still": view.still_module()}
    linked = getattr(view, "linked_module", None)
    return modules if linked is None else {**modules, "linked": linked()}


def assert_folded_once(script: Path, modules: dict[str, str]) -> None:
    """A page's module has all but what is for other places; none has anything twice."""
    first_line = script.read_text(encoding="utf-8").partition("\n")[0]
    wanted = {
        "module": script.stem not in ONLY_ALONE | ONLY_STILL | ONLY_LINKED,
        "standalone": script.stem not in ONLY_STILL | ONLY_LINKED,
    }
    for name, module in modules.items():
        count = module.count(f"const _{script.stem} = (() => {{")
        assert count == wanted[name] if name in wanted else count <= 1, name
        assert module.count(first_line) == count, name
    assert any(f"const _{script.stem} = " in module for module in modules.values())
