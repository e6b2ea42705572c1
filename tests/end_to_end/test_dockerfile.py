"""The Dockerfile's own steps, run in a clean environment: there is no Docker where tests run.

What pip would download lies in the environment of the tests, in the versions that constraints.txt pins. Just
what the package asks for, and what that asks for, is linked into the clean one. So pip has nothing to fetch,
and what the package forgets to ask for is missing here as it would be in the container.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from llm_tt.benchmark.live_page import free_port

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STEPS = [
    (found[1], found[2])
    for found in re.finditer(r"^([A-Z]+) (.+)$", TEXT.replace("\\\n", " "), flags=re.MULTILINE)
]


def steps(*kinds: str) -> list[tuple[str, str]]:
    return [(kind, rest.strip()) for kind, rest in STEPS if kind in kinds]


def last(kind: str) -> str:
    return steps(kind)[-1][1]


def closure(requirements: list[str]) -> dict[str, Distribution]:
    """Everything that these ask for on this machine, by name."""
    found: dict[str, Distribution] = {}
    waiting = [(requirement, "") for requirement in requirements]
    seen = set()
    while waiting:
        text, extra = waiting.pop()
        asked = Requirement(text)
        if (text, extra) in seen or (asked.marker and not asked.marker.evaluate({"extra": extra})):
            continue
        seen.add((text, extra))
        known = found[asked.name] = distribution(asked.name)
        for wanted in ("", *asked.extras):
            waiting.extend((further, wanted) for further in known.requires or [])
    return found


def link(known: Distribution, site: Path) -> None:
    """What a distribution put into the folder of packages, as links."""
    for name in {file.parts[0] for file in known.files or [] if file.parts[0] != ".."} - {"__pycache__"}:
        target = site / name
        if not target.exists():
            target.symlink_to(known.locate_file(name))


@pytest.fixture(scope="module")
def container(tmp_path_factory):
    """The container's folders somewhere else; yields how its paths are called here."""
    top = tmp_path_factory.mktemp("container")

    def here(text: str) -> str:
        return re.sub(r"(?<![\w.])/(build|opt/llm-tt|srv/llm-tt|data)\b", rf"{top}/\1", text)

    for name in ("build", "srv/llm-tt", "data", "opt"):
        (top / name).mkdir(parents=True)
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = closure([*pyproject["project"]["dependencies"], *pyproject["build-system"]["requires"], "torch"])
    environment = os.environ | {
        "PIP_NO_INDEX": "1",  # nothing is left to fetch
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say so: hatchling is linked, too
        "TORCH_INDEX": "unused",
    }
    place = ROOT
    for kind, rest in steps("WORKDIR", "COPY", "RUN"):
        if kind == "WORKDIR":
            place = Path(here(rest))
        elif kind == "COPY" and not rest.startswith("--from"):
            *sources, target = rest.split()
            for source in sources:
                copy(ROOT / source, place / target if target != "./" else place / source)
        elif kind == "RUN" and not rest.startswith("useradd"):
            command = re.sub(r"^python ", f"{shlex.quote(sys.executable)} ", here(rest))
            done = subprocess.run(
                command, shell=True, cwd=place, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
            if " venv " in command:
                (site,) = (top / "opt/llm-tt/lib").glob("python*/site-packages")
                for known in wanted.values():
                    link(known, site)
    return here


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    else:
        shutil.copy(source, target)


def test_the_dashboard_starts_as_the_container_starts_it_and_is_healthy(container, tmp_path):
    port = str(free_port())
    changed = json.loads(container(last("CMD")))
    assert changed[changed.index("--port") + 1] == last("EXPOSE") == "8501"
    command = [port if word == "8501" else word for word in changed]
    told = dict(word.split("=", 1) for word in shlex.split(container(last("ENV"))))
    told["HEALTH"] = told["HEALTH"].replace("8501", port)
    environment = {"PATH": os.environ["PATH"], **told}
    check = json.loads(container(last("HEALTHCHECK").partition("CMD ")[2]))
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            command,
            cwd=container(last("WORKDIR")),
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 60
        while subprocess.run(check, env=environment, capture_output=True).returncode:
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
    finally:
        os.killpg(server.pid, 15)
        server.wait(10)
    assert (
        subprocess.run(check, env=environment, capture_output=True).returncode != 0
    )  # nobody answers any more
    said = (tmp_path / "log").read_text()
    assert f"The dashboard opens at http://localhost:{port}" in said
    assert "Traceback" not in said


def test_what_was_installed_answers_alone(container):
    """Not the checkout: with its own settings, models and pictures."""
    code = (
        "import llm_tt; from llm_tt.settings import bundled; model = llm_tt.load_model('small-world'); "
        "trace = llm_tt.capture(model, 'The capital of Japan is the city of'); "
        "print(llm_tt.__file__, bundled('app.py')); "
        "print(llm_tt.rank_tokens(model, trace.resid_post[-1, -1], top=1).token_strings[0]); "
        "import llm_tt.app.pages.flow_page, llm_tt.app.pages.roles_page, llm_tt.render.png"
    )
    python = container("/opt/llm-tt/bin/python")
    done = subprocess.run(
        [python, "-I", "-W", "ignore", "-c", code],
        cwd=container("/srv/llm-tt"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    where, answer = done.stdout.strip().splitlines()
    assert where.count(container("/opt/llm-tt")) == 2
    assert answer.strip() == "Tokyo"


def test_it_is_nobody_special_who_runs_it_and_the_steps_are_the_readmes():
    assert last("USER") == "visitor"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "pip install -c constraints.txt ." in readme
    assert steps("RUN")[-2][1].endswith("-c constraints.txt .")
    assert "--settings config/hosted.toml" in readme
    assert json.loads(last("CMD"))[1:4] == ["app", "--settings", "config/hosted.toml"]


def test_all_that_is_copied_is_let_in_and_nothing_else():
    copied = {source for _, rest in steps("COPY") if "--from" not in rest for source in rest.split()[:-1]}
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == copied
