"""What `pip install .` brings: the package, and all that the dashboard needs beside it."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_holds_the_dashboard(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "site")
    packaged = {
        f"llm_tt/packaged/{name}" for name in ("app.py", ".streamlit/config.toml", "config/local.toml")
    }
    scripts = {
        "llm_tt/app/components/flow.js",
        "llm_tt/render/flow_view/scene.js",
        "llm_tt/render/flow_view/flow_view.css",
        "llm_tt/render/canvas/canvas.css",
        "llm_tt/render/anatomy_view/anatomy_view.js",
    }
    assert packaged | scripts <= names
    assert not any(name.startswith("tests/") for name in names)

    code = "from llm_tt.settings import bundled, load_settings; load_settings(); print(bundled('app.py'))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {code}"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(done.stdout.strip()) == tmp_path / "site" / "llm_tt" / "packaged" / "app.py"
