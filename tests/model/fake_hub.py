"""A hub in one file: it speaks the few requests that downloading a model takes, on this machine only."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@contextmanager
def serve_hub(models: dict[str, Path]) -> Iterator[str]:
    """Serve folders under hub names; yields the address. Unknown names are answered as the hub does."""

    class Hub(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = urlsplit(self.path).path.lstrip("/")
            for name, folder in models.items():
                if path.startswith(f"api/models/{name}/tree/"):
                    return self._list(folder)
                if path.startswith(f"api/models/{name}"):
                    return self._describe(name, folder)
                if path.startswith(f"{name}/resolve/"):
                    return self._send_file(folder / path.split("/", maxsplit=4)[-1])
            return self._answer(404, b"", {"X-Error-Code": "RepoNotFound"})

        def _describe(self, name: str, folder: Path) -> None:
            siblings = [{"rfilename": file.name} for file in folder.iterdir()]
            content = {"id": name, "modelId": name, "sha": COMMIT, "siblings": siblings, "private": False}
            self._answer(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

        def _list(self, folder: Path) -> None:
            content = [
                {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": file.name}
                for file in folder.iterdir()
            ]
            self._answer(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

        def _send_file(self, file: Path) -> None:
            if not file.exists():
                return self._answer(404, b"", {"X-Error-Code": "EntryNotFound"})
            content = file.read_bytes()
            etag = f'"{hashlib.sha256(content).hexdigest()}"'
            return self._answer(200, content, {"ETag": etag, "X-Repo-Commit": COMMIT})

        def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
