"""One file from a URL that somebody named: resumed where it was cut off, there whole or not at all.

What has come lies beside the target as `.part`, with a mark that says of which version of which file it is;
a server is only asked to go on with that version, else it begins anew (RFC 9110, sections 13.1.5 and 14).
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from base.errors import ModelError
from transcribe.models import SPARE, Progress, require_room, writing

_CHUNK = 1 << 16
_TIMEOUT_S = 30.0
_TRIES = 5
"""In a row without a byte."""
_LATER = (408, 416, 429)
"""Refusals after which another request may be answered."""
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True, slots=True)
class _Mark:
    """Which file `.part` begins: `version` is the server's name for it, `total` its bytes (0: unknown)."""

    url: str
    version: str = ""
    total: int = 0


class _Cut(Exception):
    """The connection broke, or the server is out of order: worth another try."""


def fetch(url: str, target: Path, progress: Progress, *, pause_s: float = 1.0) -> None:
    """Fetch an http or https URL to a file, going on where a fetch before was cut off.

    A connection that breaks is tried again after a pause, a longer one each time, as long as bytes come.

    Raises:
        ModelError: the server refuses, the connection breaks for good, or the disk is full or read-only; what
            has come is kept for the next time.
    """
    part = target.with_name(f"{target.name}.part")
    tries = 0
    with writing(target):
        while True:
            had = _size(part)
            try:
                _go_on(url, part, progress)
                break
            except _Cut as error:
                tries = 1 if _size(part) > had else tries + 1
                if tries >= _TRIES:
                    remedy = f"run the same command again: it goes on after {_size(part) >> 20} MB"
                    raise ModelError(
                        f"the download was cut off: {error}", where=url, remedy=remedy
                    ) from error
                time.sleep(pause_s * 2 ** (tries - 1))
        part.replace(target)
        _mark_of(part).unlink()


def _go_on(url: str, part: Path, progress: Progress) -> None:
    """Fetch what is missing of `part`; raises _Cut before all of it is there."""
    mark, have = _read_mark(part), _size(part)
    if mark.url != url or not mark.version:
        have = 0
    if have and have == mark.total:
        return
    with _asked(url, have, mark.version, part) as response:
        have, total = _begins(response, have)
        require_room(part.parent, max(0, total - have) + SPARE)
        version = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
        _mark_of(part).write_text(json.dumps(asdict(_Mark(url, version, total))), encoding="utf-8")
        with part.open("r+b" if have else "wb") as out:
            out.truncate(have)
            out.seek(have)
            for chunk in _chunks(response):
                out.write(chunk)
                have += len(chunk)
                progress(have, max(total, have))
            out.flush()
            os.fsync(out.fileno())
    if have < total:
        raise _Cut(f"{have >> 20} of {total >> 20} MB came")


def _asked(url: str, have: int, version: str, part: Path) -> HTTPResponse:
    headers = {"User-Agent": "huifang", "Accept-Encoding": "identity"}
    if have and not version.startswith("W/"):  # a weak name stands for no bytes
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    try:
        response: HTTPResponse = urlopen(Request(url, headers=headers), timeout=_TIMEOUT_S)
        return response
    except HTTPError as error:
        error.close()
        if error.code == 416:  # what is here is longer than what is there
            part.unlink(missing_ok=True)
        if error.code in _LATER or error.code >= 500:
            raise _Cut(f"{error.code} {error.reason}") from error
        raise ModelError(f"the server says {error.code} {error.reason}", where=url) from error
    except (OSError, HTTPException) as error:
        raise _Cut(str(error)) from error


def _begins(response: HTTPResponse, asked: int) -> tuple[int, int]:
    """At which byte the content begins, and how many the file has in all, 0 when nobody says so."""
    if response.status == 206:
        told = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if told is None or int(told[1]) != asked:
            raise _Cut("the server sends another part than was asked for")
        return asked, int(told[2])
    return 0, int(response.headers.get("Content-Length") or 0)


def _chunks(response: HTTPResponse) -> Iterator[bytes]:
    while True:
        try:
            chunk = response.read1(_CHUNK)
        except (OSError, HTTPException) as error:
            raise _Cut(str(error) or type(error).__name__) from error
        if not chunk:
            return
        yield chunk


def _mark_of(part: Path) -> Path:
    return part.with_suffix(".mark")


def _read_mark(part: Path) -> _Mark:
    """The mark, or that of nothing where it cannot be read."""
    try:
        return _Mark(**json.loads(_mark_of(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return _Mark("")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
