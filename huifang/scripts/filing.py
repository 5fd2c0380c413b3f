"""Filing scripts (S1): a version that was filed keeps its content; other words need a new version."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from base.errors import ScriptError
from huifang.scripts.comparing import Comparison, compare
from huifang.words import counted
from ivr.script import Script
from records import scripts
from records.database import Database
from records.scripts import FiledScript

MOST_NAMED = 3
"""So many changed places stand in the line that refuses them."""


def record_of(script: Script, now: datetime) -> FiledScript:
    """What is filed of a script."""
    return FiledScript(
        name=script.name,
        version=script.version,
        sha256=script.sha256,
        title=script.title,
        kind=script.kind,
        wording=script.wording,
        content=script.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        filed_at=now,
    )


def revived(filed: FiledScript) -> Script:
    """The script as it was filed.

    Raises:
        ScriptError: this version of the program cannot read what another one filed.
    """
    try:
        return Script.model_validate(filed.content)
    except ValidationError as error:
        what = f"version {filed.version} was filed by another version of huifang and cannot be read"
        raise ScriptError(what, where=filed.name, remedy=scripts.NEW_VERSION) from error


async def filed_as(database: Database, script: Script, where: str) -> FiledScript | None:
    """The filed version that a script is; None when this version was never filed.

    Raises:
        ScriptError: the version was filed with another content (S1); says what changed.
    """
    found = await scripts.filed(database, script.name, script.version)
    if found is not None and found.sha256 != script.sha256:
        difference = compare(revived(found), script)
        if difference.parts:
            what = f"version {script.version} was filed with other words (S1): {changed(difference)}"
            raise ScriptError(what, where=where, remedy=scripts.NEW_VERSION)
    return found


async def file(database: Database, script: Script, where: str, now: datetime) -> tuple[FiledScript, bool]:
    """File a script; gives what is filed, and whether it is new.

    Raises:
        ScriptError: as `filed_as`.
    """
    if (found := await filed_as(database, script, where)) is not None:
        return found, False
    record = record_of(script, now)
    return record, await scripts.file(database, record)


def changed(difference: Comparison) -> str:
    """The places that differ, in few words."""
    places = [
        f"{part.name} {part.what}" if part.what != "changed" else f"{part.name}.{change.place}"
        for part in difference.parts
        for change in (part.changes if part.what == "changed" else part.changes[:1])
    ]
    more = len(places) - MOST_NAMED
    return ", ".join(places[:MOST_NAMED]) + (f" and {counted(more, 'place')} more" if more > 0 else "")
