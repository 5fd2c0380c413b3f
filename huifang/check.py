"""What would go wrong if calling began now: looked at before it does, each with its remedy."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from base import calendar_files
from base.errors import HuifangError, InputError, ProfileError
from dialer import announcements, windows
from huifang import check_lines, check_speech, handing, resources
from huifang.answering import inbound_lines, takes_calls
from huifang.finding import Finding, bad, guarded
from huifang.profiles import checking as profile_check
from huifang.prompting import lines_of, store_of
from huifang.scripts.approved import Filed, approved_of, filed_of
from huifang.scripts.locating import Located, locate
from huifang.site import Site, open_site
from huifang.words import counted
from ivr import check as script_check
from ivr import prompts
from ivr.lines import fixed_lines
from ivr.prompts import PromptStore
from ivr.values import Line
from records import campaigns, jobs
from records.model import Campaign, CampaignStatus
from transcribe import rules

OPEN = {CampaignStatus.DRAFT, CampaignStatus.RUNNING, CampaignStatus.PAUSED}


async def check(data: Path) -> tuple[Finding, ...]:
    """Look at everything that calling needs; never raises for what is wrong with it."""
    try:
        async with open_site(data) as site:
            open_campaigns = [one for one in await campaigns.list_all(site.database) if one.status in OPEN]
            return (
                Finding("data", True, f"{site.data}, settings and database can be used"),
                *await check_lines.look(site.settings),
                *check_speech.look(site),
                guarded("keys", lambda: _keys(site)),
                guarded("keyword rules", lambda: _rules(site.data)),
                guarded("announcements", lambda: _announcements(site.data)),
                await _parked(site),
                _calendar(site),
                *_profiles(site, open_campaigns),
                *_scripts(site, open_campaigns, await filed_of(site)),
                *handing.people(site.data, site.settings),
                *_announcement(site),
                *[
                    await _sound(site, one)
                    for one in open_campaigns
                    if one.status is not CampaignStatus.DRAFT
                ],
            )
    except HuifangError as error:
        return (bad("data", error),)


def _rules(data: Path) -> str:
    path = resources.find(data, "keywords.yaml")
    if path is None:
        raise InputError("there are no keyword rules", where="config/keywords.yaml")
    return f"{len(rules.load(path).rules)} rules in {path}"


def _keys(site: Site) -> str:
    site.sounds.check()
    newest = site.sounds.keys.newest()
    if newest is None:
        return "recordings are not encrypted: huifang keys new FILE makes keys"
    return f"recordings are encrypted by key {newest.id} of {site.sounds.keys.file}"


def _announcements(data: Path) -> str:
    paths = resources.all_of(data, "announcements.yaml")
    return f"{announcements.load(*paths).count} phrases in {', '.join(map(str, paths))}"


async def _parked(site: Site) -> Finding:
    """Calls whose transcription was given up."""
    given_up = await jobs.parked(site.database)
    if not given_up:
        return Finding("transcription", True, "no job was given up")
    first = given_up[0]
    says = (
        f"{counted(len(given_up), 'job')} given up, first {first.job.kind} of call {first.job.attempt_id}: "
        f"{first.reason}"
    )
    return Finding("transcription", False, says, "see `huifang worker parked`, then `huifang worker retry`")


# --- profiles and scripts ----------------------------------------------------------------------------------


def _profiles(site: Site, campaigns: Iterable[Campaign]) -> Iterator[Finding]:
    """All profiles that there are, and those that open campaigns name."""
    for name in sorted({*resources.names(site.data, "profiles"), *(one.profile for one in campaigns)}):
        yield guarded(f"profile {name}", partial(_profile, site, name))


def _profile(site: Site, name: str) -> str:
    """When the next window opens; raises ProfileError when none does, or the profile contradicts itself."""
    profile = site.profile(name)
    wrong = list(profile_check.problems(profile))
    if wrong:
        what, remedy = f"{wrong[0].says} ({len(wrong)} in all)", f"see `huifang profile check {name}`"
        raise ProfileError(what, where=f"profile {name}", remedy=remedy)
    opens = windows.next_open(profile, site.now())
    day = profile.calendar.day_of(opens.date())
    provisional = ", a day that the calendar does not cover yet" if day.provisional else ""
    return f"next call may begin {opens:%Y-%m-%d %H:%M}{provisional}"


def _calendar(site: Site) -> Finding:
    """How far the days are known: told in time, wrong once they are guessed (P10)."""
    try:
        calendar = site.calendar()
    except InputError as error:
        return bad("calendar", error)
    today = site.now().date()
    ending = calendar.ending(today)
    if ending:
        return Finding("calendar", today <= calendar.until, ending, calendar_files.REMEDY)
    own = f", {counted(len(calendar.said), 'day')} of the site's own" if calendar.said else ""
    return Finding("calendar", True, f"days are known until {calendar.until}{own}")


def _scripts(site: Site, campaigns: Sequence[Campaign], filed: Filed) -> Iterator[Finding]:
    """All scripts that there are, and those that open campaigns name."""
    for name in sorted({*resources.names(site.data, "scripts"), *(one.script for one in campaigns)}):
        yield from _script(site, name, [one for one in campaigns if one.script == name], filed)


def _script(site: Site, name: str, campaigns: Sequence[Campaign], filed: Filed) -> Iterator[Finding]:
    what = f"script {name}"
    try:
        found = locate(site.data, name)
    except InputError as error:
        yield bad(what, error)
        return
    yield guarded(what, partial(_fit, site, found, campaigns, filed))
    yield from handing.lacking(found.script, site.settings)
    lines = fixed_lines(found.script)
    yield guarded(f"prompts of {what}", partial(_heard, site, lines, f"--script {name}"))


def _fit(site: Site, found: Located, campaigns: Sequence[Campaign], filed: Filed) -> str:
    """Raises InputError where a script may not be used, or a campaign's was altered (S1)."""
    problems = script_check.problems(found.script)
    if problems:
        what = f"{problems[0]} ({len(problems)} in all)"
        raise InputError(what, where=found.place_of(problems[0].node), remedy="correct the script")
    older = [one for one in campaigns if approved_of(site, one, filed).version != found.script.version]
    kept = "".join(f"; {one.name} goes on with {one.script_version} as filed" for one in older)
    return f"version {found.script.version}, no dead end, nothing private before the owner{kept}"


