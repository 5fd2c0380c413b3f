"""`huifang prompts`: the sound of what scripts say: rendered, checked, listed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from base.errors import InputError
from huifang import resources
from huifang.answering import inbound_lines
from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, rendering_bar, say, say_rendering
from huifang.prompting import lines_of, rendering_s, store_of, synthesiser_of
from huifang.scripts.locating import locate
from huifang.settings import Settings, load
from huifang.site import open_site
from huifang.words import counted
from ivr import loader, prompts
from ivr import render as rendering
from ivr.lines import fixed_lines
from ivr.prompts import PromptStore
from ivr.values import Line
from ivr.voice import recorded
from records import campaigns

app = typer.Typer(
    add_completion=False,
    help="Prompts (提示音): what scripts say, recorded by people or rendered by the packaged voices.",
)

Scripts = Annotated[
    list[str] | None,
    typer.Option("--script", metavar="NAME", help="Only this script (may be repeated); without: all."),
]
ForCampaign = Annotated[
    str | None,
    typer.Option(
        "--campaign", metavar="NAME", help="Also what is said to this campaign's customers by name."
    ),
]
Into = Annotated[
    Path | None,
    typer.Option(
        "--into",
        metavar="DIR",
        help="Make DIR hold exactly these prompts, with a manifest, instead of the cache.",
    ),
]
Voice = Annotated[
    str | None,
    typer.Option(
        "--voice",
        metavar="NAME[@PACE]",
        help="Another voice than the setting prompts.voice: `espeak` is quick. Calls use the setting's.",
        show_default=False,
    ),
]
Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Recordings: WAV, FLAC, MP3, M4A, Ogg.", show_default=False),
]
OneScript = Annotated[
    str, typer.Option("--script", metavar="NAME", help="Whose prompts they are.", show_default=False)
]
Key = Annotated[
    str | None,
    typer.Option(
        "--prompt",
        metavar="KEY",
        help="Which prompt the file is; without: the files are called by their prompts.",
        show_default=False,
    ),
]
Speaker = Annotated[
    str, typer.Option(metavar="NAME", help="Whose voice it is; kept in the manifest.", show_default=False)
]


@app.command()
def render(
    script: Scripts = None,
    campaign: ForCampaign = None,
    into: Into = None,
    voice: Voice = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Render what has no sound yet; what was rendered before or recorded by people stays.

    Example: huifang prompts render --campaign 三月新开户
    """
    settings, lines = _load(data, script, campaign)
    settings = _in_voice(settings, voice)
    store = store_of(data, settings)
    with rendering_bar() as progress:
        if into is None:
            made = _into_cache(lines, store, settings, progress)
        else:
            engine = synthesiser_of(settings)
            made = rendering.ship(lines, into, settings.prompts.voice, engine, progress)
    if json:
        as_json({"prompts": len(lines), "rendered": made, "voice": settings.prompts.voice})
    else:
        say(f"{len(lines)} prompts, {made} rendered in the voice {settings.prompts.voice}")


