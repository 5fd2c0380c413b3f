"""Headers of every answer, and a limit on what is sent to us."""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from records import attachments

MOST_BYTES = 256 * 1024
"""Of a form; nothing else is taken."""
UPLOADS = (
    (re.compile(r"/desk/\d+/(record|changes)|/desk/complaints/\d+/steps"), attachments.MOST_BYTES),
    (re.compile(r"/customers/import"), 32 * 1024 * 1024),
)
"""Forms that files may come with, by their path, and how much more they may bring."""

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No script and no style but our files."""

_ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
_SECURE = {"strict-transport-security": "max-age=31536000"}


class Guarded:
    """Adds headers that an answer does not set itself; refuses bodies that are long or of no told length."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        self._headers = _ALWAYS | (_SECURE if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        status = _refused(Headers(scope=scope), scope["path"])
        app = PlainTextResponse("", status) if status else self._app
        await app(scope, receive, with_headers)


def _refused(headers: Headers, path: str) -> int:
    """The status that a request is refused with; 0: it is not."""
    if "transfer-encoding" in headers:
        return 411
    length = headers.get("content-length", "0")
    most = MOST_BYTES + next((more for form, more in UPLOADS if form.fullmatch(path)), 0)
    return 0 if length.isdecimal() and int(length) <= most else 413
