"""The browser's arithmetic, asked through Node: the same files that a page gets."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llm_tt.render import anatomy_view
from llm_tt.render.browser_module import CANVAS

ANSWERS = Path(__file__).with_name("answers.mjs")


@pytest.fixture(scope="session")
def ask_node(tmp_path_factory) -> Callable[..., list[Any]]:
    """Put questions about a payload to the modules; see `answers.mjs` for what can be asked."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("these tests need Node.js (Debian and Ubuntu: apt-get install nodejs)")
    around = tmp_path_factory.mktemp("render")
    for scripts in (Path(anatomy_view.__file__).parent, CANVAS):
        (around / scripts.name).mkdir()
        for script in scripts.glob("*.js"):
            shutil.copy(script, around / scripts.name)
    (around / "package.json").write_text('{"type": "module"}')
    place = around / "payload.bin"

    def ask(payload: bytes, *questions: dict[str, Any]) -> list[Any]:
        place.write_bytes(payload)
        command = [node, str(ANSWERS), str(around / "anatomy_view"), str(place), json.dumps(questions)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask
