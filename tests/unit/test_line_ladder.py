"""What the SIP messages of a call say: ringing, status, whose doing the end was, when it is free."""

from __future__ import annotations

import pytest

from dialer.line.ladder import Ladder, Message, parse, read_log
from dialer.line.outcome import (
    GIVE_UP_S,
    Intent,
    again_at,
    ended_at,
    ended_by,
    finished,
    slot_free,
    status_of,
)
from dialer.line.protocol import EndedBy

REFUSAL = (
    "SIP/2.0 486 Busy Here\r\n"
    "Via: SIP/2.0/UDP 127.0.0.1:5060\r\n"
    "f: <sip:95000@127.0.0.1>;tag=a\r\n"
    "i: abc@host\r\n"
    "CSeq: 7 INVITE\r\n"
    'Reason: Q.850;cause=17;text="User busy"\r\n'
    "Content-Length: 0\r\n\r\n"
)


def told(*steps: str) -> Ladder:
    """A ladder from steps like "0 > INVITE", "0.1 < 180", "9 > CANCEL"; a response to a BYE is "200/BYE"."""
    ladder = Ladder()
    for step in steps:
        at, way, what = step.split()
        status, _, method = what.partition("/")
        code = int(status) if status.isdigit() else 0
        ladder.add(
            Message(float(at), way == ">", "id", method or ("INVITE" if code else status), code, "Reason")
        )
    return ladder


def test_a_response_is_read_with_compact_headers_and_its_cause() -> None:
    message = parse(REFUSAL, at=3.0, sent=False)
    assert message is not None
    assert (message.status, message.reason, message.method, message.call_id) == (
        486, "Busy Here", "INVITE", "abc@host",
    )  # fmt: skip
    assert message.q850 == 17
    assert message.line(1.0) == "2.000 < 486 Busy Here"


def test_a_log_entry_about_something_else_is_no_message() -> None:
    assert read_log("pjsua_aud.c  Opening null device", 0.0) is None


def test_a_log_entry_is_read_with_its_direction() -> None:
    entry = "12:00:00 pjsua_core.c  .TX 512 bytes Request msg BYE/cseq=2 (tdta0x1) to UDP 127.0.0.1:5060:\n"
    message = read_log(entry + "BYE sip:a@b SIP/2.0\r\nCall-ID: x\r\nCSeq: 2 BYE\r\n\r\n\n--end msg--", 5.0)
    assert message is not None
    assert message.sent
    assert (message.method, message.status, message.call_id, message.uri) == ("BYE", 0, "x", "sip:a@b")


def test_ringing_starts_at_the_first_180_even_after_a_183() -> None:
    """D1: 183 often comes before the phone rings."""
    early = told("0 > INVITE", "1 < 183")
    assert early.rang is not None
    assert early.rang.at == 1
    later = told("0 > INVITE", "1 < 183", "4 < 180", "5 < 180", "6 < 183")
    assert later.rang is not None
    assert later.rang.at == 4


def test_a_challenge_is_no_final_answer() -> None:
    ladder = told("0 > INVITE", "1 < 407", "1 > ACK", "1 > INVITE")
    assert (ladder.final, ladder.done) == (None, False)
    ladder.add(Message(2.0, False, "id", "INVITE", 180, "Ringing"))
    assert ladder.rang is not None


OURS = Intent(EndedBy.RING_LIMIT, 30.0)


@pytest.mark.parametrize(
    ("steps", "intent", "by", "status", "at"),
    [
        (("0 > INVITE", "1 < 486"), None, EndedBy.THEM, 486, 1),
        (("0 > INVITE", "1 < 180", "30 > CANCEL", "30.1 < 487"), OURS, EndedBy.RING_LIMIT, 487, 30),
        (("0 > INVITE", "1 < 180", "30 < 480", "30.1 > ACK"), OURS, EndedBy.THEM, 480, 30),
        (("0 > INVITE", "1 < 180", "30 > CANCEL", "30.1 < 200"), OURS, EndedBy.RING_LIMIT, 200, 30),
        (("0 > INVITE", "1 < 200", "9 < BYE"), None, EndedBy.THEM, 200, 9),
        (("0 > INVITE", "1 < 200", "9 > BYE"), Intent(EndedBy.US, 9.0), EndedBy.US, 200, 9),
        (("0 > INVITE", "1 < 200", "9 > BYE"), None, EndedBy.FAILURE, 200, 9),
        (("0 > INVITE",), None, EndedBy.FAILURE, 0, 32),
        (("0 < INVITE", "1 > 180", "9 < CANCEL", "9 > 200/CANCEL", "9 > 487"), None, EndedBy.THEM, 487, 9),
        (("0 < INVITE", "1 > 200", "2 < CANCEL", "3 < BYE"), None, EndedBy.THEM, 200, 3),
        (("0 < INVITE", "1 > 486"), Intent(EndedBy.US, 1.0), EndedBy.US, 486, 1),
        ((), Intent(EndedBy.US, 3.0), EndedBy.US, 0, 3),
    ],
)
def test_whose_doing_the_end_was(
    steps: tuple[str, ...], intent: Intent | None, by: EndedBy, status: int, at: float
) -> None:
    ladder = told(*steps)
    assert ended_by(ladder, intent) is by
    assert status_of(ladder)[0] == status
    assert ended_at(ladder, intent, 32.0) == at


