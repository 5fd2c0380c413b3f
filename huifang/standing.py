"""How far a campaign is, and what waits for what: a line, a window, a number at rest, another day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from base.clock import SHANGHAI
from dialer.breaker import Gate, gate
from dialer.windows import is_open, next_open
from huifang.site import Site
from huifang.words import counted
from papers.words import KINDS
from records import campaigns, jobs, kinds, ledger, scripts, standing
from records.model import Campaign, CampaignStatus, Progress, TrunkState
from records.scripts import Rehearsal
from records.standing import Waits


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign at one moment.

    Attributes:
        opens_at: when the profile's windows open again; None while one is open.
        paused_lines: lines on which nobody is called now.
        transcriptions_given_up: recordings that could not be transcribed.
        kinds: of each kind that its calls carry, how many follow-ups have completed it (D7).
        rehearsals: of its script's version (P11).
    """

    progress: Progress
    waits: Waits
    opens_at: datetime | None
    paused_lines: tuple[TrunkState, ...]
    transcriptions_given_up: int
    kinds: dict[str, int]
    rehearsals: tuple[Rehearsal, ...]


async def standing_of(site: Site, campaign: Campaign) -> Standing:
    """Where the campaign stands now.

    Raises:
        InputError: its profile is gone or cannot be used.
    """
    database, now = site.database, site.now()
    profile = site.profile(campaign.profile)
    used = {trunk.name for trunk in site.settings.trunks}
    states = (await ledger.trunk_states(database)).values()
    return Standing(
        progress=await campaigns.progress(database, campaign.id),
        waits=await standing.waits(database, campaign.id, now),
        opens_at=None if is_open(profile, now) else next_open(profile, now),
        paused_lines=tuple(one for one in states if one.name in used and gate(one, now) is Gate.OPEN),
        transcriptions_given_up=len(await jobs.parked(database, campaign_id=campaign.id)),
        kinds=await kinds.completed(database, campaign.id),
        rehearsals=tuple(await scripts.rehearsals(database, campaign.script, campaign.script_version)),
    )


def told(campaign: Campaign, now: Standing) -> list[str]:
    """The same as sentences."""
    progress = now.progress
    because = f" ({campaign.status_why})" if campaign.status_why else ""
    lines = [
        f"{campaign.name}: {campaign.status}{because}, script {campaign.script} {campaign.script_version}, "
        f"profile {campaign.profile}, rank {campaign.rank}, deadline {moment(campaign.deadline, 'none')}",
        f"{progress.closed} of {progress.total} closed, {progress.calling} on the line, "
        f"{progress.waiting} waiting, next due {moment(progress.next_due)}",
    ]
    lines.append(_rehearsed(now.rehearsals))
    if now.kinds:
        done = (f"{kind} {KINDS.get(kind, '')} {number}" for kind, number in now.kinds.items())
        lines.append(f"completed by kind, of {progress.total}: {', '.join(done)}")
    if progress.waiting:
        lines.append(f"of these wait: {', '.join(_reasons(now.waits))}")
    if progress.waiting and campaign.status is CampaignStatus.RUNNING:
        lines += _hindrances(now)
    if now.transcriptions_given_up:
        lines.append(
            f"{counted(now.transcriptions_given_up, 'transcription')} given up: huifang check says why"
        )
    return lines


def _rehearsed(rehearsals: tuple[Rehearsal, ...]) -> str:
    """Whether the script was gone through before customers hear it (P11)."""
    if not rehearsals:
        return "its script was never rehearsed in this version"
    walks, failed = sum(one.walks for one in rehearsals), sum(one.failed for one in rehearsals)
    last = rehearsals[-1]
    return (
        f"its script was rehearsed in this version: {counted(walks, 'walk')}, {failed} without a proper end, "
        f"last {moment(last.at)} by {last.who}"
    )


def moment(when: datetime | None, never: str = "never") -> str:
    """A time as people read it."""
    return when.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if when else never


def _reasons(waits: Waits) -> list[str]:
    held = f" (held until {moment(waits.held_until)})" if waits.held_until else ""
    known = (
        (waits.due, "due now"),
        (waits.resting, f"due, but the number rests{held}"),
        (waits.put_off, "until tomorrow, the number rang often enough today"),
        (waits.later, "until their time"),
    )
    agreed = f"; {counted(waits.appointments, 'appointment')} among them" if waits.appointments else ""
    reasons = [f"{count} {why}" for count, why in known if count]
    return [*reasons[:-1], reasons[-1] + agreed] if reasons else []


def _hindrances(now: Standing) -> list[str]:
    closed = [f"outside the calling windows: the next opens {moment(now.opens_at)}"] if now.opens_at else []
    return closed + [
        f"trunk {one.name} is paused until {_until(one)}: {one.paused_why}" for one in now.paused_lines
    ]


def _until(state: TrunkState) -> str:
    return "it is resumed" if state.needs_a_person else moment(state.paused_until)
