"""Which word an end gets, and whether it counts (D1, D2, D4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialer.disposition import Announced, Disposition, classify, rang_s, talked_s
from dialer.line.protocol import Ended, EndedBy
from ivr.values import Outcome, Result


def ended(
    status: int = 0,
    by: EndedBy = EndedBy.THEM,
    *,
    q850: int = 0,
    rang: float | None = None,
    answered: bool = False,
    late: bool = False,
    invited: bool = True,
) -> Ended:
    """A leg invited at 100 s, ringing from 101 s where `rang` says for how long."""
    ringing = None if rang is None else 101.0
    end = 101.0 + (rang or 0.0)
    return Ended(
        leg="a", status=status, reason="", q850=q850, by=by, late_answer=late,
        invited_at=100.0 if invited else None, ringing_at=ringing, answered_at=end if answered else None,
        ended_at=end + (20.0 if answered else 0.0),
    )  # fmt: skip


UNANSWERED = [
    ("our ring limit", ended(487, EndedBy.RING_LIMIT, rang=30.0), "no_answer", True, True),
    ("carrier cuts at 20 s", ended(480, rang=20.0), "carrier_cut", True, False),
    ("carrier cuts at 45 s", ended(480, rang=45.0), "no_answer", True, True),
    ("carrier cuts with 19", ended(480, q850=19, rang=12.0), "carrier_cut", True, False),
    ("far end cancels", ended(487, rang=3.0), "carrier_cut", True, False),
    ("busy", ended(486), "busy", True, True),
    ("busy everywhere", ended(600), "busy", True, True),
    ("busy after ringing", ended(486, rang=8.0), "busy", True, True),
    ("declined", ended(603, rang=5.0), "rejected", True, True),
    ("declined by cause", ended(480, q850=21, rang=5.0), "rejected", True, True),
    ("no such number", ended(404), "unallocated_number", False, False),
    ("no such number, but it rang", ended(404, rang=1.0), "unallocated_number", True, False),
    ("no such number by cause", ended(500, q850=1), "unallocated_number", False, False),
    ("gone", ended(410), "number_changed", False, False),
    ("address incomplete", ended(484), "misdialled", False, False),
    ("forbidden", ended(403), "caller_barred", False, False),
    ("unwanted", ended(607), "rejected", True, True),
    ("analytics", ended(608), "blocked", True, False),
    ("absent subscriber", ended(480, q850=20), "powered_off", True, True),
    ("unavailable", ended(480), "unreachable", True, True),
    ("server error", ended(500), "unreachable", True, True),
    ("no circuit", ended(503, q850=34), "network_busy", True, False),
    ("not acceptable", ended(488), "line_failure", False, False),
    ("not acceptable once it rang", ended(488, rang=2.0), "line_failure", True, False),
    ("credentials refused", ended(407), "line_failure", False, False),
    ("request too large", ended(413), "line_failure", False, False),
    ("forwarded", ended(302), "unreachable", False, False),
    ("nothing ever came", ended(0, EndedBy.SETUP_LIMIT), "unreachable", True, False),
    ("no message received", ended(0, EndedBy.THEM), "line_failure", True, False),
    ("worker died ringing", ended(0, EndedBy.FAILURE, rang=4.0), "line_failure", True, False),
    ("worker died before", ended(0, EndedBy.FAILURE, invited=False), "line_failure", False, False),
    ("200 crosses CANCEL", ended(487, EndedBy.RING_LIMIT, rang=30.0, late=True), "silent", True, True),
    ("200 without SDP", ended(200, EndedBy.FAILURE, rang=1.0, late=True), "silent", True, False),
]


@pytest.mark.parametrize(("end", "word", "rung", "valid"), [case[1:] for case in UNANSWERED],
                         ids=[case[0] for case in UNANSWERED])  # fmt: skip
def test_unanswered_ends(end: Ended, word: str, rung: bool, valid: bool) -> None:
    verdict = classify(end, None, ring_s=30.0)
    assert (verdict.disposition.value, verdict.rung, verdict.valid) == (word, rung, valid)
    assert verdict.why


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_answered_call_is_what_the_conversation_says(outcome: Outcome) -> None:
    verdict = classify(ended(200, answered=True, rang=4.0), Result(outcome, False), ring_s=30.0)
    assert verdict.disposition == Disposition(outcome.value)
    assert verdict.rung
    assert verdict.valid


def test_a_status_after_the_answer_decides_nothing() -> None:
    verdict = classify(ended(408, answered=True, rang=4.0), Result(Outcome.COMPLETED, True), ring_s=30.0)
    assert verdict.disposition is Disposition.COMPLETED


@pytest.mark.parametrize("by", [EndedBy.US, EndedBy.FAILURE])
def test_what_was_decided_stays_when_the_closing_words_are_cut(by: EndedBy) -> None:
    end = ended(200, by, answered=True, rang=4.0)
    verdict = classify(end, Result(Outcome.REFUSED, True), ring_s=30.0, stopped=by is EndedBy.US)
    assert (verdict.disposition, verdict.valid) == (Disposition.REFUSED, True)


def test_hung_up_before_the_first_word() -> None:
    assert classify(ended(200, answered=True), None, ring_s=30.0).disposition is Disposition.HUNG_UP


@pytest.mark.parametrize(
    "end",
    [
        ended(200, EndedBy.US, answered=True, rang=4.0),
        ended(487, EndedBy.US, rang=4.0),
        ended(200, EndedBy.FAILURE, answered=True),
    ],
)
def test_what_we_broke_off_is_ours_and_not_valid(end: Ended) -> None:
    verdict = classify(end, Result(Outcome.HUNG_UP, True), ring_s=30.0, stopped=end.by is EndedBy.US)
    assert (verdict.disposition, verdict.rung, verdict.valid) == (Disposition.LINE_FAILURE, True, False)


def test_seconds_count_from_the_ringing_and_from_the_answer() -> None:
    end = ended(200, answered=True, rang=7.0)
    assert rang_s(end) == 7.0
    assert talked_s(end) == 20.0
    assert (rang_s(ended(486)), talked_s(ended(486))) == (0.0, 0.0)


SENT = ("0.000 > INVITE", "0.500 > INVITE")
HEARD = (*SENT, "0.612 < 100 Trying")


def test_a_trunk_that_is_dead_rings_nowhere() -> None:
    """D2: given up after 64*T1 without any response; a worker's death (no ladder) proves nothing."""
    given_up = ended(0, EndedBy.FAILURE)
    verdicts = [classify(replace(given_up, ladder=ladder), None, ring_s=30.0) for ladder in (SENT, HEARD, ())]
    assert [one.rung for one in verdicts] == [False, True, True]
    assert {(one.disposition, one.valid) for one in verdicts} == {(Disposition.LINE_FAILURE, False)}


