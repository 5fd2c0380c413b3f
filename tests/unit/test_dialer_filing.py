"""What a conversation leaves in the ledger, kind by kind (D7)."""

from __future__ import annotations

import pytest

from dialer.filing import kind_rows
from dialer.talk import Talked
from ivr.values import Outcome, Result
from records.model import KindRow

CARRIED = ("periodic", "adviser_continuing")


@pytest.mark.parametrize("done", [(), ("periodic",), CARRIED])
def test_each_kind_of_a_merged_call_has_its_row(done: tuple[str, ...]) -> None:
    talked = Talked(Result(Outcome.HUNG_UP, owner_confirmed=True, kinds_done=done), (), None, stopped=False)
    assert kind_rows(talked, CARRIED) == tuple(KindRow(kind, kind in done) for kind in CARRIED)


def test_a_call_without_a_conversation_has_none() -> None:
    assert kind_rows(None, CARRIED) == ()
