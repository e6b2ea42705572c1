"""A hub in one file: it speaks the few requests that downloading a model takes, on this machine only."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@contextmanager
def serve_hub(models: dict[str, Path]) -> Iterator[str]:
    """Serve folders under hub names; yields the address. Unknown names are answered as the hub does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Hub, models))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Hub(BaseHTTPRequestHandler):
    """Three requests: what is this model, which files has it, give me one."""

    def __init__(self, models: dict[str, Path], *connection) -> None:
        self.models = models
        super().__init__(*connection)

    def do_GET(self) -> None:
        """Answer one request."""
        path = urlsplit(self.path).path.lstrip("/")
        for name, folder in self.models.items():
            if path.startswith(f"api/models/{name}/tree/"):
                return self._answer(json.dumps(self._files(folder)).encode())
            if path.startswith(f"api/models/{name}"):
                return self._answer(json.dumps(self._description(name, folder)).encode())
            if path.startswith(f"{name}/resolve/"):
                return self._send_file(folder / path.split("/", maxsplit=4)[-1])
        return self._answer(b"", status=404, headers={"X-Error-Code": "RepoNotFound"})

    do_HEAD = do_GET  # noqa: N815

    def _description(self, name: str, folder: Path) -> dict[str, object]:
        siblings = [{"rfilename": file.name} for file in folder.iterdir()]
        return {"id": name, "modelId": name, "sha": COMMIT, "siblings": siblings, "private": False}

    def _files(self, folder: Path) -> list[dict[str, object]]:
        return [
            {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": file.name}
            for file in folder.iterdir()
        ]

    def _send_file(self, file: Path) -> None:
        if not file.exists():
            return self._answer(b"", status=404, headers={"X-Error-Code": "EntryNotFound"})
        content = file.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        return self._answer(content, headers={"ETag": etag, "X-Repo-Commit": COMMIT})

    def _answer(self, content: bytes, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
