"""An item of the desk: taken, read along by its script, written down (R1, C1), changes asked for (C3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from base.errors import InputError
from office import desk as working
from office.desk import Lacking
from plans.paperwork import Way
from plans.worth import Done
from qa.asking import one_of
from qa.filling import Filled, filled, keep_files, moment, number
from qa.guarding import console_of, user_of
from qa.noting import note
from qa.showing import back_to, page
from records import attachments, complaints, contact_changes, desk, desk_records, person_calls
from records.contact_changes import Change, What
from records.desk import Item
from records.desk_records import PHONE, Record
from records.handed import Result
from records.model import Kind
from records.users import Role

router = APIRouter(prefix="/desk/{item}")

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
WAYS = (PHONE, *(one.value for one in Way))


@router.get("")
async def show(request: Request, item: Id) -> Response:
    """All that is known of it, and what is to be filled in by whoever has it."""
    found = await _item(request, item)
    await note(request, "looked", "desk", str(item), {})
    return await _page(request, found)


@router.post("/claim")
async def claim(request: Request, item: Id) -> Response:
    """Take it."""
    user = user_of(request)
    try:
        over = Role.HEAD in user.roles
        await working.take(console_of(request).place, item, user.number, user.branch, over=over)
    except InputError as error:
        return await _page(request, await _item(request, item), why=[str(error)])
    return back_to(f"/desk/{item}")


@router.post("/give-back")
async def give_back(request: Request, item: Id) -> Response:
    """Lay it back."""
    console = console_of(request)
    found = await _item(request, item)
    try:
        await desk.give_back(console.database, found.id, user_of(request).number, console.now())
    except InputError as error:
        return await _page(request, found, why=[str(error)])
    return back_to("/desk", "said.desk_given_back")


@router.post("/record")
async def record(request: Request, item: Id) -> Response:
    """Keep what was done, and end it."""
    console, user = console_of(request), user_of(request)
    found = await _item(request, item)
    form = await filled(request)
    try:
        desk.require_claimed(found, user.number)
        await keep_files(request, form, "item", item)
        along = await working.read_along(console.place, found)
        answers = form.below("answer.")
        missing = along.missing(answers) if along else ()
        written = _record(request, found, form)
        if along:
            written = replace(written, answers=along.answered(answers))
        done = await _done(request, found, written, not missing, bool(form["weighty"]))
        await working.finish(console.place, found, written, done, user.branch)
    except Lacking as error:
        return await _page(request, found, form.texts, lacks=error.lacks, missing=missing)
    except InputError as error:
        return await _page(request, found, form.texts, why=[str(error)])
    return back_to("/desk", "said.desk_done")


@router.post("/call")
async def call(request: Request, item: Id) -> Response:
    """Ask for a call: the own telephone rings, then the customer's."""
    console, user = console_of(request), user_of(request)
    found = await _item(request, item)
    try:
        await person_calls.ask(console.database, item, user.number, user.branch, console.now())
    except InputError as error:
        return await _page(request, found, why=[str(error)])
    return back_to(f"/desk/{item}")


@router.get("/call")
async def called(request: Request, item: Id) -> Response:
    """How far the call has come: a part of the page, which asks for itself while it lasts."""
    found = await _item(request, item)
    last = await person_calls.of_item(console_of(request).database, item, console_of(request).now())
    return page(request, "_person_call.html", item=found, last=last)


@router.post("/changes")
async def change(request: Request, item: Id) -> Response:
    """Ask the business process for another number or address (C3)."""
    console, user = console_of(request), user_of(request)
    found = await _item(request, item)
    form = await filled(request)
    try:
        desk.require_claimed(found, user.number)
        await keep_files(request, form, "item", item)
        what, call = one_of(What, form["what"]), number(form["call"])
        files = await attachments.of_object(console.database, "item", item)
        proof = next((one.sha256 for one in reversed(files) if one.is_sound), "")
        if call is not None and not await _proves(request, found, call):
            raise InputError("was no recorded call to this customer (C3)", where=str(call))
        asked = Change(
            *(0, found.customer.id, what or What.PHONE, form["wanted"], item, call, proof),
            *(console.now(), user.number),
            words=form["words"],
        )
        await contact_changes.ask(console.database, asked)
    except InputError as error:
        return await _page(request, found, form.texts, why=[str(error)])
    return back_to(f"/desk/{item}", "said.change_asked")


def _record(request: Request, item: Item, form: Filled) -> Record:
    console = console_of(request)
    result, kind = one_of(Result, form["result"]), one_of(Kind, form["kind"])
    if result is None or form["way"] not in WAYS:
        raise InputError("lacks how it was done, or how it ended", where="the record")
    return Record(
        at=moment(form["at"], console.now()),
        by=user_of(request).number,
        kind=item.kind or kind or Kind.SPECIAL,
        way=form["way"],
        purpose=form["purpose"],
        content=form["content"],
        problem=form["problem"],
        result=result,
        owner=bool(form["owner"]),
        second=form["second"],
        call=number(form["call"]),
    )


async def _done(request: Request, item: Item, written: Record, answered: bool, weighty: bool) -> Done:
    """What it is worth follows from what is there, not from what somebody says."""
    files = await attachments.of_object(console_of(request).database, "item", item.id)
    recorded = written.call is not None and await _proves(request, item, written.call)
    return Done(
        way=None if written.way == PHONE else Way(written.way),
        owner=written.owner,
        answered=answered,
        sound=recorded or any(one.is_sound for one in files),
        proof=any(not one.is_sound for one in files),
        staff=2 if written.second and written.second != written.by else 1,
        weighty=weighty,
    )


async def _proves(request: Request, item: Item, call: int) -> bool:
    return await desk_records.has_recording(console_of(request).database, call, item.customer.id)


async def _item(request: Request, item: int) -> Item:
    return await desk.get(console_of(request).database, item, user_of(request).branch)


async def _page(
    request: Request,
    item: Item,
    entered: Mapping[str, str] | None = None,
    *,
    why: Sequence[str] = (),
    lacks: Sequence[str] = (),
    missing: Sequence[str] = (),
) -> Response:
    console, number = console_of(request), user_of(request).number
    db = console.database
    mine = item.done_at is None and item.claimed_by == number
    return page(
        request,
        "desk_item.html",
        400 if why or lacks else 200,
        aim=working.aims(console.place, [item]).get(item.id),
        **{"item": item, "mine": mine, "taken": desk.is_taken(item, console.now()), "now": console.now()},
        **{"may_take": await working.may_take(console.place, item, number), "today": console.now().date()},
        **{"along": await working.read_along(console.place, item) if mine else None},
        **{"why": why, "lacks": lacks, "missing": missing, "entered": entered or {}},
        **{"last": await person_calls.of_item(db, item.id, console.now())},
        **{"files": await attachments.of_object(db, "item", item.id)},
        **{"records": await desk_records.of_customer(db, item.customer.id)},
        **{"complaints": await complaints.of_customer(db, item.customer.id)},
        **{"changes": await contact_changes.listed(db, customer_id=item.customer.id)},
        **{"ways": WAYS, "results": list(Result), "kinds": list(Kind), "whats": list(What)},
    )
