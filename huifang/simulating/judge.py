"""Were the rules kept in a simulated run? Pure: the calls as the far end saw them against the profile.

Nothing here asks `dialer.policy` or `dialer.windows`: what they decide is what is judged. What holds for any
run, simulated or not, is judged by `huifang.drill.judge`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from base.clock import SHANGHAI
from dialer.pacing import Pace
from dialer.profile import Profile
from dialer.simulation.model import Call, FollowUp, Trace
from dialer.simulation.people import Population
from dialer.simulation.trial import Ground
from huifang.drill.judge import Rule, Violation, of_far_end
from softphone.far_call import FarCall

HURRIED_S = 900.0
"""The least spacing to which a deadline may shrink a rule's (docs/profiles.md)."""
GRACE = timedelta(days=2)
"""An appointment is called by then, whatever the channels have to do."""
MOST_DOUBLINGS = 6


def judged(ground: Ground, pace: Pace, trace: Trace) -> tuple[Violation, ...]:
    """Every rule that was broken, each time it was, by the calls and by who answers for them."""
    calls = of_calls(ground.profile, pace, trace, ground.population.barred)
    return (*calls, *_recused(ground.population, trace.follow_ups))


def of_calls(profile: Profile, pace: Pace, trace: Trace, barred: Collection[str]) -> tuple[Violation, ...]:
    """The same by the calls alone.

    Args:
        barred: numbers that were on the do-not-call list from the beginning.
    """
    by_follow_up = _by_follow_up(trace.calls)
    found = [*_as_drilled(profile, trace, barred), *_after_never(trace.calls)]
    for one in trace.follow_ups:
        found += _of_one(profile, one, by_follow_up.get(one.owed.id, []), trace.end, barred)
    found += _too_often(profile, trace.calls)
    if profile.campaign_channels is None:
        found += _overtaken(trace.calls)
    return (*found, *_of_line(pace, trace.calls))


def _as_drilled(profile: Profile, trace: Trace, barred: Collection[str]) -> tuple[Violation, ...]:
    """Rings of a number over all its follow-ups, overlaps, hours, numbers not to be called (D2, D3, D10)."""
    allowed: Counter[str] = Counter()
    for one in trace.follow_ups:
        allowed[one.owed.number] += 0 if one.owed.number in barred else profile.attempts
    agreed = {call.at for call in trace.calls if call.agreed is not None}
    calls = [
        FarCall(call.number, f"{n}", "", "", call.at, call.until, alerted=call.rung)
        for n, call in enumerate(trace.calls)
    ]
    return of_far_end(
        calls, allowed, lambda at: _is_legal(profile, at) if at in agreed else _is_open(profile, at)
    )


def _is_legal(profile: Profile, at: datetime) -> bool:
    return profile.legal.start <= at.astimezone(SHANGHAI).time() < profile.legal.end


def _is_open(profile: Profile, at: datetime) -> bool:
    """Within a window of a day of that kind (D3, P10)."""
    local = at.astimezone(SHANGHAI)
    kinds = profile.calendar.day_of(local.date()).kinds
    of_day = [window for window in profile.windows if kinds & set(window.days)]
    return _is_legal(profile, at) and any(one.start <= local.time() < one.end for one in of_day)


def _part(profile: Profile, at: datetime) -> tuple[date, str]:
    local = at.astimezone(SHANGHAI)
    named = [part.name for part in profile.parts if part.start <= local.time() < part.end]
    return local.date(), named[0] if named else ""


def _by_follow_up(calls: Iterable[Call]) -> dict[int, list[Call]]:
    found: defaultdict[int, list[Call]] = defaultdict(list)
    for call in calls:
        found[call.follow_up_id].append(call)
    return found


def _after_never(calls: Sequence[Call]) -> Iterator[Violation]:
    """Calls to a number whose owner had said never again (A4, D10)."""
    never: dict[str, datetime] = {}
    for call in calls:
        if call.number in never and call.at >= never[call.number]:
            yield _violation(Rule.FORBIDDEN, call, "after never again")
        if call.never:
            never[call.number] = call.until


def _of_one(
    profile: Profile, one: FollowUp, calls: Sequence[Call], end: datetime, barred: Collection[str]
) -> Iterator[Violation]:
    """The calls of one follow-up, one after the other (D2, D6)."""
    rung = [call for call in calls if call.rung]
    for call in rung[profile.attempts :]:
        yield _violation(Rule.TOO_MANY, call, f"ring of {profile.attempts} in follow-up {one.owed.id}")
    silent = [call for call in calls if not call.rung]
    for call in silent[profile.unrung_attempts :]:
        yield _violation(Rule.TOO_MANY, call, f"no phone rang {profile.unrung_attempts} times before")
    for n, (last, call) in enumerate(pairwise(calls), start=1):
        yield from _next(profile, calls[:n], last, call)
    if calls and calls[-1].wish is not None and one.owed.number not in barred:
        yield from _left(profile, one, calls, end)


