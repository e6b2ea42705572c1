"""The browser's arithmetic, asked through Node: the same files that a page gets."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from llm_tt.attribution.contributions import EdgeContributions
from llm_tt.attribution.run_record import Prediction, RunRecord
from llm_tt.render import flow_view
from llm_tt.render.browser_module import CANVAS
from llm_tt.render.flow_payload import FlowCaption, flow_payload

ANSWERS = Path(__file__).with_name("answers.mjs")


def make_payload(shares: EdgeContributions, position: int | None = None, **options) -> bytes:
    """The bytes of a graph; by default of the target that the contributions explain, or the last one."""
    if position is None:
        position = len(shares.prompt) - 1 if shares.target is None else shares.target.position
    said = tuple(Prediction(token, 0.5) for token in shares.prompt.token_strings)
    shares = replace(shares, record=RunRecord(predictions=said))
    return flow_payload(shares, position, FlowCaption("run", "prompt", "label"), **options)


@pytest.fixture(scope="session")
def ask_node(tmp_path_factory) -> Callable[..., list[Any]]:
    """Put questions about a payload to the modules; see `answers.mjs` for what can be asked."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("these tests need Node.js (Debian and Ubuntu: apt-get install nodejs)")
    around = tmp_path_factory.mktemp("render")
    folder = around / "flow_view"
    for scripts in (Path(flow_view.__file__).parent, CANVAS):
        (around / scripts.name).mkdir()
        for script in scripts.glob("*.js"):
            shutil.copy(script, around / scripts.name)
    (around / "package.json").write_text('{"type": "module"}')
    place = around / "payload.bin"

    def ask(payload: bytes, *questions: dict[str, Any]) -> list[Any]:
        place.write_bytes(payload)
        command = [node, str(ANSWERS), str(folder), str(place), json.dumps(questions)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask
