"""What becomes of a call that comes in, and settings that cannot be."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from dialer.inbound import phone_of
from dialer.inbound_rules import WORDING, InboundSettings, Reception, receive

FORWARD = {"action": "forward", "forward_to": "sip:95000@192.0.2.1"}


@pytest.mark.parametrize(
    ("settings", "trunk", "active", "outcome", "status"),
    [
        ({}, "main", 0, "announced", 200),
        ({}, "main", 1, "announced", 200),
        ({}, "main", 2, "busy", 486),
        ({"at_once": 3}, "main", 2, "announced", 200),
        ({"action": "refuse"}, "main", 0, "refused", 480),
        (FORWARD, "main", 9, "forwarded", 302),
        ({}, "", 0, "stranger", 403),
        ({"action": "refuse"}, "", 0, "stranger", 403),
        (FORWARD, "", 0, "stranger", 403),
    ],
)
def test_table(settings: dict[str, object], trunk: str, active: int, outcome: str, status: int) -> None:
    got = receive(InboundSettings.model_validate(settings), trunk=trunk, active=active)
    assert (got.outcome.value, got.status) == (outcome, status)
    assert got.kept is (trunk != "")


def test_a_forward_names_its_target() -> None:
    settings = InboundSettings.model_validate(FORWARD)
    assert receive(settings, trunk="main", active=0).contact == "sip:95000@192.0.2.1"
    assert isinstance(receive(settings, trunk="main", active=0), Reception)


def test_the_announcement_names_nobody() -> None:
    """A2: whoever rings back learns neither who called nor why; S19: that it is automatic and recorded."""
    assert not [word for word in ("证券", "账户", "开户", "回访", "本公司", "{hotline}") if word in WORDING]
    assert "自动语音" in WORDING
    assert "录音" in WORDING


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "forward"},
        {"forward_to": "95000"},
        {"wording": "请拨打{firm}"},
        {"wording": ""},
        {"at_once": 0},
        {"action": "listen"},
    ],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        InboundSettings.model_validate(wrong)


@pytest.mark.parametrize(
    ("caller", "phone"),
    [
        ("13800000000", "+8613800000000"),
        ("013800000000", "+8613800000000"),
        ("+8613800000000", "+8613800000000"),
        ("02161234567", "+862161234567"),
        ("anonymous", ""),
        ("", ""),
        ("95599", ""),
    ],
)
def test_callers_are_known_by_their_number(caller: str, phone: str) -> None:
    assert phone_of(caller) == phone
