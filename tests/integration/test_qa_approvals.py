"""Material asked for, allowed by another, taken while it lasts, checked by sha256sum alone (A5)."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from dialer.line.tracks import header
from office import checking
from qa.reaching import may_judge
from records import audit, schema, transcripts
from records.audit import Asked
from records.people import EventKind
from records.post_call import Transcript
from records.users import Role
from tests import papers_site
from tests.console_kit import BRANCH, Browser, Desk, desk
from tests.records_kit import NOW, execute, said

STEM = "recordings/2026-03-04/20260304-150000_8001"
WAV = header(8) + b"sound..."
REASON = "客户投诉，核对原话"


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Desk]:
    """A console with a call that has sound and a transcript."""
    for party in ("customer", "system"):
        file = tmp_path / f"{STEM}_{party}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(WAV)
    async with desk(tmp_path) as console:
        await papers_site.fill(console.database)
        heard = Transcript(1, "test", "a" * 64, (said("他说亏了三七分成"),), ())
        await transcripts.save(console.database, heard, NOW)
        yield console


async def ask(browser: Browser, use: str = "evidence", **more: str) -> httpx.Response:
    return await browser.post("/calls/1/approvals", {"use": use, "why": REASON, **more})


async def taken(browser: Browser, number: int = 1) -> zipfile.ZipFile:
    answer = await browser.get(f"/approvals/{number}/package")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(answer.content))


async def test_a_request_is_decided_by_another_and_taken_while_it_lasts(kept: Desk) -> None:
    asker = await kept.signed_in(Role.REVIEWER, Role.HEAD, number="1001")
    head = await kept.signed_in(Role.HEAD, number="1002")
    assert "申请调取" in (await asker.get("/calls/1")).text
    assert (await ask(asker)).headers["location"] == "/approvals?said=said.request_asked"
    assert "not approved" in (await asker.get("/approvals/1/package")).text
    refused = await asker.post("/approvals/1/approve", {"days": "7"})
    assert (refused.status_code, "somebody else decides" in refused.text) == (400, True)
    assert (await head.post("/approvals/1/approve", {"days": "31"})).status_code == 400
    assert (await head.post("/approvals/1/approve", {"days": "7"})).status_code == 303
    assert "not theirs" in (await head.get("/approvals/1/package")).text
    assert "/approvals/1/package" in (await asker.get("/approvals")).text
    assert (await taken(asker)).testzip() is None
    kept.wait(days=7)
    other = await kept.signed_in(Role.AUDITOR)
    assert "已过期" in (await other.get("/approvals")).text
    rows = reversed(await audit.listed(kept.database, Asked(of="approval 1"), 10))
    assert [(row.act.who, row.act.what) for row in rows] == [
        ("1001", "asked"),
        ("1002", "approved"),
        ("1001", "exported"),
    ]


async def test_a_refusal_has_a_reason_and_stands(kept: Desk) -> None:
    asker = await kept.signed_in(Role.REVIEWER)
    head = await kept.signed_in(Role.HEAD)
    await ask(asker)
    assert "no reason" in (await head.post("/approvals/1/refuse", {"words": " "})).text
    assert (await head.post("/approvals/1/refuse", {"words": "与投诉无关"})).status_code == 303
    assert "与投诉无关" in (await asker.get("/approvals")).text
    assert "has decided it" in (await head.post("/approvals/1/approve")).text
    assert (await asker.get("/approvals/1/package")).status_code == 400


async def test_a_hand_over_to_a_regulator_is_filed_with_compliance(kept: Desk) -> None:
    asker = await kept.signed_in(Role.AUDITOR)
    compliance = await kept.signed_in(Role.COMPLIANCE)
    assert "names no regulator" in (await ask(asker, "regulator")).text
    await ask(asker, "regulator", recipient="上海证监局")
    assert "nothing to file" in (await compliance.post("/approvals/1/file", {"reference": "7"})).text
    await compliance.post("/approvals/1/approve", {"days": "1"})
    assert "待合规备案" in (await compliance.get("/approvals")).text
    assert "has no number" in (await compliance.post("/approvals/1/file", {"reference": " "})).text
    assert (await compliance.post("/approvals/1/file", {"reference": "备-2026-7"})).status_code == 303
    assert "已备案 备-2026-7" in (await compliance.get("/approvals")).text


async def test_who_serves_the_customer_does_not_decide(kept: Desk) -> None:
    """A1: the customer's own manager is no custodian of what they said."""
    await ask(await kept.signed_in(Role.REVIEWER))
    manager = await kept.signed_in(Role.HEAD, number="7001")
    await execute(kept.database, sa.update(schema.customer).values(manager_no="7001"))
    refused = await manager.post("/approvals/1/approve", {"days": "7"})
    assert (refused.status_code, "(A1)" in refused.text) == (400, True)


