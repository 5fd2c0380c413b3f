"""Sound by ranges, as players ask for it (RFC 9110, section 14)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from starlette.responses import Response, StreamingResponse

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_PIECE = 64 * 1024


def part(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and the one behind the last, of `size` bytes.

    `asked`: the header; "" or several ranges mean the whole. None: there is no such part.
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found.group(1, 2) == ("", ""):
        return 0, size
    first, last = found.group(1, 2)
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    return (start, end) if start < end else None


def answer(sound: BinaryIO, asked: str, media_type: str) -> Response:
    """What was asked for of an open sound; it is closed when all is sent."""
    size = sound.seek(0, os.SEEK_END)
    span = part(asked, size)
    headers = {"accept-ranges": "bytes"}
    if span is None:
        sound.close()
        return Response(status_code=416, headers=headers | {"content-range": f"bytes */{size}"})
    start, end = span
    headers["content-length"] = str(end - start)
    if asked:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    status = 206 if asked else 200
    return StreamingResponse(_pieces(sound, start, end), status, headers, media_type)


def _pieces(sound: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with sound:
        sound.seek(start)
        while start < end and (piece := sound.read(min(_PIECE, end - start))):
            start += len(piece)
            yield piece
