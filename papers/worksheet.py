"""回访工作表 of a branch (W1, 附件1) and the check sheet of headquarters (W2, 附件2). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from papers import parts
from papers.figures import Outcome
from papers.paper import Fact, Firm, Paper, Signature
from plans.paperwork import Role
from plans.words import ROLES
from records.planned import Worksheet

TYPES = ("新开户", "定期-重点活跃", "定期-其他", "异常状况", "其他")
CHECK_TYPES = ("居间关系", "重点活跃", "其他")
METHODS = ("电话", "电子邮件", "信函", "面访", "其他")
_TICKED = {"人工电话": "电话"}
"""By which box a method goes that the form has none for."""
People = Mapping[str, str]
"""Names by staff number."""


def worksheet(sheet: Worksheet, listed: Sequence[Outcome], firm: Firm, people: People) -> Paper:
    """The form as it is approved before anybody is called, with the results once they are there."""
    title, annex, head = (
        ("客户回访检查表", "附件2", _check(sheet))
        if sheet.check
        else ("客户回访工作表", "附件1", _branch(sheet))
    )
    facts = (
        *head,
        Fact("目的", sheet.purpose, wide=True),
        Fact("内容", sheet.content, wide=True),
        Fact("方式", parts.ticked(METHODS, _TICKED.get(sheet.method, sheet.method)), wide=True),
        Fact("开始时间", parts.day(sheet.starts_on)),
        Fact("计划完成时间", parts.day(sheet.ends_on)),
    )
    return Paper(
        title=f"{firm.name}{title}",
        facts=facts,
        parts=(parts.customers(listed),),
        remarks=(f"审批意见：{sheet.why}",) if sheet.why else (),
        signatures=(
            _act(Role.SUBMITTER, sheet.submitted_by, sheet.submitted_at, people),
            _act(Role.APPROVER, sheet.approved_by, sheet.approved_at, people),
            _act(Role.RESPONSIBLE, sheet.responsible, None, people),
        ),
        number=sheet.number,
        annex=annex,
    )


def _branch(sheet: Worksheet) -> tuple[Fact, ...]:
    return (
        Fact("编号", sheet.number),
        Fact("营业部", sheet.branch),
        Fact("回访类型", parts.ticked(TYPES, sheet.type_), wide=True),
        Fact("数量", f"{sheet.count} 户"),
        Fact("比例", f"{sheet.share:.1%}"),
    )


def _check(sheet: Worksheet) -> tuple[Fact, ...]:
    return (
        Fact("编号", sheet.number),
        Fact("检查对象（营业部）", sheet.branch or "全辖"),
        Fact("类型", parts.ticked(CHECK_TYPES, sheet.type_), wide=True),
        Fact("数量", f"{sheet.count} 户"),
        Fact("占全辖比例", f"{sheet.share:.1%}"),
    )


def _act(role: Role, by: str, at: datetime | None, people: People) -> Signature:
    return Signature(ROLES[role], named(by, people), at)


def named(number: str, people: People) -> str:
    """Somebody of the firm, by name and staff number."""
    name = people.get(number, "")
    return f"{name}（{number}）" if name and name != number else number