async def test_who_ordered_the_call_neither_decides_nor_judges(kept: Desk) -> None:
    """A1: for the department that had the customer called it is a matter of its own."""
    event = schema.customer_event
    ordered = sa.update(event).where(event.c.customer_id == 1)
    await execute(kept.database, ordered.values(kind=EventKind.ORDERED, by_whom="零售部"))
    await ask(await kept.signed_in(Role.REVIEWER))
    head = await kept.signed_in(Role.HEAD, number="7001")
    place = kept.console.place
    assert await may_judge(place, ["7001"], [1]) == {1: True}
    theirs = sa.update(schema.staff).where(schema.staff.c.number == "7001")
    await execute(kept.database, theirs.values(department="零售部"))
    assert await may_judge(place, ["7001"], [1]) == {1: False}
    refused = await head.post("/approvals/1/approve", {"days": "7"})
    assert (refused.status_code, "(A1)" in refused.text) == (400, True)


async def test_c4_others_see_neither_the_request_nor_the_call(kept: Desk) -> None:
    asker = await kept.signed_in(Role.REVIEWER, branch=BRANCH, number="own")
    await ask(asker)
    other = await kept.signed_in(Role.HEAD, branch="杭州营业部", number="other")
    colleague = await kept.signed_in(Role.REVIEWER, branch=BRANCH, number="colleague")
    assert (await ask(other)).status_code == 404
    for browser in (other, colleague):
        assert REASON not in (await browser.get("/approvals")).text
        assert (await browser.get("/approvals/1/package")).status_code == 404
    assert (await other.post("/approvals/1/approve", {"days": "7"})).status_code == 404
    assert REASON in (await asker.get("/approvals")).text


async def _granted(kept: Desk, use: str = "evidence") -> zipfile.ZipFile:
    asker = await kept.signed_in(Role.REVIEWER, number="1001")
    await ask(asker, use)
    await (await kept.signed_in(Role.HEAD, number="1002")).post("/approvals/1/approve", {"days": "7"})
    return await taken(asker)


def _sha256sum(folder: Path) -> str:
    command = ("sha256sum", "-c", "SHA256SUMS")
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


async def test_a_package_is_checked_by_sha256sum_alone(kept: Desk, tmp_path: Path) -> None:
    package = await _granted(kept)
    package.extractall(tmp_path / "out")
    names = set(package.namelist())
    assert {"README.txt", "manifest.json", "record.html", "transcript.txt", "flags.json"} < names
    assert package.read(f"recordings/{Path(STEM).name}_customer.wav") == WAV
    assert "三七分成" in package.read("transcript.txt").decode()
    checked = await asyncio.to_thread(_sha256sum, tmp_path / "out")
    assert checked.count(": OK") == len(names) - 1
    sums = hashlib.sha256(package.read("SHA256SUMS")).hexdigest()
    (noted, *_) = await audit.listed(kept.database, Asked(what="exported", of="approval 1"), 1)
    assert noted.act.detail["sha256"] == sums
    readme = package.read("README.txt").decode()
    for words in (REASON, "sha256sum -c SHA256SUMS", "1002 批准", "示例证券"):
        assert words in readme


async def test_the_extract_is_the_chain_itself(kept: Desk) -> None:
    """Each row's file hashes to what the next row says of it."""
    package = await _granted(kept)
    hashes = dict(line.split() for line in package.read("audit/chain.txt").decode().splitlines())
    rows = [name for name in package.namelist() if name.endswith(".json") and name.startswith("audit/")]
    assert len(rows) == 2
    for name in rows:
        content = package.read(name)
        number = Path(name).stem
        assert hashes[number] == hashlib.sha256(content).hexdigest()
        assert json.loads(content)[-1] == hashes[f"{int(number) - 1:08d}"]


async def test_a_package_that_was_changed_is_found(kept: Desk, tmp_path: Path) -> None:
    package = await _granted(kept)
    row = next(name for name in package.namelist() if name.startswith("audit/0"))

    def altered(file: Path, change: dict[str, bytes]) -> Path:
        with zipfile.ZipFile(file, "w") as target:
            for name in package.namelist():
                target.writestr(name, change.get(name, package.read(name)))
            for name in change.keys() - set(package.namelist()):
                target.writestr(name, change[name])
        return file

    assert checking.check(altered(tmp_path / "a.zip", {})).wrong == ()
    said = checking.check(altered(tmp_path / "b.zip", {"record.html": b"x", "more.txt": b""})).wrong
    assert said == ("more.txt: is not listed", "record.html: was changed")
    forged = package.read(row).replace(b"1001", b"1009")
    sums = package.read("SHA256SUMS").replace(
        hashlib.sha256(package.read(row)).hexdigest().encode(), hashlib.sha256(forged).hexdigest().encode()
    )
    found = checking.check(altered(tmp_path / "c.zip", {row: forged, "SHA256SUMS": sums}))
    assert found.wrong == (f"{row}: does not fit into the chain",)


async def test_a_recording_alone_comes_without_the_words(kept: Desk) -> None:
    package = await _granted(kept, "recording")
    assert {Path(name).name for name in package.namelist()} == {
        *(f"{Path(STEM).name}_{party}.wav" for party in ("customer", "system")),
        *("README.txt", "manifest.json", "SHA256SUMS"),
    }
