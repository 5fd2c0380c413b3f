"""`huifang phone`: simulated customers to call, for demonstrations and for trying out a dialer."""

from __future__ import annotations

import asyncio
import json as json_format
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from base.errors import InputError
from dialer.inbox import drop
from huifang import knowledge
from huifang.cli.options import AsJson, WithStdin
from huifang.cli.output import say, say_rendering
from huifang.prompting import rendering_s
from huifang.resources import SHIPPED_CONFIG
from huifang.settings import Speech
from huifang.stopping import run_until_stopped
from ivr.hearing import Ear
from ivr.script import Script
from ivr.voice.kokoro import Kokoro
from softphone.backgrounds import Backgrounds
from softphone.household import Household
from softphone.persona import Cast, load_all
from softphone.recall import KnownPrompts, RecallingEar
from softphone.service import SIP, Opened, serve
from softphone.voices import ReplyFiles, sentences_of
from transcribe.engines import verify
from transcribe.live import LiveEar
from transcribe.models import ensure_packaged

PERSONAS = SHIPPED_CONFIG / "personas" / "new_account.yaml"
CODECS = frozenset(("PCMA", "PCMU"))

Personas = Annotated[
    list[Path] | None,
    typer.Option(
        "--personas",
        metavar="FILE",
        help="Who can be called and what they say (YAML); may be given several times.",
        show_default="shipped",
    ),
]
Knowing = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="Know this installation's scripts and prompts, too, not only the shipped.",
    ),
]
Codecs = Annotated[
    str, typer.Option("--codecs", metavar="NAMES", help="What the phones speak: PCMA,PCMU or one of them.")
]
AtOnce = Annotated[
    int | None, typer.Option("--at-once", min=1, help="So many calls at once are enough.", show_default="all")
]
Host = Annotated[str, typer.Option("--host", help="Address of SIP and RTP.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="UDP port of SIP; 0: any free one.")]
Log = Annotated[
    Path | None, typer.Option("--log", metavar="FILE", help="Add one line of JSON per call to this file.")
]
Model = Annotated[
    Path | None, typer.Option("--model", metavar="DIR", help="Speech model; by default the packaged one.")
]
Replies = Annotated[
    Path | None, typer.Option("--replies", metavar="DIR", help="Where the spoken replies are kept.")
]
Prepare = Annotated[bool, typer.Option("--prepare", help="Render the replies that are missing, then end.")]
Afresh = Annotated[
    bool, typer.Option("--afresh", help="Recognise the shipped prompts too, which phones know by heart.")
]


def phone(
    personas: Personas = None,
    host: Host = "127.0.0.1",
    port: Port = 5060,
    log: Log = None,
    model: Model = None,
    replies: Replies = None,
    data: Knowing = None,
    codecs: Codecs = "PCMA,PCMU",
    at_once: AtOnce = None,
    prepare: Prepare = False,
    afresh: Afresh = False,
    until_stdin_closes: WithStdin = False,
    json: AsJson = False,
) -> None:
    """Simulated customers, each with a telephone number: they ring, answer, listen and speak, or don't.

    All are reached at one SIP address (UDP) by the number in the request URI, from any SIP client. They know
    the shipped prompts by their sound, hear others with the packaged speech model, and speak with the
    packaged voices. One line says when they can be called; Ctrl-C ends.

    Example: huifang phone --port 5060 --log calls.jsonl   then call sip:13800000001@127.0.0.1:5060
    """
    chosen = personas or [PERSONAS]
    casts = load_all(chosen)
    files = ReplyFiles(replies or Speech().directory.parent / "replies")
    sip = replace(SIP, codecs=_known_codecs(codecs))
    scripts = [knowledge.script_of(cast, file, data) for cast, file in zip(casts, chosen, strict=True)]
    _make_ready(casts, files, model)
    if prepare:
        _tell_prepared(casts, files)
        return

    async def work(stop: asyncio.Event) -> None:
        async with _housed(casts, scripts, files, model, partial(_known, data, afresh)) as houses:
            tell = partial(_tell, json=json)
            await serve(
                houses, host=host, port=port, log=log, stop=stop, ready=tell, sip=sip, at_once=at_once
            )

    run_until_stopped(work, with_stdin=until_stdin_closes)


def _known(data: Path | None, afresh: bool, cast: Cast, script: Script | None) -> KnownPrompts:
    """The prompts that a phone knows by heart."""
    if afresh:
        return KnownPrompts(())
    return KnownPrompts(knowledge.prompts_of(cast, script, data), knowledge.pieces_of(script, data))


@asynccontextmanager
async def _housed(
    casts: Sequence[Cast],
    scripts: Sequence[Script | None],
    files: ReplyFiles,
    model: Path | None,
    known: Callable[[Cast, Script | None], KnownPrompts],
) -> AsyncIterator[list[Household]]:
    """A household for each cast, with what they hear by and what is heard around them."""
    ears = Ears(lambda: asyncio.to_thread(_model, model))
    with tempfile.TemporaryDirectory(prefix="huifang-phone-") as folder:
        around = Backgrounds(Path(folder), _voices(casts, files))
        try:
            yield [
                Household(
                    cast,
                    RecallingEar(known(cast, script), ears.one),
                    files,
                    script=script,
                    backgrounds=around,
                )
                for cast, script in zip(casts, scripts, strict=True)
            ]
        finally:
            await ears.close()


def _known_codecs(names: str) -> tuple[str, ...]:
    """Raises InputError for what the phones don't speak."""
    codecs = tuple(name.strip().upper() for name in names.split(","))
    if not set(codecs) <= CODECS or len(set(codecs)) < len(codecs):
        raise InputError(
            f"{names!r} is no list of codecs", where="--codecs", remedy="PCMA,PCMU or one of them"
        )
    return codecs


class Ears:
    """One recogniser for all phones, started when the first of them needs it."""

    def __init__(self, model: Callable[[], Awaitable[Path]]) -> None:
        self._model = model
        self._starting: asyncio.Task[LiveEar] | None = None

    async def one(self) -> Ear:
        """The recogniser, running. Who waits no longer, as the caller speaks on, does not end its start."""
        if self._starting is None or _failed(self._starting):
            self._starting = asyncio.create_task(self._start())
        return await asyncio.shield(self._starting)

    async def _start(self) -> LiveEar:
        return await LiveEar.start(await self._model())

    async def close(self) -> None:
        """End it, if it was started."""
        if self._starting is None:
            return
        if not self._starting.done():
            await drop(self._starting)
        elif not _failed(self._starting):
            await self._starting.result().close()


def _failed(task: asyncio.Task[LiveEar]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _voices(casts: Sequence[Cast], files: ReplyFiles) -> list[Path]:
    """Sentences to make a babble of: all that are said."""
    return [files.path(sentence) for cast in casts for sentence in sentences_of(cast)]


def _model(given: Path | None) -> Path:
    """The speech model's directory; the packaged one is joined when it is not there yet."""
    return given or ensure_packaged(Speech().directory)


def _make_ready(casts: Sequence[Cast], files: ReplyFiles, model: Path | None) -> None:
    """Look the given model over; speak every reply that is not on disk yet, with a bar on stderr."""
    if model is not None:
        verify(model)
    missing = files.missing(dict.fromkeys(sentence for cast in casts for sentence in sentences_of(cast)))
    if not missing:
        return
    synthesiser = Kokoro.open(Speech().directory, threads=2)
    say_rendering(len(missing), rendering_s(sentence.wording for sentence in missing))
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Rendering replies", total=len(missing))
        files.render(missing, synthesiser, lambda done, _all: bar.update(task, completed=done))


def _tell_prepared(casts: Sequence[Cast], files: ReplyFiles) -> None:
    said = sum(len(sentences_of(cast)) for cast in casts)
    say(f"phone: {said} replies are ready in {files.folder}")


def _tell(opened: Opened, json: bool) -> None:
    """One line: the phones can be called."""
    if json:
        line = {"host": opened.host, "port": opened.port, "numbers": dict(opened.numbers)}
        say(json_format.dumps(line))
    else:
        who = ", ".join(f"{number} {persona}" for number, persona in opened.numbers.items())
        say(f"phone: {len(opened.numbers)} customers at sip:NUMBER@{opened.host}:{opened.port}: {who}")
