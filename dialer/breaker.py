"""When a trunk is given a rest: the trunk is paused, not the customers. Pure.

Carriers answer 5xx for subscribers out of reach, so refusals alone open nothing. What does: most of the last
numbers never rang at all, or our own transport failed several times in a row. The pause stands in the ledger
(`paused_until`), where every node sees it: before its end the breaker is open, after it half-open until the
first 18x of a probe call resumes the trunk. A caller id that the carrier bars needs a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from records.model import Tried, TrunkState


class Gate(StrEnum):
    """Closed lets calls through, open none, half-open one at a time."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True)
class BreakerRules:
    """When it opens, and for how long.

    Attributes:
        window: so many distinct numbers are judged.
        silent_share: open when that part of `window` saw no 18x and no answer; 0 never judges it.
        failures: open after so many local transport failures in a row; 0 never counts them.
        pause_s, longest_pause_s: the first pause, doubled each time up to the longest.
    """

    window: int = 20
    silent_share: float = 0.6
    failures: int = 3
    pause_s: float = 60.0
    longest_pause_s: float = 1800.0


def gate(state: TrunkState | None, now: datetime) -> Gate:
    """What the ledger's row says now."""
    if state is None or state.paused_until is None:
        return Gate.CLOSED
    return Gate.OPEN if now < state.paused_until else Gate.HALF_OPEN


def fault(tried: Sequence[Tried], rules: BreakerRules) -> str:
    """Why the trunk should rest; "" when it need not.

    Args:
        tried: attempts that ended since the trunk was last resumed, the newest first.
        rules: the trunk's.
    """
    in_a_row = _failures_in_a_row(tried)
    if rules.failures and in_a_row >= rules.failures:
        return f"the transport failed {in_a_row} times in a row"
    silent, seen = _silent(tried, rules.window)
    if rules.silent_share and silent >= rules.silent_share * rules.window:
        return f"{silent} of the last {seen} numbers neither rang nor answered"
    return ""


def _failures_in_a_row(tried: Iterable[Tried]) -> int:
    """A call that rang and then lost its line worker is no fault of the trunk."""
    count = 0
    for one in tried:
        if not one.failed or one.alerted:
            break
        count += 1
    return count


def _silent(tried: Iterable[Tried], window: int) -> tuple[int, int]:
    """How many of the last distinct numbers saw no 18x at their last attempt, and how many there were."""
    last: dict[str, bool] = {}
    for one in tried:
        if len(last) == window and one.phone not in last:
            break
        last.setdefault(one.phone, one.alerted)
    return sum(not alerted for alerted in last.values()), len(last)


def pause_s(rules: BreakerRules, trips: int) -> float:
    """Seconds of the pause after so many in a row before it: 1, 2, 4 ... minutes."""
    return min(rules.longest_pause_s, rules.pause_s * 2.0 ** min(trips, 30))
