"""Spot checks: reproducible samples, what flags miss, a second decision by somebody else (Q5)."""

from __future__ import annotations

from pathlib import Path

from huifang.scorecards import all_of
from plans.scorecards import Answer, meant_for, result
from plans.spot_checks import Framed, Heard, left_out, missed, refusal_to_decide, sample
from records.model import Kind
from records.scored import FiledCard, NewScore, Score, Violation
from tests.records_kit import NOW

FRAME = [Framed(n, n % 7 == 0) for n in range(1, 301)]


def test_q5_a_sample_holds_every_flagged_call_and_anyone_can_draw_it_again() -> None:
    made = sample(FRAME, 40, seed=20260304)
    assert set(made.flagged) == {one.id for one in FRAME if one.flagged}
    assert sample(reversed(FRAME), 40, seed=20260304) == made
    assert left_out((one.id for one in FRAME), made.drawn, made.flagged, 20260304) == []


def test_q5_the_share_of_missed_violations_is_estimated_with_its_interval() -> None:
    found = missed(Heard(1, 39, 0), 257, Heard(30, 13, 0), 43).of_violations
    assert found is not None
    assert found.share is not None
    assert found.interval[0] < found.share < found.interval[1]


def test_q5_every_kind_of_follow_up_is_scored_by_a_card_with_critical_items(tmp_path: Path) -> None:
    cards = all_of(tmp_path)
    for kind in Kind:
        card = meant_for(cards, kind)[0]
        critical = next(one.key for one in card.items if one.critical)
        answers = {one.key: Answer.YES for one in card.items}
        assert result(card, answers).passed
        assert result(card, answers | {critical: Answer.NO}).total == 0


def test_q5_a_second_decision_is_made_by_somebody_else() -> None:
    given = NewScore(1, None, {}, 90.0, True, Violation.NO, "", "1001", NOW)
    score = Score(1, given, FiledCard("follow_up", "1", "a" * 64, {}), False, "1002", NOW, "不对")
    assert [refusal_to_decide(score, by) for by in ("1001", "1002", "1003")] == ["scorer", "objector", ""]
