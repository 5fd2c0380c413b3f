"""Who may decide, take, file a request for material, and when (A5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from records.approval import Approval, State, Use, undecidable, unfilable, unfit, untakeable
from tests.records_kit import NOW

ASKED = Approval(1, 17, "张伟", "上海营业部", Use.EVIDENCE, "", "投诉", "1001", NOW)
GRANTED = replace(ASKED, decided_by="1002", decided_at=NOW, granted=True, expires_at=NOW + timedelta(days=7))
REFUSED = replace(ASKED, decided_by="1002", decided_at=NOW, words="不必要")
HAND_OVER = replace(GRANTED, use=Use.REGULATOR, recipient="证监局")


def test_an_approval_lasts_until_its_end_and_no_longer() -> None:
    assert ASKED.state(NOW) is State.ASKED
    assert REFUSED.state(NOW) is State.REFUSED
    end = NOW + timedelta(days=7)
    assert GRANTED.state(end - timedelta(seconds=1)) is State.APPROVED
    assert GRANTED.state(end) is State.EXPIRED
    assert untakeable(GRANTED, "1001", NOW) == ""
    assert "expired" in untakeable(GRANTED, "1001", end)


@pytest.mark.parametrize("one", [ASKED, REFUSED])
def test_nothing_is_taken_without_one(one: Approval) -> None:
    assert untakeable(one, "1001", NOW)
    assert untakeable(GRANTED, "1002", NOW) == "is not theirs"


def test_whoever_asks_neither_decides_nor_files() -> None:
    assert undecidable(ASKED, "1001") == "somebody else decides"
    assert undecidable(ASKED, "1002") == ""
    assert undecidable(GRANTED, "1003") == "1002 has decided it"
    assert unfilable(HAND_OVER, "1001") == "somebody else files it"
    assert unfilable(HAND_OVER, "1002") == ""


def test_only_what_was_let_out_to_a_regulator_is_filed_and_once() -> None:
    assert HAND_OVER.is_to_be_filed
    for one in (GRANTED, replace(HAND_OVER, granted=False), replace(HAND_OVER, filed_by="1002")):
        assert not one.is_to_be_filed
        assert unfilable(one, "1003") == "there is nothing to file"


@pytest.mark.parametrize(
    ("use", "recipient", "why", "fits"),
    [
        (Use.RECORDING, "", "投诉", True),
        (Use.RECORDING, "", "  ", False),
        (Use.REGULATOR, " ", "检查", False),
        (Use.REGULATOR, "证监局", "检查", True),
    ],
)
def test_a_request_has_a_reason_and_a_regulator_a_name(
    use: Use, recipient: str, why: str, fits: bool
) -> None:
    assert (unfit(use, recipient, why) == "") is fits
