"""Who signs a paper, and how they show who they are (R6, A1), by the command line."""

from __future__ import annotations

import asyncio
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from huifang.site import open_site
from papers.result import Finding, result
from papers.signing import chain_of
from plans.paperwork import Grade, Role
from records import schema, transcripts
from records.post_call import Flag, Transcript
from tests import papers_site
from tests.command_line import as_json, complaint, succeeds
from tests.paper_samples import FIRM, outcomes, sheet
from tests.papers_site import SHEET
from tests.records_kit import NOW

RECORD = "JL-000001"
GOOD, BAD = "open sesame 7", "open sesame 8"
FLAG = Flag("f1", "1", "代客操作", "high", "customer", 1.0, 2.0, "他帮我操作", 1.0, "certain", "affirmed", "")

Type = Callable[[str], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("signing") / "data"
    papers_site.make(data)
    people = [{"number": "1003", "name": "赵敏"}, {"number": "1004", "name": "孙磊", "superior": "1001"}]
    change(data, *(sa.insert(schema.staff).values(one) for one in people))
    return data


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Type:
    """What stands on stdin."""
    return lambda words: monkeypatch.setattr("sys.stdin", io.StringIO(f"{words}\n"))


def change(site: Path, *statements: sa.Executable) -> None:
    async def work() -> None:
        async with open_site(site) as opened:
            await opened.database.write(lambda connection: [connection.execute(one) for one in statements])

    asyncio.run(work())


def transcribed(site: Path, call: int, *flags: Flag) -> None:
    async def work() -> None:
        async with open_site(site) as opened:
            made = Transcript(call, "m", "a" * 64, (), flags)
            await transcripts.save(opened.database, made, NOW)

    asyncio.run(work())


def sign(*papers: str, role: str, by: str) -> tuple[str, ...]:
    return ("report", "sign", *papers, "--role", role, "--by", by)


def test_r6_where_people_have_passwords_a_signature_takes_the_signers_own(site: Path, typing: Type) -> None:
    typing(GOOD)
    succeeds("users", "add", "1001", "--role", "administrator", "--password-stdin", "--data", site)
    succeeds("report", "record", "1", "--data", site)
    command = (*sign(RECORD, role="回访人", by="1001"), "--password-stdin", "--data", str(site))
    typing(BAD)
    assert "1001: this is not their password" in complaint(*command)
    typing(GOOD)
    assert "1002: this is not" in complaint(
        *sign(RECORD, role="回访人", by="1002"), "--password-stdin", "--data", site
    )
    typing(GOOD)
    succeeds(*command)
    act = as_json("audit", "list", "--what", "signed", "--data", site)[0]["act"]
    assert (act["who"], act["of"], act["detail"]["proof"]) == ("1001", RECORD, "password")
    assert as_json("audit", "list", "--what", "refused", "--data", site)


def test_r6_on_a_site_without_users_the_trail_says_that_nothing_was_proven(site: Path) -> None:
    succeeds("report", "record", "1", "--data", site)
    succeeds(*sign(RECORD, role="回访人", by="1003"), "--data", site)
    act = as_json("audit", "list", "--what", "signed", "--data", site)[0]["act"]
    assert act["detail"]["proof"] == ""


def test_r6_records_of_clean_calls_are_signed_together_and_flagged_ones_singly(site: Path) -> None:
    transcribed(site, 1)
    transcribed(site, 2, FLAG)
    succeeds("report", "record", "1", "2", "--format", "txt", "-o", site.parent / "both", "--data", site)
    both = (*sign(RECORD, "JL-000002", role="回访人", by="1003"), "--data", str(site))
    assert "JL-000002: is no record of a call that was heard and has no flag (sign it alone)" in complaint(
        *both
    )
    assert as_json("audit", "list", "--what", "signed", "--data", site) == []
    for number in (RECORD, "JL-000002"):
        succeeds(*sign(number, role="回访人", by="1003"), "--data", site)
    transcribed(site, 2)
    said = succeeds(*sign(RECORD, "JL-000002", role="运营总监", by="1001"), "--data", site)
    assert [line.partition(":")[0] for line in said.splitlines()] == [RECORD, "JL-000002"]


def test_r6_who_called_does_not_check(site: Path) -> None:
    succeeds("report", "record", "1", "--data", site)
    succeeds(*sign(RECORD, role="回访人", by="1001"), "--data", site)
    refused = complaint(*sign(RECORD, role="运营总监", by="1003"), "--data", site)
    assert "1003 did what it tells of, and checks none of it" in refused


@pytest.mark.parametrize("column", ["introducer", "opened_by", "signed_by", "manager_no"])
def test_a1_nobody_signs_for_a_customer_of_their_own(site: Path, column: str) -> None:
    change(site, sa.update(schema.customer).where(schema.customer.c.id == 1).values({column: "1001"}))
    succeeds("report", "result", SHEET, "--grade", "none", "--data", site)
    refused = complaint(*sign(f"{SHEET}-JG", role="经办人", by="1001"), "--data", site)
    assert "1 of the customers" in refused
    assert "(A1)" in refused
    under_them = complaint(*sign(f"{SHEET}-JG", role="经办人", by="1004"), "--data", site)
    assert "1004 reports to who" in under_them
    succeeds(*sign(f"{SHEET}-JG", role="经办人", by="1002"), "--data", site)


@pytest.mark.parametrize(
    ("grade", "end", "chain"),
    [
        (Grade.NONE, (Role.MARKETING_DESK, Role.OPERATIONS), "经办人 复核人 营销管理岗 运营总监"),
        (
            Grade.GENERAL,
            (Role.HANDLER, Role.OPERATIONS, Role.GENERAL_MANAGER),
            "经办人 复核人 营销管理岗 市场总监 运营总监 总经理",
        ),
        (
            Grade.VIOLATION,
            (Role.HANDLER, Role.OPERATIONS, Role.GENERAL_MANAGER, Role.RETAIL),
            "经办人 复核人 营销管理岗 运营总监 总经理 零售经纪部",
        ),
    ],
)
def test_w3_every_line_of_a_result_can_be_signed_who_confirms_at_last(
    grade: Grade, end: tuple[Role, ...], chain: str
) -> None:
    paper = result(sheet(), outcomes(3), Finding(grade), FIRM, end)
    assert chain_of(paper) == tuple(chain.split())
