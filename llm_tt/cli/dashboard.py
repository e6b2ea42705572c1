"""The command `llm-tt app`: the dashboard."""

import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

import typer

from llm_tt.cli.models import SettingsOption

if TYPE_CHECKING:
    from llm_tt.settings import AppSettings

THIS_MACHINE: Final = "localhost"
ANYWHERE: Final = ("0.0.0.0", "::")

ALWAYS: Final[dict[str, object]] = {
    # What a stranger's page could do with the browser of somebody who is here.
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    # Doors that this dashboard does not use.
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    # Nothing is sent anywhere: no statistics, no search links in errors, and no question to the internet for
    # the machine's own address, which Streamlit's greeting asks.
    "browser.gatherUsageStats": False,
    "client.showErrorLinks": False,
    "logger.hideWelcomeMessage": True,
    "client.toolbarMode": "minimal",
    # Where the session says what a widget shows, its default says the same (app/bound_widget.py).
    "global.disableWidgetStateDuplicationWarning": True,
}
"""Said here, because the folder in which one starts may have a .streamlit/config.toml of its own."""

FIRST_PORT: Final = 8501


def app(
    settings: SettingsOption = None,
    host: Annotated[
        str, typer.Option(help="Who may connect: localhost, or 0.0.0.0 for other machines.")
    ] = THIS_MACHINE,
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
    port = port or _free_port(host)
    here = {"server.address": host, "server.port": port, "server.headless": not browser}
    options = ALWAYS | here | _of_settings(chosen)
    where = chosen.public_address or f"http://{THIS_MACHINE if host in ANYWHERE else host}:{port}"
    typer.echo(f"The dashboard opens at {where} (Ctrl-C stops it).")
    sys.stdout.flush()
    command = [sys.executable, "-m", "streamlit", "run", str(bundled("app.py")), *_as_flags(options)]
    os.execve(sys.executable, command, environment)  # this process becomes the server: one thing to stop


def _free_port(host: str) -> int:
    """The first that nobody listens on."""
    try:
        family, *_, (address, *_) = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):  # no such host: Streamlit says what is wrong with it
        return FIRST_PORT
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket(family) as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
            return port
    return FIRST_PORT


def _of_settings(chosen: "AppSettings") -> dict[str, object]:
    """What the settings mean for Streamlit."""
    options: dict[str, object] = {
        "server.maxUploadSize": chosen.limits.upload_megabytes,
        "client.showErrorDetails": "full" if chosen.show_error_details else "none",
    }
    if not chosen.public_address:
        return options
    public = urlsplit(chosen.public_address)
    usual = 443 if public.scheme == "https" else 80
    return options | {
        "server.baseUrlPath": public.path.strip("/"),
        "browser.serverAddress": public.hostname,
        "browser.serverPort": public.port or usual,
        # Other names for this server are somebody's trick; a health check may use the machine's.
        "server.allowedHosts": [public.hostname, "localhost", "127.0.0.1"],
        "server.corsAllowedOrigins": [f"{public.scheme}://{public.netloc}"],
    }


def _as_flags(options: dict[str, object]) -> list[str]:
    """Options as Streamlit takes them: lists by repeating, truth in small letters."""
    flags = []
    for name, value in options.items():
        for one in value if isinstance(value, list) else [value]:
            flags.append(f"--{name}={str(one).lower() if isinstance(one, bool) else one}")
    return flags
