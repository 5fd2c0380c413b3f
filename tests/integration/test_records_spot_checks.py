"""Spot checks and scores as the database keeps them, on both engines (Q5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from base.errors import InputError, StoreError
from records import ledger, schema, scores, spot_checks
from records.database import Database
from records.scored import FiledCard, Judged, NewScore, SpotCheck, Tally, Violation
from records.search import Page
from tests.console_kit import BRANCH
from tests.records_kit import NOW, Where, after, dialed, execute, opened, person, started, talk

CARD = FiledCard("follow_up", "1", "a" * 64, {"title": "表"})
DAY = NOW.date()
CHECK = SpotCheck(0, "三月", "", "", DAY, DAY, DAY, 2, 7, 3, "", (), "1001", NOW)


async def _called(db: Database, count: int = 5) -> None:
    campaign = await started(db, [person(n) for n in range(1, count + 1)])
    for _ in range(count):
        await ledger.close(db, talk(await dialed(db, campaign)), NOW)


def _score(call: int, check: int | None = 1, by: str = "1002", **more: object) -> NewScore:
    given = NewScore(call, check, {"owner": "yes"}, 90.0, True, Violation.NO, "", by, NOW)
    return replace(given, **more)  # type: ignore[arg-type]


async def test_a_check_is_kept_listed_and_counted(store: Where) -> None:
    async with opened(store) as db:
        await _called(db)
        assert await spot_checks.frame(db, CHECK) == [(n, False) for n in range(1, 6)]
        assert await spot_checks.frame(db, replace(CHECK, branch="杭州营业部")) == []
        id_ = await spot_checks.create(db, CHECK, [2], [1, 4])
        await scores.give(db, _score(4), CARD)
        late = _score(2, violation=Violation.YES, passed=False, total=60.0, at=after(24 * 3600))
        await scores.give(db, late, CARD)
        total, ((found, tally),) = await spot_checks.listed(db, "", Page(5))
        assert (total, found, tally) == (1, replace(CHECK, id=id_), Tally(3, 1, 3, 2, 1))
        assert await spot_checks.listed(db, BRANCH, Page(5)) == (0, [])
        listed = await spot_checks.calls(db, id_, Page(5))
        assert [(one.id, one.flagged, len(one.scores)) for one in listed] == [
            (1, False, 0),
            (2, True, 1),
            (4, False, 1),
        ]
        assert [one.id for one in await spot_checks.calls(db, id_, Page(1, 1))] == [2]
        told = sorted(await spot_checks.results(db, id_), key=lambda one: one.flagged)
        assert told == [Judged(False, Violation.NO, 1, 1, 90.0), Judged(True, Violation.YES, 1, 0, 60.0)]
        with pytest.raises(InputError, match="of that name"):
            await spot_checks.create(db, CHECK, [], [1])


async def test_an_objection_waits_until_it_is_decided(store: Where) -> None:
    async with opened(store) as db:
        await _called(db, 1)
        await scores.give(db, _score(1, None), CARD)
        with pytest.raises(InputError, match="no objection"):
            await scores.decide(db, 1, _score(1, None, "1004"), CARD)
        await scores.object_(db, 1, "1003", "不对", NOW)
        assert [one.id for one in await scores.objections(db, BRANCH, 5)] == [1]
        assert await scores.objections(db, "杭州营业部", 5) == []
        second = await scores.decide(db, 1, _score(1, None, "1004", total=70.0), CARD)
        first, other = await scores.of_call(db, 1)
        assert (first.replaced, other.id, other.replaces, other.given.total) == (True, second, 1, 70.0)
        assert await scores.objections(db, "", 5) == []
        with pytest.raises(InputError, match="cannot be objected"):
            await scores.object_(db, second, "1005", "也不对", NOW)


@pytest.mark.parametrize(
    ("reviewers", "same", "other"),
    [((), _score(1, by="1009"), _score(2)), (("1002", "1003"), _score(1), _score(1, by="1003"))],
    ids=["once", "once by each"],
)
async def test_a_call_is_scored_once(
    store: Where, reviewers: tuple[str, ...], same: NewScore, other: NewScore
) -> None:
    async with opened(store) as db:
        await _called(db, 2)
        await spot_checks.create(db, replace(CHECK, reviewers=reviewers, until=date(2026, 3, 4)), [], [1, 2])
        await scores.give(db, _score(1), CARD)
        with pytest.raises(InputError, match="already"):
            await scores.give(db, same, CARD)
        await scores.give(db, other, CARD)
        row = sa.select(*(one for one in schema.call_score.c if one.name != "id")).where(
            schema.call_score.c.id == 1
        )
        again = sa.insert(schema.call_score).from_select(list(row.selected_columns.keys()), row)
        with pytest.raises(StoreError, match=r"(?i)unique"):
            await execute(db, again)
