"""Rows for tests that need one, whatever it says."""

from __future__ import annotations

from datetime import date, datetime

from records.model import Campaign, CampaignStatus, Claim, Customer, Kind, PhoneKind
from tests.fakes.clock import WEDNESDAY


def a_campaign(created_at: datetime = WEDNESDAY) -> Campaign:
    """A running campaign."""
    return Campaign(
        1,
        "march",
        Kind.NEW_ACCOUNT,
        "new_account",
        "1",
        "0" * 64,
        "default",
        CampaignStatus.RUNNING,
        created_at,
    )


def a_claim(n: int = 1) -> Claim:
    """A claim of a mobile customer."""
    customer = Customer(1, "王芳", "+8613800000001", PhoneKind.MOBILE, date(2026, 2, 2), "李明", "上海")
    return Claim(1, 1, a_campaign(), customer, n, "main", 0, (), None, False)
