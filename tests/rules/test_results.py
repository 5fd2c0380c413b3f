"""What people's review of calls puts onto papers: results by grade and chain (W3), violations (W6)."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from huifang.site import open_site
from records import cases, schema, transcripts
from records.database import Database
from records.post_call import Transcript
from records.reviewed import Grade
from tests import papers_site
from tests.case_kit import FLAG, REVIEWER, RULES, WHO, claimed, doing, given
from tests.command_line import complaint, succeeds
from tests.papers_site import SHEET
from tests.records_kit import NOW


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("results") / "data"
    papers_site.make(data)
    asyncio.run(_flagged(data))
    return data


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


async def _flagged(data: Path) -> None:
    async with open_site(data) as site:
        await transcripts.save(site.database, Transcript(1, "test", "a" * 64, (), (FLAG,)), NOW)


def carried(data: Path, grade: Grade, *, through: bool = True) -> None:
    """Somebody grades call 1, and everybody in the chain of that grade does what is theirs."""

    async def work() -> None:
        async with open_site(data) as site:
            await _carry(site.database, grade, through)

    asyncio.run(work())


async def _carry(db: Database, grade: Grade, through: bool) -> None:
    case = await claimed(db, 1)
    case = await cases.do(db, case.id, doing(REVIEWER, given("grade.reviewer", grade.value)), NOW)
    while through and (step := RULES.standing(case).now) is not None:
        case = await cases.do(db, case.id, doing(WHO[step.role], given(step.key)), NOW)


def result(site: Path, *more: str) -> str:
    return succeeds("report", "result", SHEET, *more, "--data", site)


def test_w3_a_result_waits_for_whoever_grades_the_leads(site: Path) -> None:
    refused = complaint("report", "result", SHEET, "--data", site)
    assert "nobody has graded the leads of 1 of its calls (Q1): 1" in refused
    assert "机器提示" in result(site, "--grade", "none")


def test_w3_before_anybody_was_called_there_is_no_result(site: Path) -> None:
    change = sa.update(schema.obligation).values(called=False)

    async def work() -> None:
        async with open_site(site) as opened:
            await opened.database.write(lambda connection: connection.execute(change))

    asyncio.run(work())
    refused = complaint("report", "result", SHEET, "--data", site)
    assert "nobody was called for it yet: there is nothing to grade" in refused


@pytest.mark.parametrize(
    ("grade", "has", "lacks"),
    [
        (
            Grade.NONE,
            ("（未发现问题）", "本次回访未发现问题。", "签字 营销管理岗"),
            ("运营总监意见", "处理结果"),
        ),
        (
            Grade.GENERAL,
            ("（一般问题）", "运营总监意见", "市场总监意见", "总经理意见", "处理结果", "措施：停止代客操作"),
            ("零售经纪部意见",),
        ),
        (
            Grade.VIOLATION,
            ("（违规问题）", "零售经纪部意见", "营业部处理结果", "签字 零售经纪部"),
            ("市场总监意见",),
        ),
    ],
)
def test_w3_a_result_takes_grade_words_opinions_and_chain_from_its_cases(
    site: Path, grade: Grade, has: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    carried(site, grade)
    text = result(site)
    for words in (*has, "定级 复核人 刘洋（1001） 2026-03-04", "结案 复核人"):
        assert words in text
    for words in (*lacks, "机器提示", "未结案"):
        assert words not in text
    if grade is not Grade.NONE:
        assert "质检单 1（张伟" in text
        assert "听过，如下" in text.split("意见")[1]


def test_w3_a_worse_case_is_not_talked_away_and_one_under_way_says_so(site: Path) -> None:
    carried(site, Grade.VIOLATION, through=False)
    refused = complaint("report", "result", SHEET, "--grade", "general", "--data", site)
    assert "--grade general: a case of its calls is graded violation, which is worse" in refused
    assert "未结案" in result(site)


def test_w6_compliance_and_the_month_of_violations_have_what_people_found(site: Path) -> None:
    month = ("--period", "2026-03", "--profile", "tianfeng", "--data", site)
    before = succeeds("report", "violations", *month)
    assert "约定分成 | 1 | 1 | 0 | 待人工判定 1" in before
    carried(site, Grade.VIOLATION)
    after = succeeds("report", "violations", *month)
    assert "约定分成 | 1 | 1 | 0 | 违规问题 1" in after
    assert "三七分成 | 违规问题" in after
    assert "三七分成 | 违规问题" in succeeds("report", "compliance", *month)
