"""Files that prove what people wrote (C1, C3): kept once by their hash, named by it alone on the disk."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from base.errors import InputError
from records import audit, engines, schema
from records.chain import Act
from records.database import Database
from records.sounds import Sounds

FOLDER = "attachments"
"""Encrypted like recordings, by the same keys."""
MOST_BYTES = 10 * 1024 * 1024
MOST_NAME = 120

_table = schema.attachment
_c = _table.c

_BEGINNINGS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
)
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
_TEXTS = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a desk item or of a complaint. `name`: as it was sent, for people to read alone."""

    id: int
    kind: str
    of: int
    sha256: str
    name: str
    type: str
    size: int
    added_at: datetime
    added_by: str

    @property
    def is_sound(self) -> bool:
        """Whether it may prove what was said (P9, C3)."""
        return self.type.startswith("audio/")


def type_of(content: bytes) -> str:
    """What a file is, by what it begins with, whatever its name says.

    Raises:
        InputError: none of the kinds that are taken: PDF, PNG, JPEG, sound, DOCX, XLSX, plain text.
    """
    for beginning, type_ in _BEGINNINGS:
        if content.startswith(beginning):
            return type_
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    if content[4:8] == b"ftyp" and content[8:11] == b"M4A":
        return "audio/mp4"
    if content.startswith(b"PK\x03\x04"):
        found = next((type_ for part, type_ in _OFFICE if part in content), "")
        if found:
            return found
    elif _is_text(content):
        return "text/plain"
    remedy = "send a PDF, PNG, JPEG, WAV, MP3, M4A, OGG, AMR, DOCX, XLSX or plain text"
    raise InputError("is of no kind that is kept", where="the file", remedy=remedy)


def path_of(sha256: str) -> str:
    """Where a file lies, relative to the data directory; nothing of it comes from a request."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


async def keep(
    db: Database, sounds: Sounds, kind: str, of: int, name: str, content: bytes, by: str, now: datetime
) -> None:
    """Keep a file; the same one twice changes nothing. The file is there before its row is.

    Raises:
        InputError: it is empty, too large, or of no kind that is kept.
    """
    if not content:
        raise InputError("is empty", where="the file", remedy="choose one")
    if len(content) > MOST_BYTES:
        raise InputError("is larger than 10 MB", where="the file", remedy="send it in parts")
    type_ = type_of(content)
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not (sounds.data / path).exists():
        sounds.write(content, path)
    values = {
        **{"kind": kind, "of": of, "sha256": sha256, "name": plain(name), "type": type_},
        **{"size": len(content), "added_at": now, "added_by": by},
    }

    def work(connection: sa.Connection) -> None:
        if engines.insert_new(connection, _table, **values):
            detail = {"sha256": sha256, "type": type_}
            audit.note(connection, Act(now, by, "attached", _AUDITED[kind], str(of), detail))

    await db.write(work)


async def of_object(db: Database, kind: str, of: int) -> tuple[Attachment, ...]:
    """The files of one object, as they came."""
    query = sa.select(*_COLUMNS).where(_c.kind == kind, _c.of == of).order_by(_c.id)
    return await db.read(lambda connection: tuple(Attachment(*row) for row in connection.execute(query)))


def proofs(connection: sa.Connection, kind: str, of: int) -> tuple[Attachment, ...]:
    """The same inside a transaction."""
    query = sa.select(*_COLUMNS).where(_c.kind == kind, _c.of == of).order_by(_c.id)
    return tuple(Attachment(*row) for row in connection.execute(query))


async def get(db: Database, id_: int) -> Attachment:
    """One file.

    Raises:
        InputError: there is none of that number.
    """
    query = sa.select(*_COLUMNS).where(_c.id == id_)
    row = await db.read(lambda connection: connection.execute(query).one_or_none())
    if row is None:
        raise InputError("there is no such file", where=str(id_))
    return Attachment(*row)


def plain(name: str) -> str:
    """A name to read: its last part, without what does not print."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(one for one in last if one.isprintable()).strip()
    return kept[-MOST_NAME:] or "file"


def _is_text(content: bytes) -> bool:
    if any(one < 32 and one not in (9, 10, 13) for one in content):
        return False
    return any(_decodes(content, encoding) for encoding in _TEXTS)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


_AUDITED = {"item": "desk", "complaint": "complaint"}
_COLUMNS = tuple(_c[name] for name in Attachment.__slots__)
