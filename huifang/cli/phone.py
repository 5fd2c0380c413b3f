"""`huifang phone`: simulated customers to call, for demonstrations and for trying out a dialer."""

from __future__ import annotations

import asyncio
import json as json_format
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from base.audio import Samples, read_wav
from huifang.cli.options import AsJson, WithStdin
from huifang.cli.output import say, say_rendering
from huifang.prompting import rendering_s
from huifang.resources import SHIPPED_CONFIG, SHIPPED_PROMPTS
from huifang.settings import Speech
from huifang.stopping import run_until_stopped, stop_with_stdin
from ivr.prompts import read_manifest
from ivr.voice.kokoro import Kokoro
from softphone.persona import Cast, load
from softphone.phone import Household
from softphone.recall import KnownPrompts, RecallingEar
from softphone.service import Opened, serve
from softphone.voices import ReplyFiles, sentences_of
from transcribe.live import LiveEar
from transcribe.models import ensure_packaged

PERSONAS = SHIPPED_CONFIG / "personas" / "new_account.yaml"

Personas = Annotated[
    Path,
    typer.Option(
        "--personas",
        metavar="FILE",
        help="Who can be called and what they say (YAML).",
        show_default="shipped",
    ),
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
    personas: Personas = PERSONAS,
    host: Host = "127.0.0.1",
    port: Port = 5060,
    log: Log = None,
    model: Model = None,
    replies: Replies = None,
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
    cast = load(personas)
    files = ReplyFiles(replies or Speech().directory.parent / "replies")
    _render(cast, files)
    if prepare:
        say(f"phone: {len(sentences_of(cast))} replies are ready in {files.folder}")
        return

    async def work(stop: asyncio.Event) -> None:
        if until_stdin_closes:
            stop_with_stdin(stop)
        started: list[LiveEar] = []

        async def recogniser() -> LiveEar:
            started.append(await LiveEar.start(await asyncio.to_thread(_model, model)))
            return started[0]

        try:
            known = KnownPrompts(() if afresh else _shipped_prompts())
            house = Household(cast, RecallingEar(known, recogniser), files)
            await serve(
                house, host=host, port=port, log=log, stop=stop, ready=lambda opened: _tell(opened, json)
            )
        finally:
            for ear in started:
                await ear.close()

    run_until_stopped(work)


def _shipped_prompts() -> Iterator[tuple[str, Samples]]:
    for row in read_manifest(SHIPPED_PROMPTS).prompts:
        yield row.wording, read_wav(SHIPPED_PROMPTS / row.file)


def _model(given: Path | None) -> Path:
    """The speech model's directory; the packaged one is joined when it is not there yet."""
    return given or ensure_packaged(Speech().directory)


def _render(cast: Cast, files: ReplyFiles) -> None:
    """Speak every reply that is not on disk yet, with a bar on stderr."""
    missing = files.missing(sentences_of(cast))
    if not missing:
        return
    synthesiser = Kokoro.open(Speech().directory, threads=2)
    say_rendering(len(missing), rendering_s(sentence.wording for sentence in missing))
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Rendering replies", total=len(missing))
        files.render(missing, synthesiser, lambda done, _all: bar.update(task, completed=done))


def _tell(opened: Opened, json: bool) -> None:
    """One line: the phones can be called."""
    if json:
        line = {"host": opened.host, "port": opened.port, "numbers": dict(opened.numbers)}
        say(json_format.dumps(line))
    else:
        who = ", ".join(f"{number} {persona}" for number, persona in opened.numbers.items())
        say(f"phone: {len(opened.numbers)} customers at sip:NUMBER@{opened.host}:{opened.port}: {who}")
