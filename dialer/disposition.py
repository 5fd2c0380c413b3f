"""How an attempt ended: SIP status, Q.850 cause, who ended it and the conversation's result, in one word.

`classify` is a pure function over tables. The raw causes are kept beside the disposition, so that a table can
be corrected later and old attempts read again.

Two counts follow from it (D2): `rung` is true when an INVITE left and nothing proves that the phone stayed
silent; `valid` is true when it was rung and D1 was kept: we did not hang up before the ring limit, no carrier
did, and no failure of ours stood between.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dialer.line.protocol import Ended, EndedBy
from ivr.values import Outcome, Result


class Disposition(StrEnum):
    """The glossary's results of an attempt; the last two are results of a follow-up only."""

    COMPLETED = "completed"
    HUNG_UP = "hung_up"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    REJECTED = "rejected"
    POWERED_OFF = "powered_off"
    SUSPENDED = "suspended"
    UNALLOCATED_NUMBER = "unallocated_number"
    NUMBER_CHANGED = "number_changed"
    UNREACHABLE = "unreachable"
    NETWORK_BUSY = "network_busy"
    BLOCKED = "blocked"
    CARRIER_CUT = "carrier_cut"
    SILENT = "silent"
    UNHEARD = "unheard"
    WRONG_PARTY = "wrong_party"
    REFUSED = "refused"
    RESCHEDULED = "rescheduled"
    HANDED_OVER = "handed_over"
    VOICEMAIL = "voicemail"
    ASSISTANT = "assistant"
    MISDIALLED = "misdialled"
    CALLER_BARRED = "caller_barred"
    LINE_FAILURE = "line_failure"
    EXHAUSTED = "exhausted"
    INSUFFICIENT = "insufficient"


OF_FOLLOW_UP_ONLY = frozenset({Disposition.EXHAUSTED, Disposition.INSUFFICIENT})
OF_ATTEMPT = tuple(one for one in Disposition if one not in OF_FOLLOW_UP_ONLY)
OURS = frozenset({Disposition.MISDIALLED, Disposition.CALLER_BARRED, Disposition.LINE_FAILURE})
"""Never the customer's doing."""

BY_Q850 = {
    1: Disposition.UNALLOCATED_NUMBER,
    17: Disposition.BUSY,
    18: Disposition.UNREACHABLE,
    19: Disposition.NO_ANSWER,
    20: Disposition.POWERED_OFF,
    21: Disposition.REJECTED,
    22: Disposition.NUMBER_CHANGED,
    27: Disposition.UNREACHABLE,
    28: Disposition.MISDIALLED,
    34: Disposition.NETWORK_BUSY,
    38: Disposition.NETWORK_BUSY,
    41: Disposition.NETWORK_BUSY,
    42: Disposition.NETWORK_BUSY,
    44: Disposition.NETWORK_BUSY,
    57: Disposition.CALLER_BARRED,
}
"""ITU-T Q.850 causes that say more than the SIP status (RFC 3326 carries them). 16 and 31 say nothing."""

_REFUSES_THE_REQUEST = frozenset(
    {
        400, 401, 402, 405, 406, 407, 413, 414, 415, 416, 420, 421, 422, 423,
        482, 483, 488, 491, 493, 494, 505, 513, 606,
    }
)  # fmt: skip
"""The request itself was not liked (RFC 3261 section 21, RFC 4028, RFC 3329): our fault or the trunk's, and
nobody's phone."""

BY_STATUS = {
    **dict.fromkeys(_REFUSES_THE_REQUEST, Disposition.LINE_FAILURE),
    301: Disposition.NUMBER_CHANGED,
    403: Disposition.CALLER_BARRED,
    404: Disposition.UNALLOCATED_NUMBER,
    408: Disposition.UNREACHABLE,
    410: Disposition.NUMBER_CHANGED,
    480: Disposition.UNREACHABLE,
    484: Disposition.MISDIALLED,
    486: Disposition.BUSY,
    487: Disposition.CARRIER_CUT,
    600: Disposition.BUSY,
    603: Disposition.REJECTED,
    604: Disposition.UNALLOCATED_NUMBER,
    607: Disposition.REJECTED,
    608: Disposition.BLOCKED,
}
"""SIP final responses (RFC 3261 section 21, RFC 8197, RFC 8688). Any other is `unreachable`: carriers answer
5xx for subscribers out of reach. So is 302: the number behind it is not called, for nobody gave it to us and
it may be one never to be called (D10); 301 says that the number is another for good."""

