"""What an attempt leaves in the ledger: its rows, and for how long its number rests."""

from __future__ import annotations

from dialer.conversation import Talked
from dialer.line.protocol import Ended, EndedBy
from records import ledger
from records.model import AnswerRow, SpokenRow

RELEASE_S = 34.0
"""64*T1 and a little: later than this no final response comes any more (RFC 3261 section 17.1.1.2)."""


def hold_s(ended: Ended, *, hangs: bool) -> float:
    """Seconds for which the far leg may live on where the line has not released it (D10).

    Without a line worker, or with one that hangs, nobody has told the far end that the call is over.
    """
    return ledger.HOLD_S if hangs or ended.by is EndedBy.FAILURE else RELEASE_S


def spoken_rows(talked: Talked | None) -> tuple[SpokenRow, ...]:
    """What was said in the conversation, if there was one."""
    return tuple(
        SpokenRow(one.node, one.prompt, one.wording, one.private, one.start_s, one.end_s, one.whole)
        for one in (talked.spoken if talked else ())
    )


def answer_rows(talked: Talked | None) -> tuple[AnswerRow, ...]:
    """What was answered in it."""
    return tuple(
        AnswerRow(one.question, one.value, one.label, one.how, one.heard, one.score, one.start_s, one.end_s)
        for one in (talked.result.answers if talked else ())
    )
