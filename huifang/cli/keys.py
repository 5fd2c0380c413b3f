"""`huifang keys`: the keys by which recordings are encrypted."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from base import keys
from base.errors import InputError
from base.keys import Key
from huifang.cli.at_site import at_site
from huifang.cli.options import DEFAULT_DATA, Acting, AsJson, Data
from huifang.cli.output import as_json, as_table, progress_bar, say
from huifang.custody import sealing
from huifang.site import Site
from huifang.words import counted
from records import audit
from records.chain import Act

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Keys (密钥): recordings are encrypted by them, and lost without them.",
)


@app.command()
def new(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A new file outside the data directory.", show_default=False),
    ],
    by: Acting,
    data: Data = DEFAULT_DATA,
) -> None:
    """Make a site's first key: from now on recordings are encrypted as soon as their call is over.

    Keep a copy of the file in a safe place: whoever has lost it has lost the recordings. `huifang keys seal`
    encrypts those that are there already.

    Example: huifang keys new /etc/huifang/keys
    """
    made = sealing.make_keys(data, file)
    at_site(data, lambda site: _note(site, by, "added", made.id, {}))
    say(f"{file}: key {made.id}; keep a copy elsewhere, and run: huifang keys seal")


@app.command("list")
def list_(data: Data = DEFAULT_DATA, json: AsJson = False) -> None:
    """List keys, and how many recordings of this machine each opens.

    Example: huifang keys list
    """
    found, known = at_site(data, _counted)
    if json:
        listed = [{"id": one.id, "made_on": one.made_on, "recordings": found[one.id]} for one in known]
        as_json({"keys": listed, "plain": found[""]})
        return
    rows = [(one.id, one.made_on, found[one.id]) for one in known]
    as_table(f"{counted(found[''], 'recording')} not encrypted", ("key", "made on", "recordings"), rows)


@app.command()
def seal(by: Acting, data: Data = DEFAULT_DATA) -> None:
    """Encrypt recordings that are not: made before there was a key, or left by a crash.

    May be broken off and run again, and beside `huifang run`.

    Example: huifang keys seal --as 1001
    """

    async def work(site: Site) -> int:
        _newest(site)
        with progress_bar("encrypting") as bar:
            done = await asyncio.to_thread(sealing.seal_all, site.sounds, bar)
        await _note(site, by, "encrypted", "", {"recordings": done})
        return done

    say(f"{counted(at_site(data, work), 'recording')} encrypted")


@app.command()
def rotate(
    by: Acting,
    resume: Annotated[
        bool, typer.Option("--resume", help="No new key: what was broken off, or another machine.")
    ] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Make a new key, and let it alone open all recordings; the sound itself is not written anew.

    Old keys stay in the file, for backups need them, until `huifang keys forget`. Where several machines
    record, copy the file to them and run this with --resume on each.

    Example: huifang keys rotate --as 1001
    """

    async def work(site: Site) -> int:
        newest = _newest(site)
        if not resume:
            newest = keys.add(_file(site), site.now().date())
            await _note(site, by, "added", newest.id, {})
        with progress_bar("rotating") as bar:
            done = await asyncio.to_thread(sealing.rewrap_all, site.sounds, newest, bar)
        await _note(site, by, "rotated", newest.id, {"recordings": done})
        return done

    say(f"{counted(at_site(data, work), 'recording')} opened by the newest key alone")


@app.command()
def forget(
    id_: Annotated[str, typer.Argument(metavar="KEY", help="Its id.", show_default=False)],
    by: Acting,
    data: Data = DEFAULT_DATA,
) -> None:
    """Take an old key out of the file; refused while a recording of this machine needs it.

    Example: huifang keys forget 9f2c4b0d1e5a7788 --as 1001
    """

    async def work(site: Site) -> None:
        file, (found, _) = _file(site), await _counted(site)
        if found[id_]:
            what = f"{counted(found[id_], 'recording')} of this machine need it"
            raise InputError(what, where=id_, remedy="run: huifang keys rotate")
        keys.forget(file, id_)
        await _note(site, by, "forgotten", id_, {})

    at_site(data, work)
    say(f"key {id_} is forgotten")


async def _counted(site: Site) -> tuple[Counter[str], tuple[Key, ...]]:
    file = site.sounds.keys.file
    known = keys.read(file) if file is not None else ()
    return await asyncio.to_thread(sealing.by_key, site.sounds), known


def _newest(site: Site) -> Key:
    site.sounds.check()
    return keys.read(_file(site))[-1]


def _file(site: Site) -> Path:
    file = site.sounds.keys.file
    if file is None:
        raise InputError("the site has no key", where="custody.key_file", remedy="run: huifang keys new FILE")
    return file


async def _note(site: Site, by: str, what: str, key: str, detail: dict[str, int]) -> None:
    await audit.keep(site.database, Act(site.now(), by, what, "key", key, detail))
