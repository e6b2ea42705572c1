"""The dashboard in a process of its own: its models, its settings with small caches, its log, its memory."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psutil
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from llm_tt.benchmark.live_page import free_port, wait_until_healthy
from llm_tt.model.untrained import build_byte_tokenizer
from llm_tt.settings import bundled
from tests.families.registry import FAMILIES, build

FAMILY = "Llama, with biases"
SLOW_SHAPE = {"n_layer": 6, "n_embd": 512, "n_head": 8, "n_positions": 512}
"""Seconds of work for a few hundred tokens: time to stop it, to reload, to close the tab."""

SMALL: Final[dict[str, dict[str, float]]] = {
    "limits": {"prompt_tokens": 512, "memory_gigabytes": 2.0},
    "caches": {"models": 2, "trace_megabytes": 120},
}
"""What differs from the local settings. Small caches are full after minutes; what grows then is no cache."""


@dataclass(frozen=True)
class Served:
    """A running dashboard."""

    address: str
    sources: dict[str, str]
    """What the menu's models are opened from."""
    log: Path
    process: psutil.Process
    in_use: Path
    """A folder: of each process, a file with the bytes that it really uses."""

    def resident(self) -> int:
        """Bytes of the process and its children that no other process shares."""
        return sum(found.memory_full_info().uss for found in self._processes())

    def really_in_use(self) -> int | None:
        """Bytes that were asked of the allocator and not given back; None where it cannot be told."""
        files = [self.in_use / str(found.pid) for found in self._processes()]
        known = [int(text) for file in files if file.exists() and (text := file.read_text())]
        return sum(known) if known else None

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


def save_models(folder: Path) -> dict[str, str]:
    """Two models in folders, beside the two that are built in; by the names of the menu."""
    tokenizer = build_byte_tokenizer()
    family = next(family for family in FAMILIES if family.name == FAMILY)
    family = replace(family, settings={**family.settings, "max_position_embeddings": 512})
    config = GPT2Config(vocab_size=len(tokenizer), **SLOW_SHAPE)
    with torch.random.fork_rng():
        torch.manual_seed(11)
        slow = GPT2LMHeadModel(config).eval()
    with torch.no_grad():
        for name, parameter in slow.named_parameters():
            if name.endswith("bias"):
                parameter.normal_(0, 0.1, generator=torch.Generator().manual_seed(3))
    for name, model in (("family", build(family)), ("slow", slow)):
        model.save_pretrained(folder / name)
        tokenizer.save_pretrained(folder / name)
    built_in = {name: name for name in ("small-world", "untrained")}
    return built_in | {name: str(folder / name) for name in ("family", "slow")}


def settings_with(sources: dict[str, str]) -> str:
    """The local settings with small caches and these models."""
    content = tomllib.loads(bundled("config/local.toml").read_text(encoding="utf-8"))
    lines = [
        f"{name} = {json.dumps(value)}"
        for name, value in content.items()
        if not isinstance(value, (dict, list))
    ]
    for table in (name for name, value in content.items() if isinstance(value, dict)):
        values = content[table] | SMALL.get(table, {})
        lines += [f"[{table}]", *(f"{name} = {json.dumps(value)}" for name, value in values.items())]
    for name, source in sources.items():
        lines += ["[[models]]", f"name = {json.dumps(name)}", f"source = {json.dumps(source)}"]
    return "\n".join(lines)


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Start it on a free port, and end it."""
    sources = save_models(folder)
    (folder / "settings.toml").write_text(settings_with(sources))
    in_use = folder / "in_use"
    in_use.mkdir()
    port = free_port()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(Path(__file__).parent / "in_use"), os.environ.get("PYTHONPATH")])
        ),
        "LLM_TT_ENDURANCE_IN_USE": str(in_use),
    }
    command = [sys.executable, "-c", "from llm_tt.cli import run; run()", "app", "--no-browser"]
    arguments = ["--port", str(port), "--settings", str(folder / "settings.toml")]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    address = f"http://localhost:{port}"
    try:
        wait_until_healthy(address, server)
        yield Served(address, sources, log, psutil.Process(server.pid), in_use)
    finally:
        os.killpg(server.pid, 15)
        server.wait(10)
