"""Files that people bring to be imported: kept beside the database until they are, or an hour has gone by."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from base.errors import InputError
from office.customers.importing import Imported, What

KEPT = timedelta(hours=1)
MOST_KEPT = 20
_LONGEST_NAME = 80


@dataclass(slots=True)
class Upload:
    """A file that somebody brought.

    Attributes:
        name: as its owner calls it: only to be shown.
        path: where it lies, by a name of ours. errors: where its bad rows lie, where there are any.
        chosen: what its columns mean, where somebody said so: heading → key of a field, "" for nothing.
        columns: what all of them were taken for.
        looked: what it would change; done: what it changed. None before.
    """

    id: str
    owner: str
    what: What
    name: str
    path: Path
    at: datetime
    chosen: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=dict)
    looked: Imported | None = None
    done: Imported | None = None

    @property
    def errors(self) -> Path:
        """The workbook of its bad rows."""
        return self.path.with_suffix(".xlsx")


@dataclass(slots=True)
class Uploads:
    """The files of a process. `folder`: nobody else's; what lies there longer than KEPT goes."""

    folder: Path
    _known: dict[str, Upload] = field(default_factory=dict)

    def keep(
        self, owner: str, what: What, name: str, content: BinaryIO, chosen: Mapping[str, str], now: datetime
    ) -> Upload:
        """Keep a file for its owner. `content` is read from where it stands."""
        self._forget_old(now)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        id_ = secrets.token_urlsafe(12)
        path = self.folder / id_
        with path.open("xb") as file:
            path.chmod(0o600)
            shutil.copyfileobj(content, file)
        last = name.replace("\\", "/").rpartition("/")[2]
        shown = "".join(char for char in last if char.isprintable())[-_LONGEST_NAME:]
        self._known[id_] = Upload(id_, owner, what, shown or what.value, path, now, chosen)
        return self._known[id_]

    def of(self, id_: str, owner: str) -> Upload:
        """Somebody's file.

        Raises:
            InputError: they brought none of that name here, or long ago.
        """
        found = self._known.get(id_)
        if found is None or found.owner != owner:
            raise InputError("is no file of yours, or was brought long ago", where=id_)
        return found

    def _forget_old(self, now: datetime) -> None:
        """Also files that a process left behind which ended."""
        kept = [one for one in self._known.values() if now - one.at <= KEPT][1 - MOST_KEPT :]
        self._known = {one.id: one for one in kept}
        ours = {path for one in kept for path in (one.path, one.errors)}
        for path in list(self.folder.glob("*")):
            if path not in ours and time.time() - path.stat().st_mtime > KEPT.total_seconds():
                path.unlink(missing_ok=True)
