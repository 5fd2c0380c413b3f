"""A model from a file or a URL that somebody named, into the directory of models."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from base.errors import InputError, ModelError
from transcribe import installing, known
from transcribe.fetching import fetch
from transcribe.models import Progress

DOWNLOADS = ".downloads"
"""Below the directory of models: what has come of a file that was cut off, or could not be unpacked yet."""

_FILE = re.compile(r"(?P<name>\w[\w.+-]*?)(\.zip|\.tar|\.tar\.\w+|\.tgz|\.tbz2)")


def is_url(source: str) -> bool:
    """Whether it is no path."""
    return "://" in source


def install_file(source: str, models_dir: Path, progress: Progress, sha256: str = "") -> tuple[Path, str]:
    """Install from an archive on disk; gives the model's directory and the archive's SHA-256.

    Raises:
        ModelError: no such file, or as `installing.install` has it.
    """
    if not Path(source).is_file():
        there = known.BY_NAME.get(source)
        remedy = f"it is published: huifang models install {there.url}" if there and there.url else ""
        raise ModelError("there is no such file", where=source, remedy=remedy)
    return installing.install(Path(source), models_dir, progress, sha256)


def fetch_and_install(url: str, models_dir: Path, progress: Progress, sha256: str = "") -> tuple[Path, str]:
    """Fetch an archive, install it, delete it; a fetch that was cut off goes on where it was.

    Raises:
        InputError: no URL of an archive.
        ModelError: as `fetching.fetch` and `installing.install` have it.
    """
    file, name = _file_of(url)
    published = known.BY_NAME.get(name)
    installing.require_new(models_dir / name)
    # Another publisher's file of the same name is another file.
    archive = models_dir / DOWNLOADS / f"{hashlib.sha256(url.encode()).hexdigest()[:8]}-{file}"
    if not archive.is_file():
        fetch(url, archive, progress)
    try:
        expected = sha256 or (published.sha256 if published else "")
        installed = installing.install(archive, models_dir, progress, expected)
    except installing.Unusable as error:
        archive.unlink()
        raise ModelError(error.what, where=url, remedy=error.remedy) from error
    archive.unlink()
    return installed


def _file_of(url: str) -> tuple[str, str]:
    """The file's name in a URL, and the model's in that."""
    parts = urlsplit(url)
    told = _FILE.fullmatch(PurePosixPath(unquote(parts.path)).name)
    if parts.scheme not in ("http", "https") or not parts.netloc or told is None:
        raise InputError("no URL of a zip or tar file", where=url, remedy="write https://HOST/.../NAME.zip")
    return told[0], told["name"]
