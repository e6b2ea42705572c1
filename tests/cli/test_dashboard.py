"""`llm-tt app` starts the server that its options describe."""

import os

from tests.cli.running import as_a_person, run


def test_app_starts_streamlit_with_the_settings(monkeypatch):
    started = {}

    def pretend(_, arguments, environment):
        started.update(command=arguments, environment=environment)

    monkeypatch.setattr(os, "execve", pretend)
    result = run("app", "--settings", "config/hosted.toml", "--no-browser", "--port", "8600")
    assert result.exit_code == 0
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
