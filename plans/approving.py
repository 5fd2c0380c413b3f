"""Who may decide about a worksheet (P8, A1). Pure."""

from __future__ import annotations

from collections.abc import Iterable

from plans.avoidance import may_act
from records.people import Staff
from records.planned import Worksheet


def refusal(sheet: Worksheet, author: str, by: Staff, kept_away: Iterable[frozenset[str]]) -> str:
    """Why somebody may not approve or reject a worksheet; "" where they may.

    Args:
        sheet: that was submitted.
        author: number of who wrote it, who need not be who submitted it.
        by: who wants to decide.
        kept_away: for each of its customers, who keeps away from them.
    """
    if by.number == sheet.submitted_by:
        return "who submitted a worksheet does not decide about it (P8)"
    if by.number == author:
        return "who wrote a worksheet does not decide about it (P8)"
    if by.number == sheet.responsible:
        return "who is responsible for a worksheet does not decide about it (P8)"
    return involvement(by, kept_away)


def involvement(by: Staff, kept_away: Iterable[frozenset[str]]) -> str:
    """Why somebody may not answer for these customers or decide about them; "" where they may (A1)."""
    count = sum(not may_act(by, one) for one in kept_away)
    whose = f"introduced, opened, signed or manages {count} of the customers, or their department ordered it"
    return f"{by.number} {whose} (A1)" if count else ""