def test_after_our_cancel_only_the_final_response_frees_the_number() -> None:
    """D10: the number is free at the real final response or after 64 * T1."""
    ladder = told("0 > INVITE", "1 < 180", "30 > CANCEL", "30.1 < 200/CANCEL")
    assert not finished(ladder, OURS, 30.0, 31.0)
    assert not slot_free(ladder, OURS, 30.0, 31.0)
    assert finished(ladder, OURS, 30.0, 30.0 + GIVE_UP_S)
    assert slot_free(ladder, OURS, 30.0, 30.0 + GIVE_UP_S)
    ladder.add(Message(31.0, False, "id", "INVITE", 487, "Request Terminated"))
    assert finished(ladder, OURS, 30.0, 31.0)
    assert slot_free(ladder, OURS, 30.0, 31.0)


def test_a_late_answer_frees_the_number_when_our_bye_is_answered() -> None:
    ladder = told("0 > INVITE", "1 < 180", "30 > CANCEL", "30.1 < 200", "30.1 > ACK", "30.1 > BYE")
    assert finished(ladder, OURS, 30.0, 30.2)
    assert not slot_free(ladder, OURS, 30.0, 30.2)
    ladder.add(Message(30.3, False, "id", "BYE", 200, "OK"))
    assert slot_free(ladder, OURS, 30.0, 30.3)


def test_nothing_is_finished_before_the_endpoint_says_so() -> None:
    assert not finished(told("0 > INVITE", "1 < 486"), None, None, 99.0)
    assert not slot_free(told("0 > INVITE", "1 < 486"), None, None, 99.0)


def test_the_bye_to_a_second_phone_that_answered_is_not_the_end_of_the_call() -> None:
    """RFC 3261, 13.2.2.4: of forked 200s all but one are ended at once."""
    first, second = frozenset({"us", "first"}), frozenset({"us", "second"})
    ladder = told("0 > INVITE")
    for at, way, method, status, tags in (
        (1.0, "<", "INVITE", 200, first), (1.1, "<", "INVITE", 200, second),
        (1.2, ">", "BYE", 0, second), (1.3, "<", "BYE", 200, second),
    ):  # fmt: skip
        ladder.add(Message(at, way == ">", "id", method, status, tags=tags))
    assert (ladder.bye, ladder.done) == (None, False)
    ladder.add(Message(9.0, False, "id", "BYE", tags=first))
    ladder.add(Message(9.1, True, "id", "BYE", 200, tags=first))
    assert ladder.done
    assert (ended_by(ladder, None), ended_at(ladder, None, 10.0)) == (EndedBy.THEM, 9.0)


@pytest.mark.parametrize(
    ("outgoing", "method", "status", "waits"),
    [
        (True, "UPDATE", 491, (2.1, 4.0)),
        (True, "INVITE", 491, (2.1, 4.0)),
        (False, "UPDATE", 491, (0.0, 2.0)),
        (True, "BYE", 491, None),
        (True, "UPDATE", 200, None),
    ],
)
def test_a_request_that_met_the_far_ends_own_is_sent_again_later(
    outgoing: bool, method: str, status: int, waits: tuple[float, float] | None
) -> None:
    """RFC 3261, 14.1."""
    ladder = Ladder()
    ladder.add(Message(0.0, outgoing, "x", "INVITE"))
    ladder.add(Message(1.0, not outgoing, "x", "INVITE", 200))
    refused = Message(50.0, False, "x", method, status)
    ladder.add(refused)
    expected = None if waits is None else (pytest.approx(50 + waits[0]), pytest.approx(50 + waits[1]))
    found = tuple(again_at(ladder, refused, chance) for chance in (0.0, 1.0))
    assert found == (expected or (None, None))


def test_an_invite_that_is_refused_with_491_is_over() -> None:
    ladder = Ladder()
    ladder.add(Message(0.0, True, "x", "INVITE"))
    refused = Message(1.0, False, "x", "INVITE", 491)
    ladder.add(refused)
    assert again_at(ladder, refused, 0.5) is None
