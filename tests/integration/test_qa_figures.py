"""Leads and violations by branch, manager, adviser, month; as a file (Q5, Q10, C4)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from records import audit, findings, ledger, schema, scores, transcripts
from records.audit import Asked
from records.database import Database
from records.findings import Findings, Span, Whose
from records.post_call import Flag, Transcript
from records.scored import FiledCard, NewScore, Violation
from records.users import Role
from tests.console_kit import BRANCH, Desk, desk
from tests.records_kit import NOW, Where, dialed, execute, opened, person, said, started, talk

LAST_MONTH = NOW - timedelta(days=10)
THIS = Span(date(2026, 3, 1), date(2026, 3, 31))
CARD = FiledCard("follow_up", "1", "a" * 64, {})
PEOPLE = (("李经理", "", "A1"), ("李经理", "", ""), ("王经理", "M2", "A1"), ("王经理", "M2", ""))
"""Manager by name, by number, and the adviser, of customers 1 to 4."""


def _flag(severity: str, tier: str = "certain") -> Flag:
    return Flag(
        *("sharing", "1", "分成", severity, "customer", 2.0, 3.6, "三七分成", 0.9, tier, "affirmed"), "命中"
    )


async def _fill(db: Database) -> None:
    """Calls 1 to 4 in March and 5 in February, to customer 1 of another campaign."""
    campaign = await started(db, [person(n) for n in range(1, 5)])
    flags = [(_flag("high"), _flag("low")), (), (_flag("medium"),), (_flag("high", "faint"), _flag("credit"))]
    for n, found in enumerate(flags, start=1):
        claim = await dialed(db, campaign)
        await ledger.close(db, talk(claim), NOW)
        await transcripts.save(db, Transcript(n, "test", "a" * 64, (said("三七分成"),), found), NOW)
    before = await started(db, [person(1)], name="二月", due_at=LAST_MONTH)
    claim = await dialed(db, before, LAST_MONTH)
    await ledger.close(db, talk(claim, at=LAST_MONTH), LAST_MONTH)
    customer, case = schema.customer, schema.review_case
    for n, (manager, number, adviser) in enumerate(PEOPLE, start=1):
        values = {"manager": manager, "manager_no": number, "signed_by": adviser}
        await execute(db, sa.update(customer).where(customer.c.id == n).values(values))
    await execute(db, sa.update(customer).where(customer.c.id == 4).values(branch="杭州营业部"))
    same = {"severity": "high", "raised_at": NOW, "opened_at": NOW, "closed_at": NOW}
    grades = ({"attempt_id": 1, "grade": "violation"}, {"attempt_id": 3, "grade": "general"})
    await execute(db, *(sa.insert(case).values(**same, **one) for one in grades))
    score = NewScore(2, None, {}, 90, True, Violation.YES, "", "1001", NOW)
    await scores.give(db, score, CARD)


@pytest.fixture
async def filled(tmp_path: Path) -> AsyncIterator[Desk]:
    """A console over these calls."""
    async with desk(tmp_path) as console:
        await _fill(console.database)
        yield console


async def test_findings_are_counted_by_whom_they_concern(store: Where) -> None:
    async with opened(store) as db:
        await _fill(db)
        assert await findings.by(db, Whose.BRANCH, THIS) == [
            Findings(BRANCH, 3, 2, high=1, medium=1, low=1, general=1, violations=1, spotted=1),
            Findings("杭州营业部", 1),
        ]
        assert await findings.by(db, Whose.MANAGER, THIS) == [
            Findings("M2", 2, 1, medium=1, general=1),
            Findings("李经理", 2, 1, high=1, low=1, violations=1, spotted=1),
        ]
        assert await findings.by(db, Whose.ADVISER, THIS) == [
            Findings("A1", 2, 2, high=1, medium=1, low=1, general=1, violations=1)
        ]
        months = await findings.by_month(db, Span(date(2026, 1, 15), date(2026, 3, 31)))
        assert [(one.name, one.calls, one.violations) for one in months] == [
            ("2026-01", 0, 0),
            ("2026-02", 1, 0),
            ("2026-03", 4, 1),
        ]


async def test_a_second_decision_counts_instead_of_the_first(filled: Desk) -> None:
    db = filled.database
    await scores.object_(db, 1, "1002", "没有违规", NOW)
    await scores.decide(db, 1, NewScore(2, None, {}, 100, True, Violation.NO, "", "1003", NOW), CARD)
    assert sum(one.spotted for one in await findings.by(db, Whose.BRANCH, THIS)) == 0


async def test_the_page_shows_the_gravest_first_with_a_chart(filled: Desk) -> None:
    browser = await filled.signed_in(Role.REVIEWER)
    page = (await browser.get("/review/figures?whose=manager")).text
    assert 'role="img"' in page
    table = page.split("<tbody>")[1]
    assert table.index("李经理") < table.index("M2")
    assert "2026-03" in page
    assert "/review/figures/file" not in page
    assert "M2" not in (await browser.get("/review/figures?whose=branch")).text


@pytest.mark.parametrize("query", ["since=2026-03-05&until=2026-03-01", "since=1999-01-01", "whose=nobody"])
async def test_what_cannot_be_asked_is_said(filled: Desk, query: str) -> None:
    answer = await (await filled.signed_in(Role.REVIEWER)).get(f"/review/figures?{query}")
    assert (answer.status_code, 'role="alert"' in answer.text) == (400, True)


async def test_c4_a_branch_counts_its_own(filled: Desk) -> None:
    ours = await filled.signed_in(Role.HEAD, branch=BRANCH)
    page = (await ours.get("/review/figures?branch=杭州营业部")).text
    assert BRANCH in page.split("<tbody>")[1]
    assert "杭州营业部" not in page.split("<tbody>")[1]


async def test_q10_all_of_it_is_a_file_and_on_the_trail(filled: Desk) -> None:
    head = await filled.signed_in(Role.HEAD)
    answer = await head.get("/review/figures/file?whose=manager&since=2026-02-01&until=2026-03-31")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert "示例证券线索与违规统计" in cells
    at = cells.index("李经理")
    assert cells[at + 1 : at + 4] == [3, 1, pytest.approx(1 / 3, abs=0.001)]
    assert "2026-02" in cells
    (row,) = await audit.listed(filled.database, Asked(what="exported"), 5)
    assert (row.act.who, row.act.kind, row.act.of) == ("head", "figures", "manager-2026-02-01-2026-03-31")
