"""`huifang search`: from a word to the second of audio (F5)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from huifang.cli.options import DEFAULT_DATA, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from huifang.site import open_site
from records import search as index
from records.post_call import Hit

Text = Annotated[str, typer.Argument(metavar="TEXT", help="What was said.", show_default=False)]
SoundAlike = Annotated[
    bool, typer.Option("--sound-alike", help="Also what sounds like it (谐音): 分层 for 分成.")
]
Limit = Annotated[int, typer.Option(min=1, help="Hits at most.")]


def search(
    text: Text,
    sound_alike: SoundAlike = False,
    limit: Limit = 50,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Find what was said in any recorded call, with the second of audio.

    Example: huifang search 分成 --sound-alike
    """
    hits = asyncio.run(_search(data, text, sound_alike, limit))
    if json:
        as_json([{**_as_dict(hit), "audio": data / hit.audio} for hit in hits])
    elif hits:
        columns = ("customer", "campaign", "called at", "party", "second", "text", "audio")
        as_table(f"{len(hits)} hits for {text}", columns, (_row(data, hit) for hit in hits))
    else:
        say(f"no hit for {text}")


def _as_dict(hit: Hit) -> dict[str, object]:
    return {name: getattr(hit, name) for name in hit.__slots__}


def _row(data: Path, hit: Hit) -> tuple[object, ...]:
    second = f"{hit.start_s:.1f}"
    return hit.customer, hit.campaign, hit.started_at, hit.party, second, hit.text, data / hit.audio


async def _search(data: Path, text: str, sound_alike: bool, limit: int) -> list[Hit]:
    async with open_site(data) as site:
        return await index.search(site.database, text, sound_alike=sound_alike, limit=limit)
