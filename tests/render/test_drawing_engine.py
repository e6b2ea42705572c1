"""The embedded engine draws what any other does, and outlives what is too much for it."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from llm_tt.errors import ExportError
from llm_tt.render import drawing_engine
from llm_tt.render.pictures import picture_svg
from tests.graph.random_shares import random_shares, signed
from tests.render.anatomy_view.made_up import made_up_payload
from tests.render.anatomy_view.shapes import SHAPES as ANATOMIES
from tests.render.test_pictures import FLOAT32, STRANGE, flow, worded


def test_node_draws_the_same(tmp_path):
    """Which has encodings and tools of its own; the embedded engine has none."""
    shares = worded(signed(random_shares(2, 2, len(STRANGE), **FLOAT32)), STRANGE)
    node = shutil.which("node")
    if node is None:
        pytest.fail("these tests need Node.js (Debian and Ubuntu: apt-get install nodejs)")
    for kind, payload in (("flow", flow(shares)), ("anatomy", made_up_payload(contrast="東京𝔘"))):
        module = getattr(drawing_engine, f"{kind}_view").still_module()
        wishes = {"width": 777, "height": None, "isDark": True, "selected": None, "cut": None, "key": "K"}
        (tmp_path / "payload.bin").write_bytes(payload)
        (tmp_path / "still.mjs").write_text(
            f'import {{ readFileSync }} from "node:fs";\n{module}\n'
            "const bytes = new Uint8Array(readFileSync(process.argv[2]));\n"
            f"process.stdout.write(stillOf(bytes, {json.dumps(wishes)}));",
            encoding="utf-8",
        )
        command = [node, str(tmp_path / "still.mjs"), str(tmp_path / "payload.bin")]
        done = subprocess.run(command, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode()
        ours = picture_svg(payload, width=777, is_dark=True)
        name = ours.partition('clipPath id="clip')[2].partition("-")[0]
        assert ours.replace(f"clip{name}-", "clipK") == done.stdout.decode()


def test_too_much_memory_costs_the_engine_and_no_more(monkeypatch):
    drawing_engine._give_up(drawing_engine._engine())
    monkeypatch.setattr(drawing_engine, "MEMORY", 2**23)
    with pytest.raises(ExportError, match="more than 8 MB"):
        picture_svg(made_up_payload(ANATOMIES["forty heads"]))
    monkeypatch.undo()
    assert picture_svg(made_up_payload(ANATOMIES["forty heads"]))


def test_what_does_not_come_to_an_end_is_stopped(monkeypatch):
    picture_svg(made_up_payload())
    monkeypatch.setattr(drawing_engine, "SECONDS", 0.0001)
    with pytest.raises(ExportError, match="more than 0"):
        picture_svg(made_up_payload(ANATOMIES["forty heads"]))
    monkeypatch.undo()
    assert picture_svg(made_up_payload())


def test_several_threads_get_their_own_pictures():
    payloads = [made_up_payload(shape) for shape in list(ANATOMIES.values())[:6]]
    expected = [picture_svg(payload) for payload in payloads]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(picture_svg, payloads * 5)) == expected * 5


def test_an_event_loop_may_run_and_end():
    """As in notebooks; in a thread of its own, for a browser that is driven from here has a loop, too."""

    async def draw():
        return picture_svg(made_up_payload())

    def within_a_loop() -> str:
        return asyncio.run(draw())

    drawing_engine._give_up(drawing_engine._engine())
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(within_a_loop).result()
        assert first == thread.submit(within_a_loop).result() == picture_svg(made_up_payload())


def test_a_process_that_drew_comes_to_its_end():
    script = (
        "from llm_tt.render.pictures import picture_svg\n"
        "from tests.render.anatomy_view.made_up import made_up_payload\n"
        "for _ in range(40): picture_svg(made_up_payload())\nprint('drawn')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr, done.returncode) == ("drawn\n", "", 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_forked_process_draws_and_ends_and_so_does_its_parent():
    """As workers of torch and of multiprocessing are; one of them is forked while another thread draws."""
    script = (
        "import os, sys, threading\n"
        "from llm_tt.render import drawing_engine\n"
        "from llm_tt.render.pictures import picture_svg\n"
        "from tests.render.anatomy_view.made_up import made_up_payload\n"
        "first = picture_svg(made_up_payload())\n"
        "with drawing_engine._one_at_a_time:\n"
        "    child = os.fork()\n"
        "if child == 0:\n"
        "    sys.exit(3 if picture_svg(made_up_payload()) == first else 4)\n"
        "idle = os.fork()\n"
        "if idle == 0:\n"
        "    sys.exit(5)\n"
        "print([os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) for one in (child, idle)])\n"
        "print(picture_svg(made_up_payload()) == first)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.returncode) == ("[3, 5]\nTrue\n", 0)
