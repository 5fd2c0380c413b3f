"""Worksheets: written from what is owed, decided by others, filed when they are done (P8, W1, W2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from base.errors import InputError
from dialer.profile import Profile
from office.place import Place
from plans.approving import involvement, refusal
from plans.avoidance import involved
from plans.duties import Duty
from plans.elsewhere import Route, route_of
from plans.owing import key_of
from plans.sheets import Draft, drafts
from records import customer_events, facts, obligations, recordings, staff, worksheets
from records.model import Kind
from records.obligations import Due
from records.people import Event
from records.planned import Executor, Obligation, SheetState, Worksheet
from records.worksheets import SheetItem


class Method(StrEnum):
    """How customers are followed up, as the form names it (W1)."""

    PHONE = "电话"
    BY_HAND = "人工电话"
    """A person calls, with a recorder of their own (D5)."""
    EMAIL = "电子邮件"
    LETTER = "信函"
    VISIT = "面访"
    OTHER = "其他"


_EVENT = "event "


@dataclass(frozen=True, slots=True)
class Wish:
    """Which of what is owed goes onto worksheets, and what these say.

    Attributes:
        by: only what has its last day by then.
        route: what the machine calls, or what is left to persons (A4, D2).
        profile: by name. prefix: of the numbers; a running one follows.
        ends_on: None: the last day of what is on it, never before it starts.
    """

    staff: Mapping[Executor, Sequence[str]]
    made_by: str
    profile: str
    prefix: str
    branch: str | None = None
    kinds: tuple[Kind, ...] = ()
    duties: tuple[str, ...] = ()
    by: date | None = None
    route: Route = Route.CALL
    purpose: str = ""
    content: str = ""
    method: str = Method.PHONE.value
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a wish: the drafts, and the obligations that nobody who was named may do (A1)."""

    sheets: tuple[Worksheet, ...]
    nobody: int
    needed: tuple[Executor, ...]


async def make(site: Place, profile: Profile, wish: Wish) -> Made:
    """Write worksheets, as drafts, for what is owed and on none yet.

    Raises:
        InputError: nothing of that is due, or persons would call by the machine.
    """
    db = site.database
    if wish.route is Route.PERSON and wish.method == Method.PHONE:
        raise InputError(
            f"by {wish.method} the machine would call them again", remedy="name another --method"
        )
    await obligations.free(db)
    found = await obligations.due(
        db, on=site.now().date(), by=wish.by, branch=wish.branch, kinds=wish.kinds, duties=wish.duties
    )
    chosen = [one for one in found if route_of(one.tried, no_notice=one.no_notice) is wish.route]
    if not chosen:
        raise InputError("nothing of that is due and on no worksheet", remedy="see `huifang plan due`")
    by_key = {key_of(one.owed): one for one in chosen}
    await staff.require(db, [number for numbers in wish.staff.values() for number in numbers])
    named = await staff.known(db, [number for numbers in wish.staff.values() for number in numbers])
    people = {who: [named[number] for number in numbers] for who, numbers in wish.staff.items()}
    made = drafts(_by_branch(chosen), profile.duties, profile.merge, await _kept_away(site, chosen), people)
    members = await _members(site)
    sheets = []
    for draft in made.sheets:
        due = [by_key[key_of(one)] for one in draft.owed]
        sheets.append(await _write(site, profile, wish, draft, due, members))
    nobody = sum(len(owed) for _, owed in made.nobody)
    return Made(tuple(sheets), nobody, tuple({task.executor: None for task, _ in made.nobody}))


async def submit(site: Place, number: str, by: str) -> Worksheet:
    """Hand a draft to whoever approves (P8)."""
    return await worksheets.decide(site.database, number, SheetState.SUBMITTED, by, site.now())


async def approve(site: Place, number: str, by: str) -> Worksheet:
    """Approve a worksheet that somebody else submitted and answers for (P8, A1).

    Raises:
        InputError: there is none, it wasn't submitted, or this person may not.
    """
    await _require_other(site, number, by)
    return await worksheets.decide(site.database, number, SheetState.APPROVED, by, site.now())


async def reject(site: Place, number: str, by: str, why: str) -> Worksheet:
    """Reject one; what it planned is free for another.

    Raises:
        InputError: as for `approve`.
    """
    await _require_other(site, number, by)
    return await worksheets.decide(site.database, number, SheetState.REJECTED, by, site.now(), why)


