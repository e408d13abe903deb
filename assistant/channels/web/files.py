"""The files of the widget, built from ``widget/`` by ``make widget``."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.commands.environment import ROOT

_DEMO = "demo.html"
BUILT = ROOT / "widget" / "dist"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors"
)


@dataclass(frozen=True)
class File:
    """A file as it goes over the wire."""

    content: bytes
    compressed: bytes
    media_type: str
    tag: str


def load(folder: Path = BUILT) -> Dict[str, File]:
    """The files by their names; none if the widget has not been built."""
    return {path.name: _read(path) for path in sorted(folder.glob("*.*")) if path.is_file()}


def _read(path: Path) -> File:
    content = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    return File(content, gzip.compress(content, 9, mtime=0), media_type, tag)


def add_routes(routes: Blueprint, built: Dict[str, File], origins: Iterable[str]) -> None:
    """Serve the demo page, which the sites in ``origins`` may show in a frame, and the files beside it."""
    policy = " ".join([_POLICY, "'self'", *sorted(origins)])

    @routes.get("/<name:str>")
    async def file(request: Request, name: str) -> HTTPResponse:
        found = built.get(name or _DEMO)
        if found is None:
            return response.text("Not found. The files are built by: make widget", status=404)
        return _send(request, found, policy)


def _send(request: Request, file: File, policy: str) -> HTTPResponse:
    headers = {
        "ETag": file.tag,
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Content-Security-Policy": policy,
    }
    if request.headers.get("if-none-match") == file.tag:
        return response.empty(304, headers=headers)
    body = file.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = file.compressed, "gzip"
    return response.raw(body, content_type=file.media_type, headers=headers)
