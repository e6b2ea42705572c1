"""The command `llm-tt app`: the dashboard."""

import os
import sys
from typing import Annotated

import typer

from llm_tt.cli.models import SettingsOption


def app(
    settings: SettingsOption = None,
    host: Annotated[
        str, typer.Option(help="Who may connect: localhost, or 0.0.0.0 for other machines.")
    ] = "localhost",
    port: Annotated[
        int | None, typer.Option(help="Where it listens; by default the first free from 8501.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
) -> None:
    """Open the dashboard in a browser; Ctrl-C stops it."""
    from llm_tt.settings import SETTINGS_VARIABLE, bundled, load_settings

    chosen = load_settings(settings)  # a mistake in the file is said here, not in the browser
    environment = dict(os.environ)
    if settings is not None:
        environment[SETTINGS_VARIABLE] = str(settings.resolve())
    options: dict[str, object] = {
        "server.address": host,
        "server.headless": str(not browser).lower(),
        "server.maxUploadSize": chosen.limits.upload_megabytes,
        "client.showErrorDetails": "full" if chosen.show_error_details else "none",
    }
    if port is not None:
        options["server.port"] = port
    flags = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "streamlit", "run", str(bundled("app.py")), *flags]
    os.execve(sys.executable, command, environment)  # this process becomes the server: one thing to stop
