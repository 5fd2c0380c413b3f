"""How a leg ended, read from its ladder and from what we meant to do. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from dialer.line.ladder import Ladder, Message
from dialer.line.protocol import Ended, EndedBy

GIVE_UP_S = 32.0
"""64 * T1 (RFC 3261, 17.1.1.2): what was not answered until then will not be answered."""


PENDING = 491
REFRESHES = ("INVITE", "UPDATE")
OWN_GLARE_S, OTHER_GLARE_S = (2.1, 4.0), (0.0, 2.0)
"""Waits after a 491, of whoever began the call and of the other side (RFC 3261, 14.1)."""


@dataclass(frozen=True, slots=True)
class Intent:
    """Our own wish to end the call, and when it was given."""

    by: EndedBy
    at: float


def finished(ladder: Ladder, intent: Intent | None, over_at: float | None, now: float) -> bool:
    """Whether the outcome is certain: PJSIP says that the call is over, the far end cannot change it.

    After our hangup of an unanswered INVITE that takes its final response, or 64 * T1.
    """
    if over_at is None:
        return False
    waiting = intent is not None and ladder.outgoing and ladder.invited is not None and ladder.final is None
    return not waiting or now >= over_at + GIVE_UP_S


def slot_free(ladder: Ladder, intent: Intent | None, over_at: float | None, now: float) -> bool:
    """Whether the call's slot and the number are free: the far end knows, or 64 * T1 have passed."""
    if over_at is None:
        return False
    pjsip_gave_up = intent is None and ladder.final is None
    return ladder.done or ladder.invited is None or pjsip_gave_up or now >= over_at + GIVE_UP_S


def ended_by(ladder: Ladder, intent: Intent | None) -> EndedBy:
    """Whose doing the end was: of what was really on the wire the first that ended the call."""
    parting = _parting(ladder)
    if parting is None:
        return intent.by if intent else EndedBy.FAILURE
    if not parting.sent:
        return EndedBy.THEM
    return intent.by if intent else EndedBy.FAILURE


def _parting(ladder: Ladder) -> Message | None:
    refusal = ladder.final if ladder.final is not None and ladder.final.status >= 300 else None
    words = [word for word in (ladder.cancelled, ladder.bye, refusal) if word is not None]
    return min(words, key=lambda word: word.at, default=None)


def status_of(ladder: Ladder) -> tuple[int, str]:
    """The INVITE's final status and reason as it passed on the wire; 0 when none did."""
    return (ladder.final.status, ladder.final.reason) if ladder.final else (0, "")


def ended_at(ladder: Ladder, intent: Intent | None, now: float) -> float:
    """When the ending began: our CANCEL or BYE left, or theirs, or their refusal, arrived."""
    word = _parting(ladder)
    if word is not None:
        return word.at
    return intent.at if intent else now


def again_at(ladder: Ladder, message: Message, chance: float) -> float | None:
    """When a request of ours within the call is to be sent again, after it met the far end's own (491).

    None when the message says nothing of the kind. `chance`, 0 to 1, picks the wait.
    """
    within = ladder.final is not None and ladder.final.status < 300 and message is not ladder.final
    if not within or message.sent or message.status != PENDING or message.method not in REFRESHES:
        return None
    least, most = OWN_GLARE_S if ladder.outgoing else OTHER_GLARE_S
    return message.at + least + chance * (most - least)


def failed(leg: str, why: str, now: float) -> Ended:
    """The end of a leg that fell to our own side: no message of it is known."""
    return Ended(
        leg=leg,
        status=0,
        reason=why,
        q850=0,
        by=EndedBy.FAILURE,
        late_answer=False,
        invited_at=None,
        ringing_at=None,
        answered_at=None,
        ended_at=now,
    )
