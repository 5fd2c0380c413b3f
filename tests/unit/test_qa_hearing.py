"""Leads as reviewers see them, and the order in which they are heard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa import hearing
from records.lead_order import Group, Point, Precision, chance, curve, listening_s, share_after
from records.leads import Lead
from records.listening import Talk
from records.post_call import Flag, Utterance

FLAG = Flag(
    *("sharing", "1", "分成", "high", "customer", 2.0, 3.0, "三七分成", 0.9, "probable", "affirmed"),
    "原文命中",
)
LEAD = Lead(7, Talk(1), "", "", "", "", "", "", None, FLAG)
ASKED = Utterance("system", 0.0, 1.5, "有没有约定分成", 1.0)
HELD = (
    ("三七分层", -0.4),
    ("三七分成", -0.1),
    ("", -0.2),
    ("三七风尘", -0.3),
    ("山区分成", -0.9),
    ("三七", -2.0),
)
SAID = Utterance("customer", 1.8, 3.2, "三七分成", 0.6, (1.8, 2.1, 2.5, 2.8), HELD)
LATER = Utterance("customer", 8.0, 9.0, "嗯", 0.1)


@pytest.mark.parametrize(
    ("confidence", "step"), [(1.0, "sure"), (0.8, "sure"), (0.79, "fair"), (0.5, "fair"), (0.49, "faint")]
)
def test_confidence_is_shaded_in_three_steps(confidence: float, step: str) -> None:
    assert hearing.sureness(confidence) == step


def test_a_transcript_line_by_line() -> None:
    asked, said, later = hearing.lines((ASKED, SAID, LATER), (LEAD,))
    assert (asked.sureness, asked.unclear, asked.leads) == ("sure", False, ())
    assert (said.sureness, said.unclear, said.leads) == ("fair", False, (LEAD,))
    assert said.chars[2] == ("分", 2.5)
    assert (later.unclear, later.chars) == (True, ())
    assert later.around == "5.00,12.00"


def test_a_lead_is_told_with_the_question_and_other_readings() -> None:
    (one,) = hearing.told((LEAD,), (ASKED, SAID, LATER), {})
    assert (one.question, one.heard, one.precision) == ("有没有约定分成", "三七分成", None)
    assert one.others == (
        ("三七风尘", "san qi feng chen"),
        ("三七分层", "san qi fen ceng"),
        ("山区分成", "shan qu fen cheng"),
    )


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({("sharing", "probable"): Precision(14, 20)}, Precision(14, 20)),
        (
            {("sharing", "probable"): Precision(3, 4), ("other", "probable"): Precision(7, 16)},
            Precision(10, 20),
        ),
        ({("sharing", "probable"): Precision(3, 4)}, None),
        ({("sharing", "certain"): Precision(30, 40)}, None),
    ],
)
def test_precision_is_told_only_where_enough_was_judged(
    known: dict[tuple[str, str], Precision], found: Precision | None
) -> None:
    assert hearing.measured(known, "sharing", "probable") == found


def test_what_was_withdrawn_is_not_marked() -> None:
    assert [one.around for one in hearing.marks((LEAD, replace(LEAD, withdrawn_by="1001")))] == ["0.00,6.00"]


def test_verdicts_move_what_is_expected_of_a_rule_and_its_tier() -> None:
    assert chance({}, "sharing", "probable") == 0.5
    assert chance({("sharing", "probable"): Precision(10, 10)}, "other", "probable") == 0.75
    assert chance({("sharing", "probable"): Precision(10, 10)}, "sharing", "probable") == 0.875
    assert chance({}, "sharing", "unheard of") == 0.0


def test_recall_grows_with_effort_fastest_at_first() -> None:
    points = curve([Group(0.2, 60.0, 10), Group(0.9, 30.0, 10)])
    assert points[0] == Point(0.0, 0.0)
    assert [round(one.minutes, 6) for one in points] == [0.0, 5.0, 15.0]
    assert [round(one.share, 3) for one in points] == [0.0, 0.818, 1.0]
    assert share_after(points, 2.5) == pytest.approx(0.409, abs=1e-3)
    assert share_after(points, 60) == 1.0
    assert curve([]) == ()
    assert share_after((), 15) == 0.0


def test_listening_takes_the_stretch_with_three_seconds_around_at_three_quarters() -> None:
    assert listening_s(3.0) == 12.0
