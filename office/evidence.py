"""Evidence packages made (A5): gathered, hashed, on the audit trail before they leave."""

from __future__ import annotations

import asyncio
import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from base.errors import InputError
from base.sealed import CHUNK
from dialer.recordings import CUSTOMER, EARLY, SYSTEM, track
from office.place import Place
from papers import evidence, parts
from records import audit, cases, filed_papers
from records.approval import Approval, Use, untakeable
from records.calls import call_of
from records.chain import Act
from records.sounds import Sounds
from records.written import record_of

_IN_MEMORY = 64 * 2**20
"""Bytes of a package that are held in memory; a larger one goes through a file without a name."""


@dataclass(frozen=True, slots=True)
class Package:
    """A ZIP file, open at its beginning; whoever gets it closes it. `sha256`: of its list of checksums."""

    name: str
    size: int
    sha256: str
    content: IO[bytes]


async def package(place: Place, approval: Approval, by: str) -> Package:
    """The material that an approval allows somebody to take away; noted with its hash.

    Raises:
        InputError: it is not theirs, not approved or no longer, or the call or a key is not there.
    """
    now, db = place.now(), place.database
    if wrong := untakeable(approval, by, now):
        raise InputError(
            wrong, where=f"request {approval.id}", remedy="ask for an approval on the call's page"
        )
    call = await call_of(db, approval.call, now.date())
    tracks = [track(place.sounds.data, call.recording, party) for party in (CUSTOMER, SYSTEM, EARLY)]
    found = [file for file in tracks if call.recording and file.is_file()]
    written = {} if approval.use is Use.RECORDING else await _documents(place, approval)
    written["README.txt"] = evidence.readme(approval, place.firm, now)
    made = await asyncio.to_thread(_made, place.sounds, found, written, approval, by, now)
    detail = {"paper": "package", "use": approval.use.value, "call": approval.call, "sha256": made.sha256}
    await audit.keep(db, Act(now, by, "exported", "approval", str(approval.id), detail))
    return made


async def _documents(place: Place, approval: Approval) -> dict[str, bytes]:
    db, call = place.database, approval.call
    written = await record_of(db, call, place.now().date())
    sheet = parts.number("JL", f"{call:06d}")
    case = await cases.of_call(db, call)
    about = [("call", str(call)), ("approval", str(approval.id)), ("paper", sheet)]
    rows, hashes = await audit.extract(db, about if case is None else [*about, ("case", str(case))])
    documents = evidence.documents(
        written,
        place.firm,
        await filed_papers.found(db, sheet),
        None if case is None else await cases.get(db, case),
    )
    return documents | evidence.trail(rows, hashes)


def _made(
    sounds: Sounds,
    tracks: Sequence[Path],
    written: Mapping[str, bytes],
    approval: Approval,
    by: str,
    now: datetime,
) -> Package:
    known: dict[str, tuple[int, str]] = {}
    with ExitStack() as kept:
        content = kept.enter_context(SpooledTemporaryFile(_IN_MEMORY))
        archive = kept.enter_context(zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED))
        for file in tracks:
            name = f"{evidence.SOUND}/{file.name}"
            known[name] = _put_sound(archive, _entry(name, now), sounds, file)
        for name, text in sorted(written.items()):
            known[name] = _put(archive, _entry(name, now), text)
        listed = evidence.manifest(approval, by, now, known)
        known[evidence.MANIFEST] = _put(archive, _entry(evidence.MANIFEST, now), listed)
        sums = evidence.sums({name: sha256 for name, (_, sha256) in known.items()})
        _, sha256 = _put(archive, _entry(evidence.SUMS, now), sums)
        archive.close()
        kept.pop_all()
    size = content.tell()
    content.seek(0)
    return Package(f"call-{approval.call}-approval-{approval.id}.zip", size, sha256, content)


def _entry(name: str, now: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (now.year, now.month, now.day, now.hour, now.minute, now.second))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _put(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, data: bytes) -> tuple[int, str]:
    archive.writestr(entry, data)
    return len(data), hashlib.sha256(data).hexdigest()


def _put_sound(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, sounds: Sounds, file: Path
) -> tuple[int, str]:
    """Size and SHA-256 of a recording as it was made."""
    digest, size = hashlib.sha256(), 0
    with sounds.opened(file) as sound, archive.open(entry, "w") as target:
        while piece := sound.read(CHUNK):
            digest.update(piece)
            size += target.write(piece)
    return size, digest.hexdigest()
