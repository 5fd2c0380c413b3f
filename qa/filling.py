"""What somebody filled into a form: texts without blanks around them, times, files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from starlette.datastructures import UploadFile

from base.clock import SHANGHAI
from base.errors import InputError
from qa.guarding import console_of, user_of
from records import attachments

MOST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was sent: texts, of several fields of one name joined by commas; files by their names."""

    texts: Mapping[str, str]
    files: tuple[tuple[str, bytes], ...]

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    def below(self, prefix: str) -> dict[str, str]:
        """Fields of a common beginning, without it."""
        return {
            name.removeprefix(prefix): text for name, text in self.texts.items() if name.startswith(prefix)
        }


async def filled(request: Request) -> Filled:
    """The form of a request.

    Raises:
        InputError: a text is too long.
    """
    texts: dict[str, list[str]] = {}
    files: list[tuple[str, bytes]] = []
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files += [(value.filename, await value.read())] if value.filename else []
            elif len(value) > MOST_TEXT:
                raise InputError(f"is longer than {MOST_TEXT} characters", where=name)
            elif value.strip():
                texts.setdefault(name, []).append(value.strip())
    return Filled({name: ",".join(found) for name, found in texts.items()}, tuple(files))


async def keep_files(request: Request, form: Filled, kind: str, of: int) -> None:
    """Keep the files of a form.

    Raises:
        InputError: one is empty, too large, or of no kind that is kept; those before it are kept.
    """
    console, by = console_of(request), user_of(request).number
    for name, content in form.files:
        await attachments.keep(console.database, console.sounds, kind, of, name, content, by, console.now())


def moment(text: str, now: datetime) -> datetime:
    """A time as a browser's field writes it; now, where it is empty.

    Raises:
        InputError: it is no time.
    """
    if not text:
        return now
    wrong = InputError("is no time", where=text, remedy="write YYYY-MM-DDTHH:MM")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None
    if not 2000 <= found.year <= 2200 or found.tzinfo is not None:
        raise wrong
    return found.replace(tzinfo=SHANGHAI)


def number(text: str) -> int | None:
    """The number of a call or a customer; None for none.

    Raises:
        InputError: it is no number.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise InputError("is no number", where=text)
    return int(text)
