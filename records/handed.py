"""What the machine hands over to people, why, and how people end it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Reason(StrEnum):
    """Why something is on the desk of people."""

    DIALECT = "dialect"
    """The customer asked for it (S14)."""
    NOT_UNDERSTOOD = "not_understood"
    """Not the same, and told apart (S14)."""
    PERSON = "person"
    """Asked for, or taken over in the call (S13)."""
    ANSWER = "answer"
    """Promised in a call (S13)."""
    EXHAUSTED = "exhausted"
    """As many valid attempts as the policy has, in vain (D2)."""
    INSUFFICIENT = "insufficient"
    """The rings are used up, too few of them valid (D2)."""
    NOTICE = "notice"
    """Not to be called: informed another way (A4)."""
    NUMBER = "number"
    """Changed or wrong: the owner's own is to be found, and proven (C3, A2)."""
    LOOK = "look"
    """Ended on the way, or agreed on a time that no ring is left for: a person decides."""
    HELP = "help"
    """Something that a department answers (Q4)."""
    SECOND_CALL = "second_call"
    """Cross-check or second follow-up of a case (Q2, Q3)."""
    QUESTION = "question"
    """A customer's own, by e-mail or otherwise: who is asked first owns it (C6)."""
    OTHER_WAY = "other_way"
    """A visit, letter, e-mail, SMS that somebody brings (C1)."""


class Result(StrEnum):
    """How people ended it."""

    COMPLETED = "completed"
    INFORMED = "informed"
    """Told what the rules demand, by notice (A4)."""
    ANSWERED = "answered"
    """What was asked for was given: no follow-up."""
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    NEEDLESS = "needless"
    """There is nothing to do any more; the record says why."""


_BY_DISPOSITION = {
    "exhausted": Reason.EXHAUSTED,
    "insufficient": Reason.INSUFFICIENT,
    "refused": Reason.NOTICE,
    "do_not_call": Reason.NOTICE,
    "handed_over": Reason.PERSON,
    "unallocated_number": Reason.NUMBER,
    "number_changed": Reason.NUMBER,
    "wrong_party": Reason.NUMBER,
    "misdialled": Reason.NUMBER,
}
SETTLED = frozenset({"", "completed", "cancelled"})
"""Dispositions of follow-ups that leave nothing to people by themselves."""

COMPLAINTS = frozenset({"complaint", "complaint_open", "complaint_reopened", "settlement_not_done"})
"""Notes that enter the complaint process (S15)."""
MET = {"dialect": Reason.DIALECT, "wants_person": Reason.PERSON}
"""Notes that say why a follow-up ended as it did; who follows it up meets them."""
_BY_NOTE = {**MET, "promised_answer": Reason.ANSWER, "changed_number": Reason.NUMBER}
SILENT = frozenset({"asked_machine"})
"""Notes that ask for nothing."""


def of_follow_up(disposition: str, last: str, notes: Collection[str]) -> Reason:
    """Why a follow-up that is over and not settled is for people.

    Args:
        disposition: of the follow-up.
        last: of its last attempt; not being understood is logged apart (S14).
        notes: of its calls, done ones left out.
    """
    told = next((reason for code, reason in MET.items() if code in notes), None)
    if told is not None:
        return told
    if last == "unheard" and disposition in ("exhausted", "insufficient", "unheard"):
        return Reason.NOT_UNDERSTOOD
    return _BY_DISPOSITION.get(disposition, Reason.LOOK)


def of_note(code: str) -> Reason:
    """Why an open note of a call is for people."""
    return _BY_NOTE.get(code, Reason.HELP)
