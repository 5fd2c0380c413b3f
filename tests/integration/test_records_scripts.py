"""Filed scripts keep their content (S1); rehearsals are logged (P11); calls are filed kind by kind (D7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from base.errors import InputError
from records import campaigns, kinds, ledger, scripts
from records.calls import call_of
from records.model import Kind, KindRow
from records.scripts import FiledScript, Rehearsal
from tests.records_kit import NOW, Where, after, again, dialed, opened, over, person, started, talk

FILED = FiledScript(
    name="periodic",
    version="1.0",
    sha256="a" * 64,
    title="定期回访",
    kind="periodic",
    wording="standard",
    content={"script": "periodic", "nodes": {"bye": {"end": "completed", "say": "再见"}}},
    filed_at=NOW,
)


async def test_a_version_keeps_its_content(store: Where) -> None:
    async with opened(store) as db:
        assert await scripts.file(db, FILED)
        assert not await scripts.file(db, replace(FILED, filed_at=after(60)))
        with pytest.raises(InputError, match=r"periodic: version 1.0 is filed with another content \(S1\)"):
            await scripts.file(db, replace(FILED, sha256="b" * 64))
        assert await scripts.filed(db, "periodic", "1.0") == FILED
        assert await scripts.filed(db, "periodic", "2.0") is None
        newer = replace(FILED, version="1.1", sha256="b" * 64, filed_at=after(60))
        assert await scripts.file(db, newer)
        assert await scripts.newest(db, "periodic") == newer
        assert await scripts.newest(db, "abnormal") is None
        assert await scripts.all_filed(db) == [FILED, newer]


async def test_a_campaign_that_cannot_be_made_files_nothing(store: Where) -> None:
    async with opened(store) as db:
        with pytest.raises(InputError, match="nobody to call"):
            await campaigns.create(
                db,
                name="空",
                kind=Kind.PERIODIC,
                script="periodic",
                script_version="1.0",
                script_sha256="a" * 64,
                profile="demo",
                customer_ids=None,
                due_at=NOW,
                deadline=None,
                now=NOW,
                filing=FILED,
            )
        assert await scripts.all_filed(db) == []


async def test_rehearsals_are_logged_by_version(store: Where) -> None:
    first = Rehearsal(NOW, "qa", "periodic", "1.0", "a" * 64, 100, 7, 0, {"completed": 100}, ("tip",))
    second = Rehearsal(after(60), "qa", "periodic", "1.1", "b" * 64, 1, None, 1)
    async with opened(store) as db:
        await scripts.rehearsed(db, first)
        await scripts.rehearsed(db, second)
        assert await scripts.rehearsals(db, "periodic") == [first, second]
        assert await scripts.rehearsals(db, "periodic", "1.1") == [second]
        assert await scripts.rehearsals(db, "abnormal") == []


async def test_a_merged_call_is_filed_kind_by_kind(store: Where) -> None:
    async with opened(store) as db:
        campaign = await started(db, [person(1), person(2)])
        half = (KindRow("adviser_continuing", completed=False), KindRow("periodic", completed=True))
        first, second = await dialed(db, campaign), await dialed(db, campaign)
        await ledger.close(db, replace(talk(first, again(after(60))), kinds=half), NOW)
        whole = tuple(replace(one, completed=True) for one in half)
        await ledger.close(db, replace(talk(second), kinds=whole, score=38, band="medium"), NOW)
        assert await kinds.completed(db, campaign.id) == {"adviser_continuing": 1, "periodic": 2}
        kept = await call_of(db, first.attempt_id, NOW.date())
        assert (kept.kinds, kept.score, kept.band) == (half, None, "")
        assert (kept.script, kept.script_version, kept.script_sha256) == ("new_account", "1", "a" * 64)
        scored = await call_of(db, second.attempt_id, NOW.date())
        assert (scored.kinds, scored.score, scored.band) == (whole, 38, "medium")
        retried = await dialed(db, campaign, after(120))
        await ledger.close(db, replace(talk(retried, over(), at=after(120)), kinds=whole), after(120))
        assert await kinds.completed(db, campaign.id) == {"adviser_continuing": 2, "periodic": 2}
