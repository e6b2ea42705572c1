"""The browser reads names of components as the library does."""

import json
import shutil
import subprocess

import pytest

from llm_tt.render.browser_module import CANVAS
from tests.tracing.spellings import NAME_OF, NO_NAMES

ASKING = """
import { canonical } from "./component_names.mjs";
console.log(JSON.stringify(JSON.parse(process.argv[2]).map(canonical)));
"""


@pytest.fixture(scope="session")
def in_the_browser(tmp_path_factory):
    node = shutil.which("node")
    if node is None:
        pytest.fail("these tests need Node.js (Debian and Ubuntu: apt-get install nodejs)")
    folder = tmp_path_factory.mktemp("names")
    shutil.copy(CANVAS / "component_names.js", folder / "component_names.mjs")
    (folder / "asking.mjs").write_text(ASKING)

    def ask(texts: list[str]) -> list[str]:
        command = [node, str(folder / "asking.mjs"), json.dumps(texts)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


def test_every_spelling_leads_to_our_name(in_the_browser):
    found = in_the_browser(list(NAME_OF))
    assert dict(zip(NAME_OF, found, strict=True)) == NAME_OF


def test_what_is_no_name_stays(in_the_browser):
    assert in_the_browser(list(NO_NAMES)) == list(NO_NAMES)