@app.command()
def add(
    files: Files,
    script: OneScript,
    prompt: Key = None,
    speaker: Speaker = "",
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Put recordings of the firm's own speakers in place of the synthesiser's.

    Each is brought to 8 kHz mono, to the level of all prompts, without silence at its ends; a silent or
    clipped one, or one too short or long for its words, is refused. All of them are good, or none is added.

    Example: huifang prompts add studio/convenient.wav --script new_account --prompt convenient
    """
    lines = _lines_by_key(data, script)
    chosen = [(path, _line_of(lines, script, prompt or path.stem, path)) for path in files]
    if prompt is not None and len(files) > 1:
        remedy = "add them one by one, or call each file by its prompt"
        raise InputError(
            "names one prompt, but there are several files", where=f"--prompt {prompt}", remedy=remedy
        )
    with rendering_bar() as progress:
        sounds = []
        for number, (path, line) in enumerate(chosen, start=1):
            sound = recorded.read(path)
            recorded.suits(sound, line.wording, path)
            sounds.append((line, sound))
            progress(number, len(chosen))
    rows = [rendering.drop_in(data / "prompts", line, speaker, sound) for line, sound in sounds]
    if json:
        as_json([row.model_dump() for row in rows])
    else:
        for row in rows:
            say(f"{row.key}: {row.seconds:.2f} s, {data / 'prompts' / row.file}")


@app.command()
def check(
    script: Scripts = None,
    campaign: ForCampaign = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Listen to every prompt; exit status 1 when one is missing, altered, of another format or level.

    Example: huifang prompts check --script new_account
    """
    settings, lines = _load(data, script, campaign)
    found = prompts.check(store_of(data, settings), lines)
    if json:
        as_json({"prompts": len(lines), "problems": found})
    elif found:
        rows = ((one.prompt, one.wording, one.what) for one in found)
        as_table(counted(len(found), "problem"), ("prompt", "wording", "problem"), rows)
    else:
        say(f"all {len(lines)} prompts are good")
    if found:
        raise typer.Exit(1)


@app.command("list")
def list_(
    script: Scripts = None,
    campaign: ForCampaign = None,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """List every prompt with its wording, how long it takes, and whose recording it is.

    Example: huifang prompts list --script new_account --json
    """
    settings, lines = _load(data, script, campaign)
    store = store_of(data, settings)
    rows = [_row(data, store, line) for line in lines]
    if json:
        as_json(rows)
        return
    columns = ("prompt", "from", "seconds", "wording", "file")
    shown = ((row.prompt, row.source, row.seconds, row.wording, row.file) for row in rows)
    as_table(counted(len(rows), "prompt"), columns, shown)


@dataclass(frozen=True, slots=True)
class _Row:
    """One prompt as it is listed. `source`: site, shipped, rendered or missing."""

    prompt: str
    wording: str
    private: bool
    source: str
    seconds: float | None
    file: Path | None


def _row(data: Path, store: PromptStore, line: Line) -> _Row:
    path = store.find(line)
    seconds = None if path is None else round(store.seconds(line), 2)
    return _Row(line.prompt, line.wording, line.private, _source(data, path), seconds, path)


def _source(data: Path, path: Path | None) -> str:
    if path is None:
        return "missing"
    if path.is_relative_to(data / "prompts"):
        return "site"
    return "shipped" if path.is_relative_to(resources.SHIPPED_PROMPTS) else "rendered"


def _into_cache(
    lines: list[Line], store: PromptStore, settings: Settings, progress: rendering.Progress
) -> int:
    missing = store.missing(lines)
    if not missing:
        return 0
    voice = synthesiser_of(settings)
    say_rendering(len(missing), rendering_s(line.wording for line in missing))
    return rendering.render(missing, store, voice, progress)


def _load(data: Path, scripts: list[str] | None, campaign: str | None) -> tuple[Settings, list[Line]]:
    """The settings, and the lines that are asked about, each wording of a key once."""
    settings = load(data)
    names = scripts or resources.names(data, "scripts")
    paths = [resources.named(data, "scripts", name) for name in names]
    find = resources.script_finder(data)
    lines = [line for path in paths for line in fixed_lines(loader.load(path, find))]
    if scripts is None:
        lines += inbound_lines(settings)
    if campaign is not None:
        lines += asyncio.run(_campaign_lines(data, campaign))
    return settings, list(dict.fromkeys(lines))


async def _campaign_lines(data: Path, name: str) -> list[Line]:
    async with open_site(data) as site:
        return await lines_of(site, await campaigns.get(site.database, name))


def _in_voice(settings: Settings, voice: str | None) -> Settings:
    if voice is None:
        return settings
    return settings.model_copy(update={"prompts": settings.prompts.model_copy(update={"voice": voice})})


def _lines_by_key(data: Path, script: str) -> dict[str, Line]:
    loaded = locate(data, script).script
    return {line.prompt: line for line in fixed_lines(loaded)}


def _line_of(lines: dict[str, Line], script: str, key: str, path: Path) -> Line:
    """The sentence that a recording is of; its key may stand without the script's name."""
    line = lines.get(key) or lines.get(f"{script}.{key}")
    if line is None:
        remedy = f"huifang prompts list --script {script} names those that people can record"
        raise InputError(
            f"no prompt that is the same for all customers is called {key!r}", where=str(path), remedy=remedy
        )
    return line