_REDIRECTS = range(300, 400)

_SAYS_ONLY_OVER = frozenset({Disposition.UNREACHABLE, Disposition.NO_ANSWER, Disposition.CARRIER_CUT})
"""After ringing, these words mean that the carrier ended the ringing: the time it rang decides (D1)."""

_PROVES_SILENCE = frozenset(
    {
        Disposition.UNALLOCATED_NUMBER,
        Disposition.NUMBER_CHANGED,
        Disposition.MISDIALLED,
        Disposition.CALLER_BARRED,
    }
)
"""No phone can have rung, unless a 180 said so (D2)."""

_NOT_VALID = OURS | _PROVES_SILENCE | {Disposition.CARRIER_CUT, Disposition.NETWORK_BUSY, Disposition.BLOCKED}
"""Not an attempt as D1 wants it: the customer was not called, or the network ended it, also after a 180."""


ENDS_AT_ONCE = frozenset(OF_ATTEMPT) - {Disposition.NO_ANSWER}
"""Announced before the answer, these mean that no phone rings (any more). "Nobody answers" does not end the
ringing early: the ring limit or the carrier does (D1)."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What the far end said. `text`: the words or the tone heard; `score`: 0 to 1, how near they came."""

    disposition: Disposition
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """A disposition with its two counts (D2) and the words that say why."""

    disposition: Disposition
    rung: bool
    valid: bool
    why: str


def rang_s(ended: Ended) -> float:
    """Seconds from the moment the phone began to ring to the answer or the end; 0 when it never rang."""
    if ended.ringing_at is None:
        return 0.0
    return max(0.0, (ended.answered_at or ended.ended_at) - ended.ringing_at)


def talked_s(ended: Ended) -> float:
    """Seconds from the answer to the end; 0 without an answer."""
    return 0.0 if ended.answered_at is None else max(0.0, ended.ended_at - ended.answered_at)


def met_silence(ended: Ended) -> bool:
    """Whether an INVITE left and nothing at all came back: a dead trunk, or none at that address."""
    return bool(ended.ladder) and not any(" < " in line for line in ended.ladder)


def classify(
    ended: Ended,
    result: Result | None,
    *,
    ring_s: float,
    stopped: bool = False,
    heard: Announced | None = None,
) -> Verdict:
    """The disposition of an attempt that is over.

    What was announced goes before SIP status and Q.850 cause: carriers say it under vague codes, and after a
    200 as well. It goes behind what a conversation has decided, and behind our own failures.

    Args:
        ended: how the leg ended.
        result: what the conversation left; None without an answer.
        ring_s: the policy's ring limit in seconds (D1).
        stopped: we broke the call off ourselves (shut-down), so that nothing is the customer's doing.
        heard: what was announced, before the answer or in a person's place after it.
    """
    if heard is not None and _says_more(ended, result):
        return _of_announced(ended, heard, ring_s)
    if ended.answered_at is not None:
        return _of_answered(ended, result, stopped)
    if ended.late_answer:
        return _of_late_answer(ended, stopped)
    disposition, why = _of_unanswered(ended, ring_s, stopped)
    rung = _rung(ended, disposition)
    return Verdict(disposition, rung, rung and _valid(ended, disposition, ring_s), why)


def _says_more(ended: Ended, result: Result | None) -> bool:
    """Whether an announcement decides: not after a conversation, our own failure, or a whole ringing (D1).

    A ringing that nobody signalled, and that no ringback was heard of, was only supposed.
    """
    decided = result is not None and result.outcome is not Outcome.HUNG_UP
    if ended.answered_at is not None:
        return not decided
    rang = ended.by is EndedBy.RING_LIMIT and any(" < 180 " in rung for rung in ended.ladder)
    return not (rang or ended.by is EndedBy.FAILURE or ended.late_answer)