async def record(
    site: Place,
    number: str,
    ids: Sequence[int],
    by: str,
    result: str,
    on: date,
    recording: int | None = None,
    *,
    over: bool = False,
) -> int:
    """File what persons did without calls of ours: by a call of their own, a visit, a letter, an e-mail (C1).

    `recording`: of a call, made elsewhere and taken in: without one it is no valid follow-up (P9, D5).
    `over`: in place of the responsible person (the head and compliance may).

    Raises:
        InputError: the sheet isn't approved, is the machine's, has not all of these, or A1 is against it;
            somebody else is responsible; a call has no recording, or another way has one.
    """
    sheet = await worksheets.get(site.database, number)
    if sheet.state is not SheetState.APPROVED or sheet.method == Method.PHONE:
        raise InputError("is no approved worksheet for persons", where=number)
    if (sheet.method == Method.BY_HAND) != (recording is not None):
        remedy = "`huifang transcribe` takes recordings in; name it with --recording ID"
        raise InputError(
            f"a recording belongs to {Method.BY_HAND}, and to nothing else", where=number, remedy=remedy
        )
    sound = f" R{(await recordings.by_id(site.database, recording)).id}" if recording is not None else ""
    items = {one.obligation_id: one for one in await worksheets.items(site.database, number)}
    strangers = [id_ for id_ in ids if id_ not in items]
    if strangers:
        raise InputError(f"has no item {strangers[0]}", where=number, remedy="`plan sheet show` lists them")
    if on > site.now().date():
        raise InputError(f"{on} is still to come", where="--on")
    away = await kept_away(site, _occasions(items[id_] for id_ in ids))
    refused = involvement((await staff.known(site.database, [by]))[by], away.values())
    if refused:
        raise InputError(refused, where=number, remedy="name somebody else with --as")
    if by != sheet.responsible and not over:
        remedy = f"{sheet.responsible} files it; in the console the head or compliance may, too"
        raise InputError(f"{by} is not responsible for it (A6)", where=number, remedy=remedy)
    what = f"{sheet.method} {by}{sound}: {result}"
    return await obligations.complete_otherwise(
        site.database, ids, what, on, sheet=number, by=by, now=site.now()
    )


async def objection(site: Place, number: str, by: str) -> str:
    """Why somebody may not approve or reject a worksheet that was submitted; "" where they may (P8, A1).

    Raises:
        InputError: there is none.
    """
    db = site.database
    sheet = await worksheets.get(db, number)
    items = await worksheets.items(db, number)
    away = await kept_away(site, _occasions(items))
    who = (await staff.known(db, [by]))[by]
    written, *_ = await worksheets.decisions(db, number)
    return refusal(sheet, written.by, who, away.values())


async def _require_other(site: Place, number: str, by: str) -> None:
    """Raises InputError for whoever has a hand in it or is involved with its customers (P8, A1)."""
    if refused := await objection(site, number, by):
        raise InputError(refused, where=number, remedy="somebody else decides")


async def _write(
    site: Place,
    profile: Profile,
    wish: Wish,
    draft: Draft,
    due: Sequence[Due],
    members: Mapping[str, int],
) -> Worksheet:
    """`members`: of each pool, so that the form can tell which part of it is on the sheet (W1 比例)."""
    task, owed = draft.task, draft.owed
    starts = wish.starts_on or site.now().date()
    sheet = Worksheet(
        number=await worksheets.next_number(site.database, wish.prefix),
        branch=task.branch,
        check=task.check,
        kind=task.kind,
        type_=task.type_,
        count=len({one.customer_id for one in owed}),
        share=min(1.0, len(owed) / sum(members[pool] for pool in {one.pool for one in owed})),
        purpose=wish.purpose or _purpose(profile.duties, owed[0].duty, task.type_),
        content=wish.content or f"话术 {task.script}",
        method=wish.method,
        starts_on=starts,
        ends_on=wish.ends_on or max(starts, *(one.due_by for one in owed)),
        responsible=draft.responsible.number,
        state=SheetState.DRAFT,
        script=task.script,
        profile=wish.profile,
    )
    await worksheets.create(site.database, sheet, [one.id for one in due], wish.made_by, site.now())
    return sheet


def _purpose(duties: Mapping[str, Duty], duty: str, type_: str) -> str:
    says = duties[duty].says if duty in duties else ""
    return says or f"{type_}回访"


async def _members(site: Place) -> dict[str, int]:
    """How many each pool has: those that a sample was drawn from, else all obligations."""
    sizes = await obligations.sizes(site.database)
    counted = await obligations.tallies(site.database, site.now().date())
    return {one.pool: sizes[one.pool][0] if one.pool in sizes else one.due for one in counted}


def _by_branch(due: Iterable[Due]) -> dict[str, list[Obligation]]:
    found: dict[str, list[Obligation]] = defaultdict(list)
    for one in due:
        found[one.branch].append(one.owed)
    return found


async def _kept_away(site: Place, due: Iterable[Due]) -> dict[int, frozenset[str]]:
    occasions: dict[int, list[str]] = defaultdict(list)
    for one in due:
        occasions[one.owed.customer_id].append(one.owed.occasion)
    return await kept_away(site, occasions)


def _occasions(items: Iterable[SheetItem]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for one in items:
        found[one.customer_id].append(one.occasion)
    return found


async def kept_away(site: Place, occasions: Mapping[int, Sequence[str]]) -> dict[int, frozenset[str]]:
    """By customer, who keeps away from them, the events that they are called for considered (A1)."""
    ids = sorted(
        {
            int(one.removeprefix(_EVENT))
            for theirs in occasions.values()
            for one in theirs
            if one.startswith(_EVENT)
        }
    )
    happened: dict[int, list[Event]] = defaultdict(list)
    for event in await customer_events.events_of_ids(site.database, ids):
        happened[event.customer_id].append(event)
    known = await facts.facts_of(site.database, sorted(occasions))
    return {id_: involved(one, happened[id_]) for id_, one in known.items()}
