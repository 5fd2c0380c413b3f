"""From rows to the outcomes that reports count (`papers.figures`). Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from base.clock import SHANGHAI
from papers.figures import RATED, Outcome, Problem
from papers.telling import second
from papers.words import NOTES, disposition
from papers.worksheet import People, named
from plans.paperwork import Grade, Way
from plans.words import GRADES, WAYS
from records.followed import Call, Followed, Found, Owed
from records.model import Kind
from records.planned import Settled

RATINGS = ("satisfied", "adviser_satisfied", "served", "pleased")
"""Questions of the shipped scripts by which customers rate people of the firm (S4, S10, S11, Q10)."""
COMPLETED = "completed"


def outcomes(found: Found, people: People) -> list[Outcome]:
    """Each obligation with what came of it, then each follow-up that nothing asked for, kind by kind (D7)."""
    carried = {one.id: one for one in found.followed}
    owed = [_owed(one, carried.get(one.follow_up_id or 0), people) for one in found.owed]
    asked = {one.follow_up_id for one in found.owed}
    beside = (one for one in found.followed if one.id not in asked)
    return [*owed, *(outcome for one in beside for outcome in _beside(one))]


def _owed(one: Owed, followed: Followed | None, people: People) -> Outcome:
    noticed = one.state == Settled.NOTICED.value
    by_person = one.why if one.state == COMPLETED else ""  # "面访 1001: ..."; "" of a call of ours
    base = _outcome(followed) if followed else _uncalled(one)
    return replace(
        base,
        id=one.id,
        person=named(one.responsible, people),
        kind=one.kind.value,
        due_by=one.due_by,
        closed_on=one.settled_on or base.closed_on,
        reached=one.reached or base.reached,
        completed=one.state == COMPLETED,
        informed=noticed,
        result=f"{WAYS[Way.SMS]}告知" if noticed else by_person or base.result,
        way=WAYS[Way.SMS] if noticed else by_person.partition(" ")[0] or base.way,
        customer_id=one.customer.id,
        occasion=one.occasion,
    )


def _uncalled(one: Owed) -> Outcome:
    who = one.customer
    return Outcome(
        *(one.id, 0, who.name, one.account, who.phone, who.branch, who.manager, "", one.kind.value, "")
    )


def _beside(one: Followed) -> Iterator[Outcome]:
    """One for each kind that a merged call carried."""
    base = _outcome(one)
    if one.kind is not Kind.MERGED or not one.kinds:
        yield base
        return
    done = {kind.kind for kind in one.kinds if kind.completed}
    for kind in dict.fromkeys(kind.kind for kind in one.kinds):
        yield replace(base, kind=kind, completed=kind in done)


def _outcome(one: Followed) -> Outcome:
    who = one.customer
    begun = [call.invited_at for call in one.calls if call.invited_at is not None]
    last = next(
        (call for call in reversed(one.calls) if call.recording), one.calls[-1] if one.calls else None
    )
    return Outcome(
        id=one.id,
        call=last.id if last else 0,
        customer=who.name,
        account=one.account,
        phone=who.phone,
        branch=who.branch,
        manager=who.manager,
        person="",
        kind=one.kind.value,
        campaign=one.campaign,
        due_by=one.deadline.astimezone(SHANGHAI).date() if one.deadline else None,
        called_on=min(begun).date() if begun else None,
        closed_on=one.closed_at.date() if one.closed_at else None,
        reached=any(call.owner_confirmed for call in one.calls),
        completed=any(map(_is_valid, one.calls)),
        result=disposition(one.disposition or (last.disposition if last else "")),
        recording=last.recording if last else "",
        problems=tuple(_problems(one)),
        customer_id=who.id,
        ratings=tuple(value for question, value in one.answers if question in RATINGS and value in RATED),
    )


def _is_valid(call: Call) -> bool:
    """The owner, the mandatory questions, a recording (P9)."""
    return call.disposition == COMPLETED and call.owner_confirmed and bool(call.recording)


def _problems(one: Followed) -> Iterator[Problem]:
    for lead in one.leads:
        grade = GRADES[Grade(lead.grade)] if lead.grade else ""
        yield Problem(lead.category, lead.call, f"{second(lead.start_s)} {lead.text}", lead=True, grade=grade)
    for note in one.notes:
        yield Problem(NOTES.get(note.code, note.code), note.call, done=note.done)
