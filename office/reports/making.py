"""Papers of a site by kind: reports of a period, worksheets, results, appraisal, what is handed over.

Each function gives papers as values; `filed` puts them into the books and the signatures under them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypedDict

from base.clock import SHANGHAI
from base.errors import InputError
from dialer.profile import Profile
from office.place import Place
from office.reports import logs
from office.reports.gathering import outcomes
from office.reports.grading import judged
from papers import (
    appraisal,
    channels,
    due,
    handing_over,
    layout,
    monthly,
    records,
    result,
    signing,
    worksheet,
    yearly,
)
from papers.figures import Outcome
from papers.handing_over import Order
from papers.monthly import Reported
from papers.paper import Paper
from papers.result import Finding
from papers.stretches import last_before
from papers.worksheet import People
from plans.duties import Period
from plans.paperwork import Form, Grade, Level, Report, ReportForm, Role, Way, chain
from plans.periods import Span, last_day, span_of
from plans.sections import ClockName
from records import facts, filed_papers, followed, notices, worksheets
from records.filed_papers import Filed, Named
from records.model import Kind
from records.planned import Worksheet
from records.staff import staff_names
from records.written import record_of

PROGRAMMES = (ReportForm.PLAN, ReportForm.CHECKS)


@dataclass(frozen=True, slots=True)
class Made:
    """A paper, with what decides who may sign it.

    Attributes:
        report, branch, period: what it is in the calendar of reports: its entry in the profile.
        named: whom it names, and for what they were called (A1).
        attempt_id: the call whose record it is. done_by: who did what it tells of.
    """

    paper: Paper
    report: str = ""
    branch: str = ""
    period: str = ""
    named: Named = frozenset()
    attempt_id: int | None = None
    done_by: str = ""


async def reports(
    site: Place,
    profile: Profile,
    form: ReportForm,
    span: Span | None = None,
    branches: Sequence[str] = (),
    words: str = "",
) -> list[Made]:
    """A report as the profile asks for it, one for each branch or headquarters' one.

    `span`: None for the last period that is over.

    Raises:
        InputError: the profile asks for no such report, or a branch has no customers.
    """
    entries = entries_of(profile, form)
    known = await _branches(site, branches)
    made: list[Made] = []
    for nth, (name, entry) in enumerate(entries, 1):
        stretch = span or _usual(entry, site.now().date())
        if not entry.ahead:
            require_begun(stretch, site.now().date())
        whose = known if entry.by is Level.BRANCH else [""]
        number = nth if len(entries) > 1 else 0
        make = _programmes if form in PROGRAMMES else _of_period
        papers = await make(site, profile, name, stretch, whose, words, number)
        made += [Made(paper, name, branch, stretch.name, named_by(named)) for branch, paper, named in papers]
    return made


def entries_of(profile: Profile, form: ReportForm) -> list[tuple[str, Report]]:
    """The profile's reports of a form, by name.

    Raises:
        InputError: there is none.
    """
    found = [(name, one) for name, one in profile.reports.items() if one.form is form]
    if not found:
        known = ", ".join(sorted({one.form.value for one in profile.reports.values()}))
        raise InputError(
            f"asks for no {form.value} report, only for: {known}", where=f"profile {profile.name}"
        )
    return found


async def sheets(site: Place, numbers: Sequence[str]) -> list[Made]:
    """Worksheets (W1) and check sheets (W2) with the results so far.

    Raises:
        InputError: there is no such worksheet.
    """
    people, firm = await staff_names(site.database), site.firm
    made = []
    for number in numbers:
        sheet = await worksheets.get(site.database, number)
        listed = outcomes(await followed.of_sheet(site.database, number), people)
        made.append(Made(worksheet.worksheet(sheet, listed, firm, people), named=named_by(listed)))
    return made


async def result_of(
    site: Place, number: str, grade: Grade | None = None, words: str = "", handling: str = ""
) -> Made:
    """What a worksheet came to (W3), as people have graded its calls.

    Args:
        grade: what they found otherwise; None: what the cases of its calls say.
        words, handling: in place of what the cases say.

    Raises:
        InputError: there is no such worksheet, its profile cannot be used; or as `judged` has it.
    """
    people = await staff_names(site.database)
    sheet = await worksheets.get(site.database, number)
    found = await followed.of_sheet(site.database, number)
    listed = outcomes(found, people)
    known = await judged(site, number, found, people, grade)
    finding = replace(known, words=words or known.words, handling=handling or known.handling)
    form = Form.CHECK_RESULT if sheet.check else Form.RESULT
    roles = chain(site.profile(sheet.profile).signatures.values(), form, sheet.kind, finding.grade)
    paper = result.result(sheet, listed, _dated(finding, sheet, listed), site.firm, roles)
    return Made(paper, named=named_by(listed), done_by=sheet.responsible)


async def call_records(site: Place, ids: Iterable[int]) -> list[Made]:
    """Record sheets of calls (W5), signed by whom the profile of each names (R6).

    Raises:
        InputError: there is no such call.
    """
    made = []
    for id_ in ids:
        written = await record_of(site.database, id_, site.now().date())
        profile = site.profile(await followed.profile_of(site.database, id_))
        roles = chain(profile.signatures.values(), Form.RECORD, written.kind)
        account = await followed.account_of(site.database, written.customer.id)
        occasions, responsible = await followed.behind(site.database, id_)
        named = frozenset((written.customer.id, one) for one in occasions or ("",))
        paper = records.sheet(written, site.firm, roles, account)
        made.append(Made(paper, named=named, attempt_id=id_, done_by=responsible))
    return made


async def appraised(site: Place, span: Span, branch: str = "") -> Made:
    """Figures for appraisal (Q10), of a branch or of all."""
    today = site.now().date()
    require_begun(span, today)
    listed = _of(branch, await _outcomes(site, span))
    return Made(appraisal.appraisal(listed, site.firm, **_days(span, today)))


async def log(site: Place, way: Way, span: Span, keeper: str, path: Path | None) -> Made:
    """The log of another way (C1): what was sent for us, or what a table of people's own says.

    Raises:
        InputError: the table cannot be used.
    """
    today = site.now().date()
    require_begun(span, today)
    if path is None:
        days = span.first, span.last + timedelta(days=1)
        begin, end = (datetime.combine(day, time.min, SHANGHAI) for day in days)
        listed = logs.of_notices(await notices.sent(site.database, way.value, begin, end))
    else:
        listed = [one for one in logs.of_table(path) if span.first <= one.at.date() <= span.last]
    paper = channels.log(*(way, listed, site.firm), **_days(span, today), keeper=keeper)
    return Made(paper)


async def tables(site: Place, span: Span, branch: str = "") -> Made:
    """The summary table of a period (W5), of a branch or of all."""
    today = site.now().date()
    require_begun(span, today)
    listed = _of(branch, await _outcomes(site, span))
    return Made(records.summary(listed, site.firm, **_days(span, today)), named=named_by(listed))


async def handed_over(
    site: Place, profile: Profile, campaign: str, department: str, matter: str, number: str
) -> Made:
    """What is handed to whoever ordered a special follow-up, with the last day for it (Q4)."""
    found = await followed.of_campaign(site.database, campaign)
    listed = outcomes(found, await staff_names(site.database))
    if not listed:
        raise InputError("there is no such campaign, or nobody is in it", where=campaign)
    ended = ended_on(listed)
    clock = profile.clocks.get(ClockName.RECORDS)
    last = last_day(clock.within, ended, site.calendar()) if clock and ended else None
    order = Order(number or campaign, department, matter or campaign, ended, last)
    paper = handing_over.hand_over(order, listed, site.firm, site.now().date())
    # Whoever ordered it receives it, however interested they are: no occasion keeps them away.
    return Made(paper, named=frozenset((one, "") for one, _ in named_by(listed)))


def ended_on(listed: Sequence[Outcome]) -> date | None:
    """The last day of the work; None while some of it is open."""
    days = [one.closed_on for one in listed]
    return max(day for day in days if day) if all(days) else None


async def calendar(site: Place, profile: Profile, first: date, last: date) -> list[due.Due]:
    """What is due between two days, late ones on top."""
    branches = await _branches(site, ())
    listed = due.due(profile.reports, profile.clocks, branches, site.calendar(), first, last)
    handed = await filed_papers.handed(site.database)
    return due.in_order(due.with_handed(listed, handed), site.now().date())


async def filed(site: Place, made: Made, people: People) -> Paper:
    """The paper with the signatures that it has; the books keep its number, hash and chain (R6)."""
    paper = made.paper
    if not paper.number:
        return paper
    kept = Filed(
        *(paper.number, paper.title, layout.digest(paper), signing.chain_of(paper)),
        *(made.report, made.branch, made.period, site.now()),
        attempt_id=made.attempt_id,
        done_by=made.done_by,
    )
    return signing.signed(paper, await filed_papers.file(site.database, kept, made.named), people)


def named_by(listed: Iterable[Outcome]) -> Named:
    """Whom a paper names that lists these."""
    return frozenset((one.customer_id, one.occasion) for one in listed)


def require_begun(span: Span, today: date) -> None:
    """Raises InputError for a period that has not come yet: there is nothing to tell of it."""
    if span.first > today:
        raise InputError(f"begins on {span.first}: it has not come yet", where=f"--period {span.name}")


class _Days(TypedDict):
    period: str
    first: date
    last: date
    made_on: date


def _days(span: Span, today: date) -> _Days:
    return _Days(period=span.name, first=span.first, last=span.last, made_on=today)


def _usual(entry: Report, today: date) -> Span:
    """A plan is made for the year that it falls into, a report of the period that is over."""
    return span_of(entry.each, today) if entry.ahead else last_before(entry.each, today)


async def _branches(site: Place, wanted: Sequence[str]) -> list[str]:
    known = [one for one in await facts.branches(site.database) if one]
    for one in wanted:
        if one not in known:
            raise InputError(
                "has no customers", where=f"branch {one}", remedy=f"branches: {'、'.join(known)}"
            )
    return list(wanted) or known


async def _outcomes(site: Place, span: Span) -> list[Outcome]:
    found = await followed.within(site.database, span.first, span.last)
    return outcomes(found, await staff_names(site.database))


async def _of_period(
    site: Place, profile: Profile, name: str, span: Span, branches: Sequence[str], words: str, nth: int
) -> list[_Paper]:
    entry = profile.reports[name]
    listed = [
        one for one in await _outcomes(site, span) if Kind(one.kind) in (entry.kinds or (Kind(one.kind),))
    ]
    said = Reported(
        *(entry.form, site.firm, "", span.name, span.first, span.last, site.now().date(), listed),
        due_on=due.due_on(entry, profile.clocks, span, site.calendar()),
        to=entry.to,
        words=words,
        chain=_signers(profile),
        nth=nth,
    )
    theirs = ((branch, _of(branch, listed)) for branch in branches)
    return [
        (branch, monthly.report(replace(said, branch=branch, outcomes=some)), monthly.named(entry.form, some))
        for branch, some in theirs
    ]


async def _programmes(
    site: Place, profile: Profile, name: str, span: Span, branches: Sequence[str], _words: str, _nth: int
) -> list[_Paper]:
    entry, today = profile.reports[name], site.now().date()
    owed = await followed.owed_by_duty(site.database, span.first, span.last)
    duties = {
        key: duty
        for key, duty in profile.duties.items()
        if duty.each is not None and duty.kind in (entry.kinds or (duty.kind,))
    }

    def planned(branch: str) -> dict[str, yearly.Planned]:
        return {key: yearly.Planned(duty, *_summed(owed, key, branch)) for key, duty in duties.items()}

    firm, year, roles = site.firm, span.first.year, _signers(profile)
    return [
        (
            branch,
            yearly.programme(
                entry.form, planned(branch), firm, branch=branch, year=year, made_on=today, chain=roles
            ),
            (),
        )
        for branch in branches
    ]


_Paper = tuple[str, Paper, Sequence[Outcome]]
"""Of a branch, with those whom it names."""


def _summed(
    owed: Mapping[tuple[str, str], tuple[int, int]], duty: str, branch: str
) -> tuple[int, int] | tuple[None, None]:
    """Customers and follow-ups of a duty in one branch, or in all; None where nothing is owed yet."""
    found = [counts for (whose, name), counts in owed.items() if name == duty and branch in ("", whose)]
    return (sum(one for one, _ in found), sum(one for _, one in found)) if owed else (None, None)


def _of(branch: str, listed: Sequence[Outcome]) -> list[Outcome]:
    return [one for one in listed if branch in ("", one.branch)]


def _signers(profile: Profile) -> tuple[Role, ...]:
    return chain(profile.signatures.values(), Form.REPORT, Kind.PERIODIC)


def _dated(finding: Finding, sheet: Worksheet, listed: Sequence[Outcome]) -> Finding:
    """With the first and last day of the work where nobody has said them."""
    begun = [one.called_on for one in listed if one.called_on]
    return replace(
        finding,
        began_on=finding.began_on or (min(begun) if begun else sheet.starts_on),
        ended_on=finding.ended_on or ended_on(listed),
    )


def last_month(site: Place) -> Span:
    """The month that is over."""
    return last_before(Period.MONTH, site.now().date())
