"""What other rules would change in calls that are flagged already. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from records.post_call import Flag
from transcribe.flags import counts

ADDED, GONE, CHANGED = "added", "gone", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One flag that comes, goes, or gets another tier. `before`: its tier until now, "" for none."""

    attempt_id: int
    customer: str
    what: str
    before: str
    after: str
    flag: Flag


@dataclass(frozen=True, slots=True)
class Changes:
    """Of how many calls, all changes, and calls with a finding before and after."""

    calls: int
    changes: tuple[Change, ...]
    flagged_before: int
    flagged_after: int

    @property
    def by_kind(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(Counter(one.what for one in self.changes))


def changes(attempt_id: int, customer: str, old: Sequence[Flag], new: Sequence[Flag]) -> list[Change]:
    """From a call's flags to what they would be; flags of one rule that overlap in time are the same."""
    left, found = list(old), []
    for flag in new:
        same = next((one for one in left if _same(one, flag)), None)
        if same is not None:
            left.remove(same)
        if same is None or same.tier != flag.tier:
            what = ADDED if same is None else CHANGED
            found.append(Change(attempt_id, customer, what, same.tier if same else "", flag.tier, flag))
    return [*found, *(Change(attempt_id, customer, GONE, one.tier, "", one) for one in left)]


def finding(flags: Iterable[Flag]) -> bool:
    """Whether a call has a flag to show."""
    return any(map(counts, flags))


def _same(one: Flag, other: Flag) -> bool:
    return one.rule == other.rule and one.start_s <= other.end_s and other.start_s <= one.end_s
