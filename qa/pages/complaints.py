"""Complaints and opinions: registered, brought on until the customer is content (Q4, Q7, Q8, S15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from base.errors import IllegalTransition, InputError
from office import desk as working
from papers.words import NOTES
from plans.complaints import last_days, next_due
from qa.asking import SIZE, day, one_of, page_asked, paging
from qa.filling import Filled, filled, keep_files, moment, number
from qa.guarding import console_of, user_of
from qa.noting import note
from qa.pages.desk_item import WAYS
from qa.showing import back_to, page
from records import attachments, calls, complaining, complaints, customers
from records.complaining import Complaint, Did, Sort, Step
from records.complaints import Course
from records.model import Customer

router = APIRouter(prefix="/desk/complaints")

Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("")
async def listed(request: Request) -> Response:
    """Open ones, late before all; what customers raised in calls is among them (S15)."""
    console, user, said = console_of(request), user_of(request), dict(request.query_params)
    await complaints.take_in(console.database, NOTES, console.now(), _due(request))
    closed, shown = bool(said.get("closed")), page_asked(said)
    today = console.now().date()
    found = await complaints.listed(console.database, today, shown, branch=user.branch, closed=closed)
    beside = paging("/desk/complaints", said, found.total, SIZE)
    return page(request, "complaints.html", listed=found, closed=closed, paging=beside, today=today)


@router.get("/new")
async def new(request: Request, call: str = "") -> Response:
    """The form; from a call with what is known of it."""
    try:
        called = number(call)
        caller = await _caller(request, called)
    except InputError as error:
        return _form(request, {}, str(error))
    if called is None or caller is None:
        return _form(request, {})
    console = console_of(request)
    ended = (await calls.call_of(console.database, called, console.now().date())).ended_at or console.now()
    known = {"call": call, "person": caller.name, "way": "call", "raised_at": f"{ended:%Y-%m-%dT%H:%M}"}
    return _form(request, known)


@router.post("")
async def register(request: Request) -> Response:
    """Register one."""
    console, user = console_of(request), user_of(request)
    form = await filled(request)
    try:
        complaint = await _complaint(request, form)
        id_ = await complaints.add(console.database, complaint, user.number, console.now(), _due(request))
    except InputError as error:
        return _form(request, form.texts, str(error))
    return back_to(f"/desk/complaints/{id_}", "said.complaint_registered")


@router.get("/{complaint}")
async def show(request: Request, complaint: Id) -> Response:
    """One, with what was done and what comes next."""
    shown = await _page(request, complaint)
    await note(request, "looked", "complaint", str(complaint), {})
    return shown


@router.post("/{complaint}/steps")
async def step(request: Request, complaint: Id) -> Response:
    """Bring it on; who introduced or manages the customer does not (A1)."""
    console, user = console_of(request), user_of(request)
    form = await filled(request)
    course = await complaints.get(console.database, complaint, user.branch)
    try:
        await _require_other(request, course, form)
        await keep_files(request, form, "complaint", complaint)
        did = _did(request, form)
        await complaints.step(console.database, complaint, did, user.branch, _due(request))
    except (InputError, IllegalTransition) as error:
        return await _page(request, complaint, form.texts, str(error))
    return back_to(f"/desk/complaints/{complaint}", "said.changed")


def _due(request: Request) -> complaints.Due:
    """By the clocks of the usual profile: complaints come by other ways than campaigns, too."""
    place = console_of(request).place
    profile = place.profile(working.USUAL)
    return lambda complaint: next_due(complaint, profile.clocks, profile.calendar)


def _did(request: Request, form: Filled) -> Did:
    console = console_of(request)
    step = one_of(Step, form["step"])
    if step is None:
        raise InputError("is missing", where="the step")
    return Did(
        *(step, console.now(), user_of(request).number, form["words"], form["department"], form["measure"]),
        *(day(form["promised_on"]), form["outcome"], form["cause"], form["prevention"]),
    )


async def _complaint(request: Request, form: Filled) -> Complaint:
    console, user = console_of(request), user_of(request)
    customer = await _customer(request, form)
    return Complaint(
        id=0,
        customer_id=customer.id if customer else None,
        person=form["person"] or (customer.name if customer else ""),
        phone=customer.phone if customer else form["phone"],
        branch=customer.branch if customer else user.branch,
        sort=one_of(Sort, form["sort"]) or Sort.COMPLAINT,
        raised_at=moment(form["raised_at"], console.now()),
        way=form["way"] if form["way"] in (*WAYS, "call") else "phone",
        matter=form["matter"],
        type=form["type"],
        department=form["department"],
        call=number(form["call"]),
    )


async def _customer(request: Request, form: Filled) -> Customer | None:
    """Of the call that it came from, else who is named by account or number, else whose the telephone is.

    None: nobody that is kept.
    """
    caller = await _caller(request, number(form["call"]))
    said = form["customer"] or form["phone"]
    if caller is not None or not said:
        return caller
    found = await customers.named(console_of(request).database, said, user_of(request).branch)
    if len(found) != 1 and not form["customer"]:
        return None
    if len(found) != 1:
        what = "there is no such customer, or several"
        raise InputError(what, where=form["customer"], remedy="name the account")
    return found[0]


async def _caller(request: Request, call: int | None) -> Customer | None:
    if call is None:
        return None
    found = await customers.of_call(console_of(request).database, call)
    branch = user_of(request).branch
    if found is None or (branch and found.branch != branch):
        raise InputError("there is no such call", where=str(call))
    return found


async def _require_other(request: Request, course: Course, form: Filled) -> None:
    """A1; of whom nobody knows whose customer they are, whoever registered it does not close it."""
    place, by, customer = console_of(request).place, user_of(request).number, course.complaint.customer_id
    if customer is not None and await working.keeps_away(place, customer, None, by):
        raise InputError("keeps away from this customer (A1)", where=by)
    if customer is None and form["step"] == Step.CONTENT and by == course.steps[0].by:
        raise InputError("registered it for no known customer: somebody else closes it (A1)", where=by)


def _form(request: Request, entered: Mapping[str, str], why: str = "") -> Response:
    values = {"entered": entered, "ways": ("call", *WAYS), "sorts": list(Sort)}
    return page(request, "complaint_new.html", 400 if why else 200, why=why, **values)


async def _page(
    request: Request, id_: int, entered: Mapping[str, str] | None = None, why: str = ""
) -> Response:
    console = console_of(request)
    profile = console.place.profile(working.USUAL)
    course = await complaints.get(console.database, id_, user_of(request).branch)
    steps = [(one, complaining.needed(one)) for one in complaining.next_steps(course.complaint)]
    today: date = console.now().date()
    return page(
        request,
        "complaint.html",
        400 if why else 200,
        **{"course": course, "one": course.complaint, "ahead": steps, "why": why, "entered": entered or {}},
        **{"clocks": last_days(course.complaint, profile.clocks, profile.calendar), "today": today},
        **{"files": await attachments.of_object(console.database, "complaint", id_)},
    )
