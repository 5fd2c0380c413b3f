"""What a run leaves for another time: how many follow-ups wait, and when the next call may begin (D3)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from dialer.profile import Profile
from dialer.windows import next_call
from huifang.site import Site
from records import campaigns
from records.model import Campaign, Progress


@dataclass(frozen=True, slots=True)
class Waiting:
    """Follow-ups of a running campaign that still wait. `next`: the earliest time of a call."""

    campaign: str
    waiting: int
    total: int
    next: datetime

    def __str__(self) -> str:
        count = f"{self.waiting} of {self.total} wait"
        return f"{self.campaign}: {count}, the next call may begin {self.next:%Y-%m-%d %H:%M}"

    def as_json(self) -> str:
        """The same as one line of JSON."""
        facts = {"campaign": self.campaign, "waiting": self.waiting, "next": self.next.isoformat()}
        return json.dumps(facts, ensure_ascii=False)


def waiting_of(campaign: Campaign, profile: Profile, progress: Progress, now: datetime) -> Waiting | None:
    """What a campaign has left; None when nothing waits."""
    if progress.next_due is None:
        return None
    soonest = next_call(profile, now, progress.next_due, progress.next_agreed)
    return Waiting(campaign.name, progress.waiting, progress.total, soonest)


async def waiting(site: Site) -> list[Waiting]:
    """What the running campaigns have left, the most urgent first."""
    found = []
    for campaign in await campaigns.running(site.database):
        progress = await campaigns.progress(site.database, campaign.id)
        found.append(waiting_of(campaign, site.profile(campaign.profile), progress, site.now()))
    return [one for one in found if one is not None]
