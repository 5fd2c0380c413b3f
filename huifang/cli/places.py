"""Where a drill takes place: a new directory that is kept, or one that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from base.errors import InputError

Place = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Keep logs and recordings in this new directory."),
]


@contextmanager
def place_of(data: Path | None) -> Iterator[Path]:
    """The directory to keep, or one that is thrown away."""
    if data is None:
        with tempfile.TemporaryDirectory(prefix="huifang-drill-", ignore_cleanup_errors=True) as made:
            yield Path(made)
        return
    _make(data)
    yield data.resolve()


def _make(data: Path) -> None:
    """Raises InputError for what is not empty, or cannot be a directory."""
    remedy = "name a new directory"
    try:
        if data.exists() and any(data.iterdir()):
            raise InputError("is not empty", where=str(data), remedy=remedy)
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be used: {error.strerror}", where=str(data), remedy=remedy) from error