def _announcement(site: Site) -> Iterator[Finding]:
    """What customers hear who ring back; nothing where no call can come in."""
    what = "inbound announcement"
    try:
        lines = inbound_lines(site.settings) if takes_calls(site.settings) else []
    except InputError as error:
        yield bad(what, error)
        return
    if lines:
        yield guarded(what, partial(_heard, site, lines, ""))


async def _sound(site: Site, campaign: Campaign) -> Finding:
    """Whether everything that may be said to its customers can be heard; starting a draft sees to it."""
    what = f"prompts of {campaign.name}"
    try:
        lines = await lines_of(site, campaign)
    except InputError as error:
        return bad(what, error)
    return guarded(what, partial(_heard, site, lines, f"--campaign {shlex.quote(campaign.name)}"))


def _heard(site: Site, lines: Sequence[Line], which: str) -> str:
    """Raises InputError for lines without sound, or with one that cannot be used."""
    store = store_of(site.data, site.settings)
    missing = store.missing(lines)
    if missing:
        what = f"{len(missing)} of {len(lines)} sentences have no sound, first {missing[0].prompt}"
        raise InputError(what, remedy=f"run: huifang prompts render {which}".rstrip())
    faults = _faults(store, lines)
    if faults:
        what = f"{counted(len(faults), 'fault')} in {len(lines)} sentences, first {faults[0].prompt}"
        raise InputError(f"{what}: {faults[0].what}", remedy=f"run: huifang prompts check {which}".rstrip())
    return f"all {len(lines)} sentences have their sound"


def _faults(store: PromptStore, lines: Sequence[Line]) -> list[prompts.Problem]:
    """Recordings are listened to (2 ms each). Of what was levelled as it was rendered here, thousands for a
    campaign, only the header is read."""
    recorded = []
    for line in lines:
        path = store.find(line)
        if path is not None and path.parent == store.cache:
            store.seconds(line)
        else:
            recorded.append(line)
    return prompts.check(store, recorded)