def _of_announced(ended: Ended, heard: Announced, ring_s: float) -> Verdict:
    """A trunk's announcement about our own dialing is no ring, whatever was signalled before (D2)."""
    why = f"announced: {heard.text}"
    disposition = heard.disposition
    if disposition is Disposition.NO_ANSWER and ended.ringing_at is not None and rang_s(ended) < ring_s:
        disposition = Disposition.CARRIER_CUT
    rung = disposition not in _PROVES_SILENCE | OURS
    valid = rung and disposition not in _NOT_VALID
    return Verdict(disposition, rung, valid, why)


def _of_late_answer(ended: Ended, stopped: bool) -> Verdict:
    """Picked up and heard nothing, as we hung up or no media came about: the next call apologises (D8)."""
    failed = ended.by is EndedBy.FAILURE
    why = "picked up, but no media could be agreed on" if failed else "picked up as we hung up"
    return Verdict(Disposition.SILENT, rung=True, valid=not (stopped or failed), why=why)


def _of_answered(ended: Ended, result: Result | None, stopped: bool) -> Verdict:
    if result is not None and result.outcome is not Outcome.HUNG_UP:
        # Decided before the end, whoever made it: closing words that were cut short change nothing.
        return Verdict(Disposition(result.outcome.value), rung=True, valid=True, why="the conversation")
    if stopped:
        return Verdict(Disposition.LINE_FAILURE, rung=True, valid=False, why="broken off by our shut-down")
    if ended.by is EndedBy.FAILURE:
        return Verdict(Disposition.LINE_FAILURE, rung=True, valid=False, why="line worker failed")
    why = "longest call" if ended.by is EndedBy.TALK_LIMIT else "hung up on the way"
    return Verdict(Disposition.HUNG_UP, rung=True, valid=True, why=why)


def _of_unanswered(ended: Ended, ring_s: float, stopped: bool) -> tuple[Disposition, str]:
    if ended.by is EndedBy.RING_LIMIT:
        return Disposition.NO_ANSWER, f"rang {rang_s(ended):.1f} s"
    if stopped:
        return Disposition.LINE_FAILURE, "broken off by our shut-down"
    if ended.by is EndedBy.FAILURE or (ended.status == 0 and ended.by is not EndedBy.SETUP_LIMIT):
        return Disposition.LINE_FAILURE, "our side failed"
    if ended.by is EndedBy.SETUP_LIMIT:
        return Disposition.UNREACHABLE, "nothing rang or answered"
    return _of_refusal(ended, ring_s)


def _of_refusal(ended: Ended, ring_s: float) -> tuple[Disposition, str]:
    by_status = BY_STATUS.get(ended.status, Disposition.UNREACHABLE)
    disposition = BY_Q850.get(ended.q850, by_status)
    cause = f"SIP {ended.status}" + (f", Q.850 {ended.q850}" if ended.q850 else "")
    if disposition not in _SAYS_ONLY_OVER:
        return disposition, cause
    if ended.ringing_at is None:
        return (Disposition.UNREACHABLE if disposition is Disposition.CARRIER_CUT else disposition), cause
    long_enough = rang_s(ended) >= ring_s
    return (Disposition.NO_ANSWER if long_enough else Disposition.CARRIER_CUT), f"{cause} after ringing"


def _rung(ended: Ended, disposition: Disposition) -> bool:
    if ended.ringing_at is not None:
        return True
    if ended.status in _REDIRECTS or ended.status in _REFUSES_THE_REQUEST:
        return False
    if ended.by is EndedBy.FAILURE and met_silence(ended):
        return False
    return ended.invited_at is not None and disposition not in _PROVES_SILENCE


def _valid(ended: Ended, disposition: Disposition, ring_s: float) -> bool:
    if disposition is Disposition.NO_ANSWER:
        return ended.by is EndedBy.RING_LIMIT or rang_s(ended) >= ring_s
    return disposition not in _NOT_VALID and ended.by is not EndedBy.SETUP_LIMIT
