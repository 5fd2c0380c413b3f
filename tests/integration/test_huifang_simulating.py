"""A simulation that goes by the calls of a site's own ledger."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from records import ledger
from records.taken import calls_since
from tests.command_line import complaint, succeeds
from tests.records_kit import NOW, Where, after, dialed, ending, opened, over, person, started, taken


async def test_the_ledger_tells_of_calls_that_left_and_are_over(store: Where) -> None:
    async with opened(store) as db:
        campaign = await started(db, [person(n) for n in range(4)])
        first, second, _ = [await dialed(db, campaign, after(60 * n)) for n in range(3)]
        await taken(db, campaign, after(300))
        for n, (claim, word) in enumerate(((first, "no_answer"), (second, "busy"))):
            await ledger.close(db, ending(claim, over(), at=after(400 + n), disposition=word), after(500))
        found = await calls_since(db, NOW)
        assert [(one.number, one.at, one.disposition, one.rang_s) for one in found] == [
            (first.customer.phone, after(0), "no_answer", 30.0),
            (second.customer.phone, after(60), "busy", 30.0),
        ]
        assert await calls_since(db, NOW + timedelta(hours=1)) == []


def test_a_site_without_calls_is_told_so(tmp_path: Path) -> None:
    data = tmp_path / "data"
    succeeds("init", "--data", data)
    line = complaint("simulate", "--customers", "50", "--rates", "ledger", "--data", data)
    assert "0 calls are too few" in line
