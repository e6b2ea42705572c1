"""Files with imports become one text: each once, behind what it needs, with its private names to itself."""

import shutil
import subprocess

import pytest

from llm_tt.render.browser_module import CANVAS, folded_module

FILES = {
    "view/main.js": 'import { twice, NAME } from "../shared/numbers.js";\n'
    'import {\n  say,\n} from "./words.js";\n'
    "const own = 1;\nexport function answer() {\n  return say(twice(own + 20)) + NAME;\n}\n",
    "view/words.js": 'import { NAME } from "../shared/numbers.js";\nconst own = "it is ";\n'
    "export function say(number) {\n  return own + number + NAME;\n}\n",
    "shared/numbers.js": 'export const NAME = "$1";\nexport const twice = (x) => 2 * x;\n',
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return tmp_path


def test_what_is_folded_does_the_same(folder):
    module = folded_module(folder / "view" / "main.js", "answer")
    node = shutil.which("node")
    if node is None:
        pytest.fail("these tests need Node.js (Debian and Ubuntu: apt-get install nodejs)")
    place = folder / "module.mjs"
    place.write_text(module + "console.log(answer());", encoding="utf-8")
    done = subprocess.run([node, str(place)], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("it is 42$1$1\n", "")


def test_each_file_stands_once_behind_what_it_needs(folder):
    module = folded_module(folder / "view" / "main.js", "answer")
    starts = [module.index(f"const _{name} = (() => {{") for name in ("numbers", "words", "main")]
    assert starts == sorted(starts)
    assert module.count("const NAME") == 1
    assert "import" not in module
    assert "export" not in module


def test_two_files_of_one_name_are_refused(folder):
    (folder / "shared" / "main.js").write_text("export const other = 1;\n")
    entry = folder / "view" / "entry.js"
    entry.write_text('import { answer } from "./main.js";\nimport { other } from "../shared/main.js";\n')
    with pytest.raises(ValueError, match="one name in the module: main"):
        folded_module(entry, "answer")


def test_what_pictures_share_knows_none_of_them():
    scripts = list(CANVAS.glob("*.js"))
    assert len(scripts) > 8
    for script in scripts:
        assert '"../' not in script.read_text(encoding="utf-8"), script.name
