"""A paper as somebody asks for it by its kind; whose customers it tells of (C4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from base.errors import InputError
from dialer.profile import Profile
from office.place import Place
from office.profiles.telling import explained
from office.reports import customers, making
from office.reports.making import Made
from plans.paperwork import Grade, Level, ReportForm, Way
from plans.periods import Span
from plans.words import REPORTS
from records import call_list, customer_files, worksheets


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper.

    Attributes:
        rules: that ask for it.
        needs: what has to be said of it: fields of `Wanted`.
        whole: it tells telephone numbers whole (A5).
    """

    title: str
    rules: str
    needs: tuple[str, ...] = ("period", "branch")
    whole: bool = False


KINDS: Mapping[str, PaperKind] = {
    **{
        form.value: PaperKind(REPORTS[form], rules)
        for form, rules in {
            ReportForm.MONTHLY: "W4",
            ReportForm.SUMMARY: "W4",
            ReportForm.QUARTERLY: "W4 W5",
            ReportForm.YEARLY: "W4",
            ReportForm.UPLOAD: "W7",
            ReportForm.COMPLIANCE: "W6",
            ReportForm.VIOLATIONS: "W6",
            ReportForm.INSPECTION: "Q9",
            ReportForm.PLAN: "P11",
            ReportForm.CHECKS: "P11",
        }.items()
    },
    "worksheet": PaperKind("回访工作表、检查表", "W1 W2", ("number",)),
    "result": PaperKind("回访结果报告、检查结果报告", "W3", ("number", "grade", "words")),
    "record": PaperKind("回访记录表", "W5", ("call",), whole=True),
    "table": PaperKind("回访汇总表", "W5"),
    "core": PaperKind("核心客户档案", "W5", ("account",), whole=True),
    "visit": PaperKind("客户拜访记录表", "W5", ("account",)),
    "log": PaperKind("邮件、信函、短信、面访登记表", "C1", ("way", "period")),
    "appraisal": PaperKind("考核数据", "Q10"),
    "hand-over": PaperKind("专项回访记录移交单", "Q4", ("campaign", "department")),
    "profile": PaperKind("规则档", "", ()),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for.

    Attributes:
        kind: a key of KINDS.
        span: None for the last period that is over.
        branch: "" for all, where the form allows it.
        grade: of a result; None: as the cases of its calls say.
    """

    kind: str
    span: Span | None = None
    branch: str = ""
    number: str = ""
    grade: Grade | None = None
    words: str = ""
    call: int = 0
    account: str = ""
    campaign: str = ""
    department: str = ""
    way: Way = Way.SMS


async def make(site: Place, profile: Profile, wanted: Wanted) -> list[Made]:
    """The papers: one, or one for each receiver of a report.

    Raises:
        InputError: there is no such thing to tell of, or a branch's report names no branch.
    """
    span = wanted.span or making.last_month(site)
    match wanted.kind:
        case "worksheet":
            return await making.sheets(site, [wanted.number])
        case "result":
            return [await making.result_of(site, wanted.number, wanted.grade, wanted.words)]
        case "record":
            return await making.call_records(site, [wanted.call])
        case "table":
            return [await making.tables(site, span, wanted.branch)]
        case "core":
            return await customers.core_files(site, profile, [wanted.account], "")
        case "visit":
            return await customers.visit_sheets(site, profile, [wanted.account], weighty=False)
        case "log":
            return [await making.log(site, wanted.way, span, "", None)]
        case "appraisal":
            return [await making.appraised(site, span, wanted.branch)]
        case "profile":
            return [Made(explained(profile))]
        case "hand-over":
            return [await making.handed_over(site, profile, wanted.campaign, wanted.department, "", "")]
    form = ReportForm(wanted.kind)
    _require_branch(profile, form, wanted.branch)
    return await making.reports(
        site, profile, form, wanted.span, [wanted.branch] if wanted.branch else (), wanted.words
    )


async def branch_of(site: Place, profile: Profile, wanted: Wanted) -> str:
    """Whose customers the paper tells of: a branch; "" for several.

    Raises:
        InputError: there is no such thing to tell of.
    """
    match wanted.kind:
        case "worksheet" | "result":
            return (await worksheets.get(site.database, wanted.number)).branch
        case "record":
            return await call_list.branch_of(site.database, wanted.call) or ""
        case "core" | "visit":
            return (await customer_files.of(site.database, wanted.account)).line.branch
        case "table" | "appraisal" | "profile":
            return wanted.branch
        case "log" | "hand-over":
            return ""
    entries = making.entries_of(profile, ReportForm(wanted.kind))
    return wanted.branch if all(one.by is Level.BRANCH for _, one in entries) else ""


def _require_branch(profile: Profile, form: ReportForm, branch: str) -> None:
    by_branch = any(one.by is Level.BRANCH for _, one in making.entries_of(profile, form))
    if by_branch and not branch:
        raise InputError("is a report of each branch", where=REPORTS[form], remedy="name one")