def _next(profile: Profile, before: Sequence[Call], last: Call, call: Call) -> Iterator[Violation]:
    """A call against the one before it and what its result asks for."""
    rule = profile.after[last.disposition]
    wish = last.wish if rule.then in ("appoint", "agreed") else None
    if wish is not None:
        if call.agreed is None or call.agreed < wish or call.at < call.agreed:
            yield _violation(Rule.UNKEPT, call, f"wished for {wish}")
    elif rule.then in ("close", "agreed"):
        yield _violation(Rule.AFTER_END, call, f"after {last.disposition}")
    else:
        yield from _spacing(profile, before, last, call)


def _spacing(profile: Profile, before: Sequence[Call], last: Call, call: Call) -> Iterator[Violation]:
    """Least spacing, doubled after calls in a row that rang no phone; another part of the day (D2)."""
    rule = profile.after[last.disposition]
    in_a_row = 0
    for one in reversed(before):
        if one.rung:
            break
        in_a_row += 1
    wait_s = rule.wait_s * 2 ** min(max(in_a_row - 1, 0), MOST_DOUBLINGS)
    if (call.at - last.until).total_seconds() < min(wait_s, HURRIED_S):
        yield _violation(Rule.TOO_SOON, call, f"after {last.until}")
    rang = {_part(profile, one.at) for one in before if one.rung and _is_open(profile, one.at)}
    if rule.other_part and profile.parts and _part(profile, call.at) in rang:
        yield _violation(Rule.SAME_PART, call, _part(profile, call.at)[1])


def _left(profile: Profile, one: FollowUp, calls: Sequence[Call], end: datetime) -> Iterator[Violation]:
    """An appointment that nobody called, though a ring was left and its time is long over (D6)."""
    last = calls[-1]
    rings = sum(call.rung for call in calls)
    over = last.wish is not None and last.wish + GRACE < end
    if over and rings < profile.attempts and one.step.disposition != "do_not_call":
        yield _violation(Rule.UNKEPT, last, f"wished for {last.wish}, never called")


def _too_often(profile: Profile, calls: Iterable[Call]) -> Iterator[Violation]:
    """More rings of a number in a day than its cap, over all follow-ups; appointments are kept (D2, D6)."""
    rings: Counter[tuple[str, date]] = Counter()
    for call in calls:
        key = call.number, call.at.astimezone(SHANGHAI).date()
        if call.agreed is None and rings[key] >= profile.per_number_day:
            yield _violation(Rule.TOO_OFTEN, call)
        rings[key] += call.rung


def _overtaken(calls: Sequence[Call]) -> Iterator[Violation]:
    """Ordinary calls that began while an appointment was due and its number free (D6)."""
    ordinary = [call.at for call in calls if call.agreed is None]
    free: dict[str, datetime] = {}
    for call in calls:
        if call.agreed is not None:
            since = max(call.agreed, free.get(call.number, call.agreed))
            if bisect_left(ordinary, call.at) > bisect_right(ordinary, since):
                yield _violation(Rule.OVERTAKEN, call, f"due since {since}")
        free[call.number] = call.until


def _of_line(pace: Pace, calls: Sequence[Call]) -> Iterator[Violation]:
    """Calls at once, and the gap between their beginnings."""
    for last, call in pairwise(calls):
        if call.at - last.at < pace.gap:
            yield _violation(Rule.PACE, call)
    moments = sorted([(call.at, 1) for call in calls] + [(call.until, -1) for call in calls])
    live = 0
    for at, change in moments:
        live += change
        if live > pace.channels:
            yield Violation(Rule.CHANNELS, "", at, f"{live} of {pace.channels}")


def _recused(population: Population, follow_ups: Iterable[FollowUp]) -> Iterator[Violation]:
    """Who answers for a call that is none of theirs to make (A1)."""
    customers = {one.id: one for one in population.customers}
    for one in follow_ups:
        customer, who = customers[one.owed.customer_id], one.owed.responsible
        own = (customer.manager, customer.introducer, customer.opened_by, customer.signed_by)
        if not who or who in own:
            what = f"follow-up {one.owed.id}: {who or 'nobody'} answers for customer {customer.id}"
            yield Violation(Rule.RECUSED, one.owed.number, None, what)


def _violation(rule: Rule, call: Call, what: str = "") -> Violation:
    return Violation(rule, call.number, call.at, f"follow-up {call.follow_up_id} {what}".strip())
