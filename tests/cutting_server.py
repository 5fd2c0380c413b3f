"""An HTTP server on 127.0.0.1 that serves one file and cuts connections, for fetches that go on."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


@dataclass
class Served:
    """What is served, and how badly; `asked` gathers the Range of each request, "" for none.

    `cuts`: so many bytes are sent before the connection is cut, one number a request; then all is sent.
    `claimed`: the length told, where that is another one than the content's.
    `statuses`: answers instead of the file, one a request, before anything else.
    """

    content: bytes
    version: str = '"1"'
    cuts: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    ranges: bool = True
    claimed: int = 0
    asked: list[str] = field(default_factory=list)
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    served: ClassVar[Served]

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        served = self.served
        asked = self.headers.get("Range", "")
        served.asked.append(asked)
        if served.statuses:
            self.send_error(served.statuses.pop(0))
            return
        told = re.fullmatch(r"bytes=(\d+)-", asked)
        start = (
            int(told[1]) if told and served.ranges and self.headers.get("If-Range") == served.version else 0
        )
        if start > len(served.content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            last = len(served.content) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{len(served.content)}")
        if served.version:
            self.send_header("ETag", served.version)
        rest = served.content[start:]
        self.send_header("Content-Length", str(self.served.claimed or len(rest)))
        self.end_headers()
        self.wfile.write(rest[: served.cuts.pop(0)] if served.cuts else rest)


@contextmanager
def serving(served: Served) -> Iterator[Served]:
    """Serve until the end of the block, under `served.url`."""
    handler = type("Handler", (_Handler,), {"served": served})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        served.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
