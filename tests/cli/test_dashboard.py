"""`llm-tt app` starts the server that its options describe."""

import os
import socket

import pytest
from streamlit import config

from llm_tt.settings import bundled
from tests.cli.running import as_a_person, run


@pytest.fixture
def started(monkeypatch) -> dict[str, object]:
    """What the process would have become."""
    told: dict[str, object] = {}
    monkeypatch.setattr(
        os, "execve", lambda _, command, environment: told.update(command=command, environment=environment)
    )
    return told


def in_force(command: list[str]) -> dict[str, object]:
    """What Streamlit makes of the flags, as its own command line does; a flag that it does not know fails."""
    from streamlit.web import cli

    told: dict[str, object] = {}
    flags = command[command.index("run") + 1 :]
    context = cli.main_run.make_context("run", list(flags))
    for name, value in context.params.items():
        if value not in (None, ()) and name not in ("target", "args"):
            told[name.replace("_", ".", 1)] = list(value) if isinstance(value, tuple) else value
    known = set(config.get_config_options(force_reparse=True))
    assert set(told) <= known
    return told


def test_app_starts_streamlit_with_the_settings(started):
    result = run("app", "--settings", "config/hosted.toml", "--no-browser", "--port", "8600")
    assert result.exit_code == 0
    assert "The dashboard opens at http://localhost:8600 (Ctrl-C stops it)." in result.stdout
    assert started["environment"]["LLM_TT_SETTINGS"].endswith("config/hosted.toml")
    flags = set(started["command"])
    assert {"--server.address=localhost", "--server.port=8600", "--server.headless=true"} <= flags
    assert {"--client.showErrorDetails=none", "--server.maxUploadSize=1"} <= flags


def test_app_says_a_mistake_in_the_settings_before_it_starts(tmp_path):
    file = tmp_path / "x.toml"
    file.write_text("modles = 1")
    done = as_a_person("app", "--settings", str(file))
    assert done.returncode == 1
    assert "Did you mean models?" in done.stderr


PROTECTIONS = {
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "logger.hideWelcomeMessage": True,
}


@pytest.mark.parametrize(("settings", "details", "megabytes"), [("local", "full", 10), ("hosted", "none", 1)])
def test_streamlits_own_protections_are_on_wherever_one_starts(started, settings, details, megabytes):
    run("app", "--settings", f"config/{settings}.toml", "--port", "8600")
    flags = in_force(started["command"])
    assert {name: flags[name] for name in PROTECTIONS} == PROTECTIONS
    assert flags["client.showErrorDetails"] == details
    assert flags["server.maxUploadSize"] == megabytes
    assert flags["server.address"] == "localhost"
    assert "server.baseUrlPath" not in flags


def test_behind_a_proxy_the_public_address_says_path_and_hosts(started, tmp_path):
    text = bundled("config/hosted.toml").read_text(encoding="utf-8")
    (tmp_path / "x.toml").write_text(f'public_address = "https://models.example.org/a/llm-tt"\n{text}')
    result = run("app", "--settings", str(tmp_path / "x.toml"), "--port", "8600")
    assert "opens at https://models.example.org/a/llm-tt" in result.stdout
    flags = in_force(started["command"])
    assert flags["server.baseUrlPath"] == "a/llm-tt"
    assert flags["server.allowedHosts"] == ["models.example.org", "localhost", "127.0.0.1"]
    assert flags["server.corsAllowedOrigins"] == ["https://models.example.org"]
    assert (flags["browser.serverAddress"], flags["browser.serverPort"]) == ("models.example.org", 443)


def test_a_port_that_is_taken_is_passed_over(started, monkeypatch):
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("llm_tt.cli.dashboard.FIRST_PORT", port)
        run("app")
    assert port < in_force(started["command"])["server.port"] < port + 100
