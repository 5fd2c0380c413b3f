"""A campaign made of a script and a profile that were checked before (S1: version and hash are kept)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from base.errors import InputError, ScriptError
from huifang import resources
from huifang.scripts.filing import filed_as, record_of
from huifang.site import Site
from huifang.slots import needed, require, require_words
from ivr import check, loader
from ivr.script import Script
from records import campaigns, customers
from records.model import Campaign, Kind


async def create(
    site: Site,
    *,
    name: str,
    script: str,
    profile: str,
    customer_ids: Sequence[int] | None = None,
    due_at: datetime | None = None,
    deadline: datetime | None = None,
) -> Campaign:
    """Make a draft; `customer_ids` None takes all customers, `due_at` None means at once.

    Raises:
        InputError: script or profile cannot be used, the name is taken, there is nobody to call, or a
            customer's row lacks what the script says to everybody.
    """
    if name != name.strip() or not name or not name.isprintable():
        raise InputError("a campaign's name is words, without space before or after", where=repr(name))
    path = resources.named(site.data, "scripts", script)
    loaded = _usable(site, path)
    await _require_words(site, loaded, customer_ids)
    site.profile_in_force(profile)
    now = site.now()
    filed = await filed_as(site.database, loaded, str(path))
    return await campaigns.create(
        site.database,
        name=name,
        kind=_kind(loaded, path),
        script=script,
        script_version=loaded.version,
        script_sha256=(filed or loaded).sha256,
        profile=profile,
        customer_ids=customer_ids,
        due_at=due_at or now,
        deadline=deadline,
        now=now,
        filing=None if filed else record_of(loaded, now),
    )


def _usable(site: Site, path: Path) -> Script:
    """The script of that file. Raises ScriptError: it has a flaw."""
    find = resources.script_finder(site.data)
    loaded = loader.load(path, find)
    problems = check.problems(loaded)
    if problems:
        raise ScriptError(str(problems[0]), where=loader.place_of(path, problems[0].node, find))
    require(loaded, site.settings.firm)
    return loaded


async def _require_words(site: Site, script: Script, customer_ids: Sequence[int] | None) -> None:
    if not needed(script):
        return
    chosen = None if customer_ids is None else set(customer_ids)
    everyone = await customers.all_customers(site.database)
    people = [one for one in everyone if chosen is None or one.id in chosen]
    require_words(script, people, site.settings.firm, site.now().date())


def _kind(script: Script, path: Path) -> Kind:
    try:
        return Kind(script.kind)
    except ValueError as error:
        known = ", ".join(Kind)
        raise ScriptError(
            f"no kind is called {script.kind!r}", where=str(path), remedy=f"known: {known}"
        ) from error
