"""`huifang transcribe`: recordings made elsewhere become text, searched and flagged like calls."""

from __future__ import annotations

import asyncio
import json as jsonlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from huifang.cli.options import DEFAULT_DATA, Acting, AsJson, Data, WithStdin
from huifang.cli.output import as_json, as_table, plain, progress_bar, say
from huifang.elsewhere import Taken, taker
from huifang.site import open_site
from huifang.stopping import run_until_stopped
from huifang.watched_folder import watch as watch_folder
from huifang.words import counted
from records import recordings
from records.post_call import Recording

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE]...", help="WAV, MP3, Opus, AMR, ...", show_default=False),
]
Watch = Annotated[
    Path | None,
    typer.Option(
        "--watch", metavar="DIR", help="Take files from this folder as they come.", show_default=False
    ),
]
Channels = Annotated[
    str | None,
    typer.Option(
        "--channels",
        metavar="MAP",
        help="Stereo: left=customer,right=agent, or the other way round.",
        show_default=False,
    ),
]
Again = Annotated[
    bool,
    typer.Option("--again", help="Also files that only other models have transcribed: the old text stays."),
]
Settle = Annotated[float, typer.Option(min=0, help="Seconds that a watched file's size must stay the same.")]
UntilEmpty = Annotated[bool, typer.Option("--until-empty", help="Watch until the folder is empty, then end.")]
Nice = Annotated[int, typer.Option(min=0, max=19, help="How far to give way to live calls: 0 not at all.")]
Listed = Annotated[bool, typer.Option("--list", help="List what is kept, newest first.")]


def transcribe(
    by: Acting,
    files: Files = None,
    watch: Watch = None,
    channels: Channels = None,
    again: Again = False,
    settle: Settle = 5.0,
    until_empty: UntilEmpty = False,
    listed: Listed = False,
    nice: Nice = 15,
    until_stdin_closes: WithStdin = False,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Transcribe and flag recordings made elsewhere; `huifang search` finds them like calls.

    A name of the form "time + extension" (20260304-150000_8001.mp3) tells when the call began, and where.
    The same file, by its bytes, is kept once. Ends with status 2 when a file could not be used; the others
    are kept.

    Example: huifang transcribe *.mp3 --channels left=customer,right=agent
    """
    if [bool(files), watch is not None, listed].count(True) != 1:
        raise typer.BadParameter("name files, or --watch DIR, or --list: one of them")
    if listed:
        _list(asyncio.run(_kept(data)), json)
    elif watch is not None:
        _watch(data, watch, channels, again, settle, until_empty, nice, until_stdin_closes, by, json)
    else:
        _files(data, files or [], channels, again, nice, by, json)


def _files(
    data: Path, files: list[Path], channels: str | None, again: bool, nice: int, by: str, json: bool
) -> None:
    done = asyncio.run(_taken(data, files, channels, again, nice, by))
    if json:
        as_json(done)
    else:
        _show(done)
    if any(one.error for one in done):
        raise typer.Exit(2)


async def _taken(
    data: Path, files: list[Path], channels: str | None, again: bool, nice: int, by: str
) -> list[Taken]:
    done: list[Taken] = []
    async with taker(data, channels, nice=nice, by=by) as desk:
        with progress_bar("transcribing, seconds") as bar:
            before_s = 0.0
            for file in files:

                def heard(done_s: float, of_s: float, before_s: float = before_s) -> None:
                    bar(round(before_s + done_s), round(before_s + of_s))

                taken = await desk.take(file, heard, again=again)
                before_s += taken.recording.length_s if taken.recording else 0.0
                done.append(taken)
                if taken.error:
                    typer.echo(f"{file}: {taken.error}", err=True)
    return done


def _watch(
    data: Path,
    folder: Path,
    channels: str | None,
    again: bool,
    settle_s: float,
    until_empty: bool,
    nice: int,
    with_stdin: bool,
    by: str,
    json: bool,
) -> None:
    failed = False

    def told(taken: Taken) -> None:
        nonlocal failed
        failed = failed or bool(taken.error)
        _tell(taken, json)

    async def work(stop: asyncio.Event) -> None:
        async with taker(data, channels, nice=nice, by=by) as desk:
            await watch_folder(
                folder,
                lambda file: desk.take(file, lambda _done, _of: None, again=again),
                told,
                settle_s=settle_s,
                until_empty=until_empty,
                stop=stop,
            )

    status = run_until_stopped(work, with_stdin=with_stdin)
    raise typer.Exit(status or (2 if failed else 0))


def _tell(taken: Taken, json: bool) -> None:
    """One line for a file, at once."""
    if json:
        say(jsonlib.dumps(plain(taken), ensure_ascii=False))
    elif taken.error:
        typer.echo(f"{taken.file}: {taken.error}", err=True)
    else:
        say(" ".join(str(part) for part in _row(taken)))


def _show(done: list[Taken]) -> None:
    good = [one for one in done if not one.error]
    columns = ("file", "recording", "began", "extension", "seconds", "text", "utterances", "flags")
    if good:
        as_table(counted(len(good), "recording"), columns, map(_row, good))


def _row(taken: Taken) -> tuple[object, ...]:
    kept = taken.recording
    assert kept is not None
    text = ("new, who spoke is guessed" if taken.guessed else "new") if taken.new else "known"
    heard = (taken.utterances, taken.flags) if taken.new else ("", "")
    return taken.file, f"R{kept.id}", kept.began_at, kept.extension, round(kept.length_s, 1), text, *heard


def _list(kept: Iterable[Recording], json: bool) -> None:
    found = tuple(kept)
    if json:
        as_json(found)
    elif found:
        columns = ("recording", "name", "began", "extension", "seconds", "taken in", "copy")
        as_table(counted(len(found), "recording"), columns, map(_line, found))
    else:
        say("no recording was taken in yet")


def _line(one: Recording) -> tuple[object, ...]:
    return f"R{one.id}", one.name, one.began_at, one.extension, round(one.length_s, 1), one.added_at, one.path


async def _kept(data: Path) -> tuple[Recording, ...]:
    async with open_site(data) as site:
        return await recordings.newest(site.database, 1000)
