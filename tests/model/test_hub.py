"""Models by name: downloaded once, found again offline, and a quick word when there is no network.

Each test runs in a process of its own, because the hub's client reads its settings when it is imported.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.model.fake_hub import serve_hub

OPEN = """
import json, sys, time
from llm_tt.errors import LlmTtError
from llm_tt.model.source import find_files
from llm_tt.model.spec import ModelSpec
start = time.perf_counter()
try:
    answer = {"folder": str(find_files(ModelSpec(sys.argv[1])).base)}
except LlmTtError as error:
    answer = {"kind": type(error).__name__, "found": error.found, "remedy": error.remedy}
print(json.dumps(answer | {"seconds": time.perf_counter() - start}))
"""


@pytest.fixture
def open_by_name(tmp_path):
    """Ask for a hub model in a new process with an empty cache; gives the answer and its seconds."""

    def open_named(name: str, endpoint: str, **environment: str) -> dict[str, object]:
        settings = {"HF_HOME": str(tmp_path / "cache"), "HF_ENDPOINT": endpoint, "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(
            [sys.executable, "-c", OPEN, name],
            env=os.environ | settings | environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return open_named


def test_a_model_is_downloaded_once_and_then_found_without_a_network(open_by_name, save_family):
    folder = save_family()
    (folder / "pytorch_model.bin").write_bytes(b"pickled, must not travel")
    with serve_hub({"someone/tiny": folder}) as address:
        first = open_by_name("someone/tiny", address)
    offline = open_by_name("someone/tiny", "http://127.0.0.1:9")
    assert first["folder"] == offline["folder"]
    downloaded = {file.name for file in Path(first["folder"]).iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json"} <= downloaded
    assert "pytorch_model.bin" not in downloaded


def test_offline_is_one_clear_sentence_within_two_seconds(open_by_name):
    for environment in ({}, {"HF_HUB_OFFLINE": "1"}):
        answer = open_by_name("someone/tiny", "http://hub.invalid", **environment)
        assert answer["kind"] == "ModelNotFoundError"
        assert answer["found"] == "It is not on this machine, and the hub cannot be reached."
        assert answer["seconds"] < 2


def test_a_hub_that_swallows_connections_does_not_hold_us_up(open_by_name):
    """An address that never answers: the worst network there is."""
    start = time.perf_counter()
    answer = open_by_name("someone/tiny", "http://192.0.2.1")
    assert answer["kind"] == "ModelNotFoundError"
    assert answer["seconds"] < 2, time.perf_counter() - start


@contextmanager
def answering(reply: bytes | None):
    """A server that takes connections and then says nothing, hangs up, or talks of something else."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        kept = []
        with suppress(OSError):
            while True:
                connection, _ = server.accept()
                kept.append(connection)
                if reply is not None:
                    connection.recv(1000)
                    connection.sendall(reply)
                    connection.close()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    server.close()


CAPTIVE_PORTAL = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\nConnection: close\r\n\r\n<html>log in<"


@pytest.mark.parametrize("reply", [None, b"", CAPTIVE_PORTAL], ids=["silent", "hangs up", "captive portal"])
def test_a_network_that_misbehaves_is_an_error_of_ours(open_by_name, reply):
    with answering(reply) as address:
        answer = open_by_name("someone/tiny", address)
    assert answer["kind"] == "ModelNotFoundError"
    assert answer["seconds"] < 4


def test_nothing_is_reported_to_anybody():
    code = (
        "import llm_tt.settings, llm_tt.cli; from huggingface_hub import constants;"
        "raise SystemExit(not constants.HF_HUB_DISABLE_TELEMETRY)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_name(open_by_name, save_family):
    with serve_hub({"someone/tiny": save_family()}) as address:
        answer = open_by_name("someone/tyni", address)
    assert answer["kind"] == "ModelNotFoundError"
    assert "knows no public model of that name" in answer["found"]


def test_pickled_weights_are_refused_before_the_download(open_by_name, save_family):
    folder = save_family()
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with serve_hub({"someone/tiny": folder}) as address:
        answer = open_by_name("someone/tiny", address)
    assert answer["kind"] == "UnsupportedModelError"
    assert "no safetensors" in answer["found"]
