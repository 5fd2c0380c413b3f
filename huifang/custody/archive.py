"""Volumes for discs (R4): recordings named by time and extension (R2), indices, checksums, a page."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from base.errors import InputError
from dialer.recordings import CUSTOMER, EARLY, SYSTEM, track
from huifang.custody import volumes
from huifang.custody.volumes import Item
from huifang.site import Site
from papers.words import disposition
from records import archive, audit
from records.archive import Recorded
from records.chain import Act
from records.holds import Object
from records.post_call import Utterance
from records.sounds import Sounds

SOUND = "recordings"
SUMS = "SHA256SUMS"
INDEX = "index.json"
PAGE = Path(__file__).with_name("archive.html")

_CHUNK = 2**20

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume that was written. `sha256`: of its list of checksums, which stands for all of it."""

    path: Path
    recordings: int
    files: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Archived:
    """All volumes. `missing`: recordings whose files are not here."""

    volumes: tuple[Volume, ...]
    missing: int


async def create(
    site: Site, span: tuple[datetime, datetime], size: int, to: Path, by: str, progress: Progress
) -> Archived:
    """Write what was recorded in a time into volumes below `to`; each is noted on the audit trail.

    Raises:
        InputError: there is nothing, a call is larger than a volume, the folder has such a volume already, or
            it cannot be written to.
    """
    found = await archive.recorded(site.database, *span)
    items = [await _item(site, one) for one in found]
    there = [item for item in items if item.sizes]
    if not there:
        raise InputError("nothing was recorded in that time", where=str(site.data))
    try:
        planned = list(volumes.packed(there, size))
    except ValueError as error:
        raise InputError(str(error), where="--size", remedy="name a larger one") from None
    places = [to / _name(volume, n) for n, volume in enumerate(planned, 1)]
    _require_new(places, sum(item.cost for item in there))
    done: list[Volume] = []
    for volume, place in zip(planned, places, strict=True):
        before = sum(one.recordings for one in done)

        def told(n: int, before: int = before) -> None:
            progress(before + n, len(there))

        entries = [{**item.entry, "said": await _said(site, item.entry)} for item in volume]
        written = await asyncio.to_thread(_write, site.sounds, entries, place, told)
        await audit.keep(site.database, _act(site, by, written))
        done.append(written)
    return Archived(tuple(done), len(items) - len(there))


def tracks(data: Path, one: Recorded) -> list[Path]:
    """Its files that are there."""
    stems = [track(data, one.sound, party) for party in (CUSTOMER, SYSTEM, EARLY)]
    return [file for file in ([data / one.sound] if one.kind is Object.RECORDING else stems) if file.exists()]


async def _item(site: Site, one: Recorded) -> Item:
    files = tracks(site.data, one)
    entry = {
        "at": one.at.isoformat(timespec="seconds"),
        "extension": _extension(one),
        "kind": one.kind.value,
        "id": one.id,
        **{name: getattr(one, name) for name in ("customer", "account", "phone", "branch", "manager")},
        "campaign": one.campaign,
        "disposition": disposition(one.disposition) if one.disposition else "",
        "seconds": round(one.seconds, 1),
        "files": [f"{SOUND}/{file.name}" for file in files],
        "places": [str(file.relative_to(site.data)) for file in files],
    }
    said = json.dumps(await _said(site, entry), ensure_ascii=False)
    return Item(entry, tuple(map(site.sounds.size, files)), len(said.encode()))


async def _said(site: Site, entry: Mapping[str, Any]) -> list[dict[str, object]]:
    """Read twice, to plan volumes and to write one: what was said in a year is never held at once."""
    found = await archive.said(site.database, Object(entry["kind"]), entry["id"])
    return [_line(utterance) for utterance in found]


def _extension(one: Recorded) -> str:
    """As the file's name says it: time_extension, behind which a number or a hash may stand."""
    parts = (
        Path(one.sound).stem.split("_") if one.kind is Object.RECORDING else Path(one.sound).name.split("_")
    )
    named = len(parts) > (2 if one.kind is Object.RECORDING else 1)
    return parts[1].partition("-")[0] if named else ""


def _line(utterance: Utterance) -> dict[str, object]:
    return {"party": utterance.party, "start_s": round(utterance.start_s, 1), "text": utterance.text}


def _name(volume: Sequence[Item], n: int) -> str:
    first, last = (str(one.entry["at"])[:10].replace("-", "") for one in (volume[0], volume[-1]))
    return f"huifang-{first}-{last}-{n:03d}"


def _require_new(places: Sequence[Path], size: int) -> None:
    to = places[0].parent
    taken = next((place for place in places if place.exists()), None)
    if taken is not None:
        raise InputError("is there already", where=str(taken), remedy="name another folder")
    try:
        to.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(to).free
    except OSError as error:
        raise InputError(f"cannot be used: {error.strerror}", where=str(to)) from error
    if free < size:
        raise InputError(f"has {free:,} bytes free, {size:,} are needed", where=str(to), remedy="make room")


def _write(
    sounds: Sounds, volume: Sequence[Mapping[str, Any]], place: Path, told: Callable[[int], None]
) -> Volume:
    """Under another name until it is whole."""
    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    (part / SOUND).mkdir(parents=True)
    sums: dict[str, str] = {}
    entries = []
    for n, entry in enumerate(volume, 1):
        entries.append(_copied(sounds, part, entry, sums))
        told(n)
    _write_indices(part, entries, sums)
    sha256 = hashlib.sha256((part / SUMS).read_bytes()).hexdigest()
    size = sum(file.stat().st_size for file in part.rglob("*") if file.is_file())
    part.rename(place)
    return Volume(place, len(entries), len(sums), size, sha256)


def _copied(sounds: Sounds, part: Path, entry: Mapping[str, Any], sums: dict[str, str]) -> dict[str, Any]:
    hashes = []
    for name, place in zip(entry["files"], entry["places"], strict=True):
        with sounds.opened(sounds.data / place) as sound:
            sums[name] = _copy(sound, part / name)
        hashes.append(sums[name])
    return {**entry, "sha256": hashes}


def _copy(sound: BinaryIO, target: Path) -> str:
    """Copy a recording as it was made; hex SHA-256 of what was read."""
    digest = hashlib.sha256()
    with target.open("xb") as written:
        while chunk := sound.read(_CHUNK):
            digest.update(chunk)
            written.write(chunk)
    return digest.hexdigest()


def _write_indices(part: Path, entries: list[dict[str, Any]], sums: dict[str, str]) -> None:
    index = volumes.as_json(entries)
    texts = {
        INDEX: index,
        "index.js": f"window.INDEX = {index};\n",
        "index.csv": volumes.as_csv(entries),
        "index.html": PAGE.read_text("utf-8"),
    }
    for name, text in texts.items():
        (part / name).write_text(text, "utf-8", newline="")
        sums[name] = hashlib.sha256(text.encode()).hexdigest()
    lines = [f"{sha256}  {name}\n" for name, sha256 in sorted(sums.items())]
    (part / SUMS).write_text("".join(lines), "utf-8")


def _act(site: Site, by: str, written: Volume) -> Act:
    detail = {"recordings": written.recordings, "sha256": written.sha256}
    return Act(site.now(), by, "archived", "volume", written.path.name, detail)
