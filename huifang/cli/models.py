"""`huifang models`: the speech models of this machine. Nothing is ever downloaded here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from base.errors import ModelError
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from huifang.settings import Speech, load
from transcribe import engines, models, vosk_models

app = typer.Typer(
    add_completion=False, help="Speech models: join the packaged one, install others, list, verify."
)

Name = Annotated[
    str, typer.Argument(help="A model in the models' directory, or a path; empty: the one in use.")
]

Archive = Annotated[
    Path, typer.Argument(metavar="FILE.zip", exists=True, dir_okay=False, help="As it was published.")
]


@dataclass(frozen=True, slots=True)
class Model:
    """One model directory. `state` is "whole" or what is wrong; `used`: the settings name it."""

    name: str
    engine: str
    path: Path
    size: int
    sha256: str
    state: str
    used: bool


@app.command()
def prepare(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Join the packaged speech model, or check the joined one.

    Example: huifang models prepare
    """
    speech = load(data).speech
    with _progress("join") as progress:
        path = models.ensure_packaged(speech.directory, progress)
    model = _model(path, speech)
    as_json(model) if json else say(f"{model.path}: {model.state}, sha256 {model.sha256}")


@app.command()
def install(archive: Archive, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Install a Vosk model from its zip file, which you fetch yourself; a known one is held to its sha256.

    Example: huifang models install vosk-model-small-cn-0.22.zip
    """
    speech = load(data).speech
    with _progress("unpack") as progress:
        path, sha256 = vosk_models.install(archive, speech.directory, progress)
    model = _model(path, speech)
    if json:
        as_json(model)
        return
    published = "as published" if path.name in vosk_models.KNOWN else "compare it with the publisher's"
    say(f"{path}: {model.state}; sha256 of the zip file {sha256}, {published}")
    say(f"to hear answers with it, set speech.live_model: {path.name}")


@app.command("list")
def list_models(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List the models that are there.

    Example: huifang models list --json
    """
    speech = load(data).speech
    found = [_model(path, speech) for path in engines.found_in(speech.directory)]
    if json:
        as_json(found)
    elif found:
        as_table("", ("model", "engine", "in use", "MB", "sha256", "state"), map(_row, found))
    else:
        say(f"no model in {speech.directory}: run huifang models prepare")


@app.command()
def verify(name: Name = "", data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Check that a model is whole, the packaged one byte for byte. Exit status 2 when it is not.

    Example: huifang models verify whisper-base
    """
    speech = load(data).speech
    path = speech.at(name) if name else speech.path
    sha256 = engines.sha256_of(path)
    engines.verify(path)
    if json:
        as_json(_model(path, speech))
    else:
        say(f"{path}: whole, sha256 {sha256}")


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal, from the first bytes on: no work, no bar."""
    err = Console(stderr=True)
    columns = (TextColumn("speech model"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what, total=None, visible=False)
        yield lambda done, total: progress.update(task, completed=done, total=total, visible=True)


def _model(path: Path, speech: Speech) -> Model:
    try:
        engines.verify(path)
        state = "whole"
    except ModelError as error:
        state = error.what
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    used = path in (speech.path, speech.live_path)
    return Model(path.name, engines.engine_of(path), path, size, engines.sha256_of(path), state, used)


def _row(model: Model) -> tuple[object, ...]:
    used = "*" if model.used else ""
    return model.name, model.engine, used, model.size >> 20, model.sha256[:12], model.state
