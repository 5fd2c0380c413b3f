"""What commands print: JSON for machines, tables for people. Only what was asked for goes to stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from huifang.words import about, counted


def as_json(value: object) -> None:
    """Print a value (dataclasses, dates and paths included) as one JSON document."""
    typer.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def as_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; it is as wide as its content when stdout is no terminal."""
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")  # nothing is cut off
    for row in rows:
        table.add_row(*(escape(_cell(value)) for value in row))
    console().print(table)


def say(line: str) -> None:
    """Print one line."""
    typer.echo(line)


def warn(line: str) -> None:
    """Say on stderr what went through and is hardly meant."""
    typer.echo(f"warning: {line}", err=True)


def say_rendering(sentences: int, seconds: float) -> None:
    """Say on stderr what is going to take a while."""
    typer.echo(f"rendering {counted(sentences, 'sentence')}, {about(seconds)} ...", err=True)


def console() -> Console:
    """Where tables and live views go."""
    return Console(file=sys.stdout) if sys.stdout.isatty() else Console(file=sys.stdout, width=200)


def rendering_bar() -> AbstractContextManager[Callable[[int, int], None]]:
    """A bar for rendering prompts."""
    return progress_bar("rendering")


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal; it appears with the first thing done."""
    err = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task(what, total=None, visible=False)
        yield lambda done, of: shown.update(task, completed=done, total=of, visible=True)


@contextmanager
def walking_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal, for conversations that are gone through."""
    err = Console(stderr=True)
    columns = (TextColumn("walking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task("walking", total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def plain(value: object) -> Any:
    """A value (dataclasses, dates and paths included) as JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Path) else value
