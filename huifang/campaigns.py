"""A campaign made of a script and a profile that were checked before (S1: version and hash are kept)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from base.errors import InputError, ScriptError
from huifang import resources
from huifang.site import Site
from huifang.slots import require
from ivr import check, loader
from records import campaigns
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
        InputError: script or profile cannot be used, the name is taken, or there is nobody to call.
    """
    if name != name.strip() or not name or not name.isprintable():
        raise InputError("a campaign's name is words, without space before or after", where=repr(name))
    path = resources.named(site.data, "scripts", script)
    find = resources.script_finder(site.data)
    loaded = loader.load(path, find)
    problems = check.problems(loaded)
    if problems:
        raise ScriptError(str(problems[0]), where=loader.place_of(path, problems[0].node, find))
    require(loaded, site.settings.firm)
    site.profile_in_force(profile)
    now = site.now()
    return await campaigns.create(
        site.database,
        name=name,
        kind=Kind(loaded.kind),
        script=script,
        script_version=loaded.version,
        script_sha256=loaded.sha256,
        profile=profile,
        customer_ids=customer_ids,
        due_at=due_at or now,
        deadline=deadline,
        now=now,
    )