def announced(disposition: str) -> Announced:
    return Announced(Disposition(disposition), "您好", 0.9)


SIGNALLED = ("0.000 > INVITE", "0.100 < 180 Ringing")

MET = ended(200, EndedBy.US, rang=20.0, answered=True)
SUPPOSED = ended(487, EndedBy.RING_LIMIT, rang=30.0)
ANNOUNCED = [
    ("off, under 480", ended(480), "powered_off", "powered_off", True, True),
    ("off, under 487 of ours", ended(487, EndedBy.US), "powered_off", "powered_off", True, True),
    ("empty, under 503", ended(503), "unallocated_number", "unallocated_number", False, False),
    ("suspended, against cause 17", ended(486, q850=17), "suspended", "suspended", True, True),
    ("zero, after a 183", ended(487, EndedBy.US, rang=2.0), "misdialled", "misdialled", False, False),
    ("our number barred", ended(403), "caller_barred", "caller_barred", False, False),
    ("lines busy", ended(503), "network_busy", "network_busy", True, False),
    ("nobody answers, cut at 12 s", ended(480, rang=12.0), "no_answer", "carrier_cut", True, False),
    ("nobody answers, cut at 45 s", ended(480, rang=45.0), "no_answer", "no_answer", True, True),
    ("after a 200: off", MET, "powered_off", "powered_off", True, True),
    ("after a 200: empty", MET, "unallocated_number", "unallocated_number", False, False),
    ("voicemail", MET, "voicemail", "voicemail", True, True),
    ("assistant", MET, "assistant", "assistant", True, True),
    ("only supposed to ring", SUPPOSED, "powered_off", "powered_off", True, True),
    ("our failure", ended(0, EndedBy.FAILURE), "powered_off", "line_failure", True, False),
]  # fmt: skip


@pytest.mark.parametrize(("what", "end", "says", "disposition", "rung", "valid"), ANNOUNCED)
def test_what_was_announced_goes_before_status_and_cause(
    what: str, end: Ended, says: str, disposition: str, rung: bool, valid: bool
) -> None:
    verdict = classify(end, None, ring_s=30.0, heard=announced(says))
    assert (verdict.disposition, verdict.rung, verdict.valid) == (disposition, rung, valid), what


def test_a_whole_ringing_goes_before_what_is_said_at_its_end() -> None:
    """D1: it rang for 30 s, as a 180 said."""
    end = replace(ended(487, EndedBy.RING_LIMIT, rang=30.0), ladder=SIGNALLED)
    assert classify(end, None, ring_s=30.0, heard=announced("unreachable")).disposition == "no_answer"


def test_a_conversation_goes_before_what_was_taken_for_a_machine() -> None:
    end = ended(200, rang=5.0, answered=True)
    done = Result(Outcome.COMPLETED, owner_confirmed=True)
    assert classify(end, done, ring_s=30.0, heard=announced("voicemail")).disposition == "completed"
    left = Result(Outcome.HUNG_UP, owner_confirmed=False)
    assert classify(end, left, ring_s=30.0, heard=announced("voicemail")).disposition == "voicemail"
