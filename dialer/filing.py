"""What an attempt leaves in the ledger: its rows, and for how long its number rests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from base.clock import Clock
from base.errors import StoreError
from base.log import get_logger
from dialer.disposition import Verdict, rang_s, talked_s
from dialer.line.protocol import Ended, EndedBy
from dialer.profile import Profile
from dialer.promises import note_rows
from dialer.talk import Talked
from ivr.values import Unwilling
from records import ledger
from records.database import Database
from records.model import AnswerRow, Closing, KindRow, LedgerEvent, Next, NoteRow, SpokenRow

_log = get_logger(__name__)

NEVER_AGAIN = "A4: the customer asked never to be called again"

RELEASE_S = 34.0
"""64*T1 and a little: later than this no final response comes any more (RFC 3261 section 17.1.1.2)."""

PATIENCE_S = 20.0
AGAIN_S = 1.0
"""So long, and so often, filing waits for a database that is away; then the lease sorts the attempt out."""


async def keep(db: Database, closing: Closing, clock: Clock) -> None:
    """Close the attempt, and wait for a database that is started anew: what was answered is worth it (A4).

    Raises:
        IllegalTransition: the attempt is not open: another has closed it, or an earlier try was kept although
            its connection broke.
        StoreError: the database stayed away, or refused; nothing was kept.
    """
    until = clock.now() + timedelta(seconds=PATIENCE_S)
    while True:
        try:
            return await ledger.close(db, closing, clock.now())
        except StoreError as error:
            if clock.now() >= until:
                raise
            _log.error("an attempt cannot be filed yet", attempt=closing.attempt_id, error=str(error))
        await clock.sleep(AGAIN_S)


async def add(
    db: Database, closing: Closing, phone: str, events: Sequence[LedgerEvent], now: datetime
) -> None:
    """Keep what can be kept of an attempt that another has closed: a wish for no more calls, its events."""
    if closing.do_not_call:
        await ledger.do_not_call(db, phone, closing.do_not_call, now)
    await ledger.record(db, closing.attempt_id, events)


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


def kind_rows(talked: Talked | None, kinds: tuple[str, ...]) -> tuple[KindRow, ...]:
    """What was done for each kind; nothing where nobody was talked to (D7)."""
    done = talked.result.kinds_done if talked else ()
    return tuple(KindRow(kind, kind in done) for kind in kinds) if talked else ()


@dataclass(frozen=True, slots=True)
class Call:
    """What an attempt was on the line.

    `at` turns machine seconds into business time; `kinds` are those that its script carries (D7);
    `taken_over`: a person took the call.
    """

    attempt_id: int
    call_id: str
    stem: str
    ended: Ended
    talked: Talked | None
    at: Callable[[float], datetime]
    profile: Profile
    kinds: tuple[str, ...] = ()
    taken_over: bool = False


def unended(
    leg: str, at: float, invited: float | None, ringing: float | None, answered: float | None
) -> Ended:
    """Stands in where the line never told the end: what we know is that we hung up, at machine time `at`."""
    why = "the line did not report the end"
    return Ended(leg, 0, why, 0, EndedBy.US, False, invited or at, ringing, answered, at)


def _notes(call: Call, talked: Talked) -> tuple[NoteRow, ...]:
    """What the conversation, and the call itself, leave for people."""
    codes, on = (*talked.result.notes, *talked.notes), call.at(call.ended.ended_at).date()
    return note_rows(codes, talked.result.answers, on, call.profile, taken_over=call.taken_over)


def closing(call: Call, verdict: Verdict, step: Next, hold_until: datetime | None) -> Closing:
    """All that is written when the attempt is closed."""
    ended, talked, at = call.ended, call.talked, call.at
    answered, result = ended.answered_at is not None, talked.result if talked else None
    return Closing(
        attempt_id=call.attempt_id,
        disposition=verdict.disposition.value,
        rung=verdict.rung,
        valid=verdict.valid,
        call_id=call.call_id,
        sip_status=ended.status,
        sip_reason=ended.reason,
        q850=ended.q850,
        ended_by=ended.by.value,
        ringing_at=None if ended.ringing_at is None else at(ended.ringing_at),
        answered_at=None if ended.answered_at is None else at(ended.answered_at),
        ended_at=at(ended.ended_at),
        rang_s=rang_s(ended),
        talked_s=talked_s(ended),
        recording=call.stem if answered else "",
        owner_confirmed=result.owner_confirmed if result else False,
        notes=_notes(call, talked) if talked else (),
        spoken=spoken_rows(talked),
        answers=answer_rows(talked),
        kinds=kind_rows(talked, call.kinds),
        score=result.score if result else None,
        band=result.band if result else "",
        ladder=ended.ladder,
        next=step,
        transcribe=answered,
        hold_until=hold_until,
        do_not_call=NEVER_AGAIN if result and result.unwilling is Unwilling.NEVER else "",
    )
