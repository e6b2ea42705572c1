"""Names of parts over columns in the browser: as the library moves them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from llm_tt.comparison.alignment import align
from llm_tt.comparison.compared import part_of_side
from llm_tt.render import flow_view
from llm_tt.tracing.parts import Part

ANSWERS = Path(__file__).with_name("shared_columns.mjs")
FOLDER = Path(flow_view.__file__).parent
NAMES = [
    "embed@0",
    "L2.mid@1",
    "L2H1@1-3",
    "L2.attention@0-2",
    "L0.mlp@3",
    "L1N12@2",
    "L1.post.residual@4",
    "L2H1@9",
]


@pytest.fixture
def ask(tmp_path):
    shutil.copy(FOLDER / "shared_columns.js", tmp_path / "shared_columns.js")
    (tmp_path / "package.json").write_text('{"type": "module"}')

    def answers(columns, names):
        command = ["node", str(ANSWERS), str(tmp_path), json.dumps(columns), json.dumps(names)]
        return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)

    return answers


def test_parts_move_as_in_the_library(ask):
    alignment = align("abxd", "aybcd", [(2, None)])
    for name, answers in zip(NAMES, ask(alignment.columns, NAMES), strict=True):
        for side, (laid, own, back) in enumerate(answers):
            expected = part_of_side(Part.named(name), alignment, side)
            assert own == (None if expected is None else str(expected))
            assert laid is None or back == name
            assert (laid is None) == (int(max(name.replace("-", "@").split("@")[1:])) >= (4, 5)[side])


def test_what_is_no_name(ask):
    assert ask([[0, 0]], ["", "L2H1", "@", "L2H1@a"]) == [[[None, None, None]] * 2] * 4
