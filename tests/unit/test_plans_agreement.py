"""Agreement of reviewers: kappa as published, and who deviates how (Q5)."""

from __future__ import annotations

import pytest

from plans.agreement import Sheet, agreement, deviations
from records.scored import Violation

COHEN = [*(["yes", "yes"],) * 20, *(["yes", "no"],) * 5, *(["no", "yes"],) * 10, *(["no", "no"],) * 15]
# Fourteen raters put ten subjects into five categories: a worked example that is often printed.
COUNTS = (
    *((0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1)),
    *((7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7)),
)
FLEISS = [[str(n) for n, times in enumerate(counts) for _ in range(times)] for counts in COUNTS]


def test_two_reviewers_agree_by_cohens_kappa() -> None:
    found = agreement(COHEN)
    assert found is not None
    assert (found.calls, found.same) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.interval is not None
    assert found.interval == pytest.approx((0.15, 0.65), abs=0.06)  # 0.4 -+ 1.96 * 0.128, asymptotically


def test_more_reviewers_agree_by_fleiss_kappa() -> None:
    found = agreement(FLEISS)
    assert found is not None
    assert found.same == pytest.approx(0.378, abs=0.001)
    assert found.kappa == pytest.approx(0.210, abs=0.001)


def test_agreement_in_everything_is_not_certain() -> None:
    found = agreement([["yes", "yes"]] * 5 + [["no", "no"]] * 5)
    assert found is not None
    assert found.kappa == 1.0
    assert found.interval == pytest.approx(((0.6915 - 0.5) / 0.5, 1.0), abs=1e-3)


def test_one_word_throughout_tells_no_kappa() -> None:
    found = agreement([["no", "no", "no"]] * 8)
    assert found is not None
    assert (found.same, found.kappa, found.interval) == (1.0, None, None)


def test_one_reviewer_agrees_with_nobody() -> None:
    assert agreement([["no"], ["yes"]]) is None
    assert agreement([]) is None


def _sheet(total: float, violation: Violation, answer: str = "yes") -> Sheet:
    return Sheet(total, violation, {"owner": answer, "asked": "yes"})


def test_who_deviates_and_how() -> None:
    yes, no = Violation.YES, Violation.NO
    found = deviations(
        {
            "mild": [_sheet(100, no), _sheet(90, no)],
            "plain": [_sheet(80, yes), _sheet(80, no)],
            "strict": [_sheet(60, yes, "no"), _sheet(70, yes, "no")],
        }
    )
    by_name = {one.reviewer: one for one in found}
    assert (by_name["mild"].points, by_name["mild"].laxer, by_name["mild"].stricter) == (22.5, 1, 0)
    assert (by_name["strict"].points, by_name["strict"].stricter) == (-22.5, 1)
    assert by_name["strict"].items == (("owner", 2),)
    assert (by_name["plain"].points, by_name["plain"].stricter, by_name["plain"].laxer) == (0.0, 0, 0)
    assert by_name["plain"].items == ()
