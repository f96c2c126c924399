"""Serves the built browser app: hashed files for ever, index.html for every route of the app, compressed once."""

import asyncio
import gzip
import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from potok.server.middleware import ErrorAnswer, Receive, Scope, Send

STATIC = Path(__file__).parent / "static"
_FOREVER = b"public, max-age=31536000, immutable"
_TEXT = (".js", ".css", ".html", ".svg", ".json", ".txt", ".webmanifest", ".map")
_WORTH = 1024
"""Bytes below which compressing gains nothing."""


@dataclass(slots=True)
class File:
    """One file of the app, read at its first use."""

    path: Path
    kind: bytes
    hashed: bool
    """Its name changes with its content."""
    body: bytes = b""
    small: bytes = b""
    """Compressed; empty where that gains nothing."""
    etag: bytes = b""
    loading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def load(self) -> None:
        """Read and compress it once, beside the event loop."""
        async with self.loading:
            if not self.etag:
                await asyncio.to_thread(self._read)

    def _read(self) -> None:
        self.body = self.path.read_bytes()
        if self.path.suffix in _TEXT and len(self.body) >= _WORTH:
            self.small = gzip.compress(self.body, 9, mtime=0)
        self.etag = b'"' + hashlib.sha256(self.body).hexdigest()[:20].encode() + b'"'


class Pages:
    """An ASGI application. Only files found in the folder are served, so no path can lead out of it."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._folder = folder
        self._built: float = 0.0
        self._files: dict[str, File] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4404})
            return
        if scope["method"] not in ("GET", "HEAD"):
            await ErrorAnswer(405, "not_found")(scope, receive, send)
            return
        self._refresh()
        path = scope["path"]
        file = self._files.get(path)
        if file is None and not _is_file(path):
            file = self._files.get("/index.html")
            if file is None:
                await ErrorAnswer(503, "no_pages")(scope, receive, send)
                return
        if file is None:
            await ErrorAnswer(404, "not_found")(scope, receive, send)
            return
        await file.load()
        await _answer(scope, send, file)

    def _refresh(self) -> None:
        """Find the files anew after a build."""
        try:
            built = (self._folder / "index.html").stat().st_mtime
        except OSError:
            self._files, self._built = {}, 0.0
            return
        if built == self._built:
            return
        self._files = {
            "/" + path.relative_to(self._folder).as_posix(): _file(path, self._folder)
            for path in self._folder.rglob("*")
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(self._folder).parts)
        }
        self._built = built


def _is_file(path: str) -> bool:
    """Whether it asks for a file rather than for a screen of the app."""
    return path.startswith("/assets/") or "." in path.rpartition("/")[2]


def _file(path: Path, folder: Path) -> File:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind == "application/javascript":
        kind += "; charset=utf-8"
    return File(path, kind.encode(), hashed=path.relative_to(folder).parts[0] == "assets")


async def _answer(scope: Scope, send: Send, file: File) -> None:
    asked = dict(scope["headers"])
    headers = [
        (b"content-type", file.kind),
        (b"etag", file.etag),
        (b"cache-control", _FOREVER if file.hashed else b"no-cache"),
        (b"vary", b"accept-encoding"),
    ]
    if file.etag in asked.get(b"if-none-match", b""):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    body = file.body
    if file.small and b"gzip" in asked.get(b"accept-encoding", b""):
        body = file.small
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
