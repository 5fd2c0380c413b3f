"""Far-end behaviours, each with its disposition and retry decision (D1, D2, D4, D10)."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.matrix.page import page
from tests.matrix.row import RING_S, Row
from tests.matrix.run import Outcome, play
from tests.matrix.table import ROWS
from tests.matrix.witness import seconds_between, story

PAGE = Path(__file__).parents[2] / "docs" / "far-ends.md"

pytestmark = [pytest.mark.sip, pytest.mark.slow]


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """One campaign over the rows that are asked for."""
    names = [item.name for item in request.session.items]
    rows = [row for row in ROWS if f"test_far_end[{row.name}]" in names]
    return asyncio.run(play(rows, tmp_path_factory.mktemp("matrix")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_far_end(row: Row, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[row.name]
    attempt, ladder = outcome.attempt, "\n".join(outcome.ladder)
    assert attempt.disposition == row.disposition, ladder
    assert (attempt.sip_status, attempt.q850, attempt.ended_by) == (row.status, row.q850, row.by), ladder
    assert (attempt.rung, attempt.valid) == (row.rung, row.valid), ladder
    assert attempt.talked_s >= row.talked_s, ladder
    decided_as_expected(row, outcome)
    if row.seen:
        assert re.fullmatch(row.seen, told := story(outcome.seen)), f"{told}\n{ladder}"
    if row.heard:
        what_was_heard_is_kept(row, outcome)
    if row.rang:
        assert seconds_between(outcome.seen, row.rang, "CANCEL") >= RING_S + row.rang_after_s
    if row.rang_after_s:
        assert "ringback" in [event.detail.get("kind") for event in outcome.events if event.kind == "tone"]


def what_was_heard_is_kept(row: Row, outcome: Outcome) -> None:
    """Beside SIP status and Q.850 cause; of early media with a recording of their own."""
    [heard] = [event.detail for event in outcome.events if event.kind == "heard"]
    assert heard["says"] == row.disposition
    answered = outcome.attempt.recording != ""
    assert answered or str(heard["recording"]).endswith("_early.wav")


def decided_as_expected(row: Row, outcome: Outcome) -> None:
    """Closed as the disposition, or due again after the wait (rounded up: filing may take 34 s)."""
    follow_up = outcome.follow_up
    if row.again_s is None:
        assert (follow_up.disposition, follow_up.due_at) == (row.disposition, None)
        return
    assert follow_up.due_at is not None
    assert outcome.attempt.ended_at is not None
    wait_s = (follow_up.due_at - outcome.attempt.ended_at).total_seconds()
    assert row.again_s <= wait_s < row.again_s + 60


def test_names_are_unique_and_enough() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS) >= 40


def test_the_page_is_made_from_the_table() -> None:
    """`python -m tests.matrix.page > docs/far-ends.md` makes it anew."""
    assert PAGE.read_text("utf-8") == page()
