"""The table of far-end behaviours: who does what, and what must become of the call and of the follow-up.

`docs/far-ends.md` is made from it. Limits are short here, that the matrix stays short; nothing else differs
from the policy that every firm inherits (`config/profiles/default.yaml`).
"""

from __future__ import annotations

from dialer.disposition import Disposition as D
from dialer.line.protocol import EndedBy
from tests.matrix.phones import (
    Baresip,
    Phone,
    declines,
    leaves_amid_the_goodbye,
    leaves_amid_the_question,
    presses_a_key,
    rings,
)
from tests.matrix.row import Row, cut, refusal
from tests.matrix.scripted import Answer, Ask, Challenge, Key, Rtp, Scripted, Step, Take, Vanish
from tests.matrix.sipp_end import Sipp

RING_S, SETUP_S, TALK_S = 1.5, 2.5, 6.0

US, THEM = EndedBy.US, EndedBy.THEM
RING, SETUP, TALK, FAILURE = EndedBy.RING_LIMIT, EndedBy.SETUP_LIMIT, EndedBy.TALK_LIMIT, EndedBy.FAILURE
QUARTER, HOUR, SOON = 900, 3600, 300
CLOSE = None

RINGING: tuple[Step, ...] = (Answer("100 Trying"), Answer("180 Ringing"))
UP: tuple[Step, ...] = (*RINGING, 0.1, Answer("200 OK", "sendrecv"), Take("ACK"))
KEY: tuple[Step, ...] = (0.9, Key(1))
MIN_SE = ("Min-SE: 3600",)
TIMER = ("Session-Expires: 90;refresher=uas", "Require: timer", "Supported: timer")

REFUSED = (
    refusal("486 Busy Here", D.BUSY, QUARTER),
    refusal("600 Busy Everywhere", D.BUSY, QUARTER),
    refusal("603 Decline", D.REJECTED, HOUR),
    refusal("607 Unwanted", D.REJECTED, HOUR),
    refusal("608 Rejected", D.BLOCKED, HOUR, valid=False),
    refusal("403 Forbidden", D.CALLER_BARRED, HOUR, rung=False, valid=False),
    refusal("404 Not Found", D.UNALLOCATED_NUMBER, CLOSE, rung=False, valid=False),
    refusal("604 Does Not Exist Anywhere", D.UNALLOCATED_NUMBER, CLOSE, rung=False, valid=False),
    refusal("410 Gone", D.NUMBER_CHANGED, CLOSE, rung=False, valid=False),
    refusal("484 Address Incomplete", D.MISDIALLED, HOUR, rung=False, valid=False),
    refusal("408 Request Timeout", D.UNREACHABLE, HOUR),
    refusal("480 Temporarily Unavailable", D.UNREACHABLE, HOUR),
    refusal("500 Server Internal Error", D.UNREACHABLE, HOUR),
    refusal("502 Bad Gateway", D.UNREACHABLE, HOUR),
    refusal("503 Service Unavailable", D.UNREACHABLE, HOUR),
    refusal("504 Server Time-out", D.UNREACHABLE, HOUR),
    refusal("488 Not Acceptable Here", D.LINE_FAILURE, SOON, rung=False, valid=False),
    refusal("413 Request Entity Too Large", D.LINE_FAILURE, SOON, rung=False, valid=False),
    refusal("491 Request Pending", D.LINE_FAILURE, SOON, rung=False, valid=False),
    refusal("404 Not Found", D.UNALLOCATED_NUMBER, CLOSE, cause=1, rung=False, valid=False),
    refusal("480 Temporarily Unavailable", D.BUSY, QUARTER, cause=17),
    refusal("480 Temporarily Unavailable", D.NO_ANSWER, HOUR, cause=19, valid=False),
    refusal("480 Temporarily Unavailable", D.POWERED_OFF, HOUR, cause=20),
    refusal("480 Temporarily Unavailable", D.REJECTED, HOUR, cause=21),
    refusal("500 Server Internal Error", D.UNREACHABLE, HOUR, cause=27),
    refusal("503 Service Unavailable", D.NETWORK_BUSY, QUARTER, cause=34, valid=False),
    refusal("480 Temporarily Unavailable", D.UNREACHABLE, HOUR, cause=16),
)

MOVED = tuple(
    Row(
        f"{status}, with another number in Contact: not followed",
        Scripted((Answer(status, extra=("Contact: <sip:other@127.0.0.1:9>",)),)),
        disposition,
        int(status[:3]),
        again_s,
        rung=False,
        valid=False,
    )
    for status, disposition, again_s in (
        ("301 Moved Permanently", D.NUMBER_CHANGED, CLOSE),
        ("302 Moved Temporarily", D.UNREACHABLE, HOUR),
    )
)

CREDENTIALS = (
    Row(
        "401 (MD5), our credentials are right",
        Scripted((Challenge("401 Unauthorized"), *UP, *KEY)),
        D.COMPLETED, 200, CLOSE, by=US, seen="INVITE ACK INVITE ACK BYE",
    ),
    Row(
        "407 (SHA-256), our credentials are right",
        Scripted((Challenge("407 Proxy Authentication Required", algorithm="SHA-256"), *UP, *KEY)),
        D.COMPLETED, 200, CLOSE, by=US, seen="INVITE ACK INVITE ACK BYE",
    ),
    Row(
        "401, our credentials are wrong: tried once",
        Scripted((Challenge("401 Unauthorized", "other"),)),
        D.LINE_FAILURE, 401, SOON, rung=False, valid=False, seen="INVITE ACK INVITE ACK",
    ),
    Row(
        "407, our credentials are wrong: tried once",
        Scripted((Challenge("407 Proxy Authentication Required", "other"),)),
        D.LINE_FAILURE, 407, SOON, rung=False, valid=False, seen="INVITE ACK INVITE ACK",
    ),
    Row(
        "422, wants longer session intervals, then answers",
        Scripted((Answer("422 Session Interval Too Small", extra=MIN_SE), Take("INVITE"), *UP, *KEY)),
        D.COMPLETED, 200, CLOSE, by=US, seen="INVITE ACK INVITE ACK BYE",
    ),
)  # fmt: skip

UNANSWERED = (
    Row(
        "a black hole: nothing comes back at all",
        Scripted(),
        D.UNREACHABLE, 0, HOUR, by=SETUP, valid=False, seen="INVITE", slow=True,
    ),
    Row(
        "100 and nothing more",
        Scripted((Answer("100 Trying"),)),
        D.UNREACHABLE, 487, HOUR, by=SETUP, valid=False, seen="INVITE CANCEL ACK",
    ),
    Row(
        "181 (is being forwarded) and nothing more",
        Scripted((Answer("181 Call Is Being Forwarded"),)),
        D.UNREACHABLE, 487, HOUR, by=SETUP, valid=False, seen="INVITE CANCEL ACK",
    ),
    Row(
        "180 for ever",
        Scripted(RINGING),
        D.NO_ANSWER, 487, HOUR, by=RING, seen="INVITE CANCEL ACK", rang="180",
    ),
    Row(
        "180 with early media for ever",
        Scripted((Answer("180 Ringing", "sendrecv"), Rtp(3))),
        D.NO_ANSWER, 487, HOUR, by=RING, seen="INVITE CANCEL ACK", rang="180",
    ),
    Row(
        "180 again and again: the limit counts from the first",
        Scripted((Answer("180 Ringing"), 0.5, Answer("180 Ringing"), 0.5, Answer("180 Ringing"))),
        D.NO_ANSWER, 487, HOUR, by=RING, seen="INVITE CANCEL ACK", rang="180",
    ),
    Row(
        "183 without a session description for ever",
        Scripted((Answer("183 Session Progress"),)),
        D.NO_ANSWER, 487, HOUR, by=RING, seen="INVITE CANCEL ACK", rang="183",
    ),
    Row(
        "183 with early media for ever",
        Scripted((Answer("183 Session Progress", "sendrecv"), Rtp(3))),
        D.NO_ANSWER, 487, HOUR, by=RING, seen="INVITE CANCEL ACK", rang="183",
    ),
    Row(
        "183, a second later 180: the limit counts from the 180",
        Scripted((Answer("183 Session Progress", "sendrecv"), 1.0, Answer("180 Ringing"))),
        D.NO_ANSWER, 487, HOUR, by=RING, seen="INVITE CANCEL ACK", rang="180",
    ),
    Row(
        "180, then 183: the limit counts from the 180",
        Scripted((Answer("180 Ringing"), 0.8, Answer("183 Session Progress", "sendrecv"))),
        D.NO_ANSWER, 487, HOUR, by=RING, seen="INVITE CANCEL ACK", rang="180",
    ),
    Row(
        "two phones ring (forked 180s), nobody answers",
        Scripted((Answer("180 Ringing"), 0.3, Answer("180 Ringing", tag="second"))),
        D.NO_ANSWER, 487, HOUR, by=RING, seen="INVITE CANCEL ACK", rang="180",
    ),
    Row(
        "rings until our CANCEL, its 487 says Q.850 cause 16",
        Sipp("ring_on.xml", extra="Reason: Q.850;cause=16"),
        D.NO_ANSWER, 487, HOUR, by=RING, q850=16, seen="INVITE CANCEL ACK", rang="180",
    ),
    Row(
        "rings until our CANCEL, its 487 says Q.850 cause 19",
        Sipp("ring_on.xml", extra="Reason: Q.850;cause=19"),
        D.NO_ANSWER, 487, HOUR, by=RING, q850=19, seen="INVITE CANCEL ACK", rang="180",
    ),
    Row("rings until our CANCEL (our softphone)", Phone(rings), D.NO_ANSWER, 487, HOUR, by=RING, seen=""),
    Row(
        "answers our CANCEL, but the 487 never comes",
        Scripted(RINGING, cancel=(Answer("200 OK", to="CANCEL"),)),
        D.NO_ANSWER, 0, HOUR, by=RING, seen="INVITE CANCEL", rang="180", slow=True,
    ),
    Row(
        "180, then dead: the CANCEL is not answered either",
        Scripted(RINGING, cancel=()),
        D.NO_ANSWER, 0, HOUR, by=RING, seen="INVITE CANCEL( BYE)?", rang="180", slow=True,
    ),
    Row(
        "486 in the place of 487 after our CANCEL",
        Scripted(RINGING, cancel=(Answer("200 OK", to="CANCEL"), Answer("486 Busy Here"))),
        D.NO_ANSWER, 486, HOUR, by=RING, seen="INVITE CANCEL ACK", rang="180",
    ),
    Row(
        "is answered as we cancel: the 200 crosses our CANCEL",
        Scripted(RINGING, cancel=(Answer("200 OK", to="CANCEL"), Answer("200 OK", "sendrecv"))),
        D.SILENT, 200, HOUR, by=RING, seen="INVITE CANCEL ACK BYE", rang="180",
    ),
    Row(
        "481 to our CANCEL, and is answered",
        Scripted(
            RINGING,
            cancel=(
                Answer("481 Call/Transaction Does Not Exist", to="CANCEL"), Answer("200 OK", "sendrecv"),
            ),
        ),
        D.SILENT, 200, HOUR, by=RING, seen="INVITE CANCEL ACK BYE", rang="180",
    ),
)  # fmt: skip

CUT = (
    cut("486 Busy Here", D.BUSY, QUARTER),
    cut("603 Decline", D.REJECTED, HOUR),
    cut("480 Temporarily Unavailable", D.CARRIER_CUT, HOUR, valid=False),
    cut("487 Request Terminated", D.CARRIER_CUT, HOUR, valid=False),
    cut("408 Request Timeout", D.CARRIER_CUT, HOUR, valid=False),
    cut("480 Temporarily Unavailable", D.CARRIER_CUT, HOUR, cause=19, valid=False),
    cut("480 Temporarily Unavailable", D.REJECTED, HOUR, cause=21),
    cut("404 Not Found", D.UNALLOCATED_NUMBER, CLOSE, valid=False),
    Row("is declined (our softphone)", Phone(declines), D.REJECTED, 603, HOUR, seen=""),
)

ANSWERED = (
    Row(
        "answers and presses a key (our softphone)",
        Phone(presses_a_key),
        D.COMPLETED, 200, CLOSE, US, seen="",
    ),
    Row(
        "answers and presses a key",
        Scripted((*UP, *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK BYE",
    ),
    Row(
        "answers without ringing",
        Scripted((Answer("200 OK", "sendrecv"), Take("ACK"), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK BYE",
    ),
    Row("answers at once and says something (baresip)", Baresip(1.2), D.COMPLETED, 200, CLOSE, US, seen=""),
    Row("answers and never sends sound", Scripted(UP), D.SILENT, 200, HOUR, US, seen="INVITE ACK BYE"),
    Row(
        "its sound stops after half a second",
        Scripted((*UP, Rtp(0.5))),
        D.SILENT, 200, HOUR, US, seen="INVITE ACK BYE",
    ),
    Row(
        "has everything explained at length: longest call",
        Scripted((*UP, 0.9, Key(9))),
        D.HUNG_UP, 200, CLOSE, TALK, seen="INVITE ACK BYE",
    ),
    Row(
        "other session description at the answer than before (183, 200)",
        Sipp("other_sdp_at_answer.xml"),
        D.SILENT, 200, HOUR, US, seen="INVITE ACK BYE",
    ),
    Row(
        "other sound port at the answer than before, then a key",
        Scripted(
            (
                Answer("183 Session Progress", "sendrecv"), 0.2,
                Answer("200 OK", "sendrecv", rtp=1), Take("ACK"), *KEY,
            )
        ),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK BYE",
    ),
    Row(
        "answers without any session description",
        Scripted((*RINGING, 0.1, Answer("200 OK"))),
        D.SILENT, 200, HOUR, FAILURE, valid=False, seen="INVITE ACK BYE",
    ),
    Row(
        "repeats its 200 until the ACK and beyond",
        Scripted((*RINGING, *(Answer("200 OK", "sendrecv"), 0.2) * 3, *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK BYE",
    ),
    Row(
        "two phones answer (forked 200s): the second gets a BYE",
        Scripted((*UP, Answer("200 OK", "sendrecv", tag="second"), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK ACK BYE BYE",
    ),
    Row(
        "two phones ring, the second answers",
        Scripted(
            (
                Answer("180 Ringing"), Answer("180 Ringing", tag="second"), 0.2,
                Answer("200 OK", "sendrecv", tag="second"), Take("ACK"), *KEY,
            )
        ),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK BYE",
    ),
)  # fmt: skip

CHANGED = (
    Row(
        "puts us on hold (sendonly) and takes us back",
        Scripted((*UP, 0.3, Ask("INVITE", "sendonly"), 0.5, Ask("INVITE", "sendrecv"), 0.4, Key(1))),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK 200 200 BYE",
    ),
    Row(
        "stops all sound (inactive) amid the question and takes us back",
        Scripted((*UP, 0.2, Ask("INVITE", "inactive"), 0.2, Ask("INVITE", "sendrecv"), 0.8, Key(1))),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK 200 200 BYE",
    ),
    Row(
        "UPDATE in mid-call",
        Scripted((*UP, 0.2, Ask("UPDATE"), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK 200 BYE",
    ),
    Row(
        "UPDATE with a session description in mid-call",
        Scripted((*UP, 0.2, Ask("UPDATE", "sendrecv"), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK 200 BYE",
    ),
    Row(
        "OPTIONS in mid-call, as a sign of life (PJSIP says 500)",
        Scripted((*UP, 0.2, Ask("OPTIONS"), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK 500 BYE",
    ),
    Row(
        "session timer: it refreshes by UPDATE",
        Scripted(
            (
                *RINGING, Answer("200 OK", "sendrecv", TIMER), Take("ACK"), 0.4,
                Ask("UPDATE", extra=("Session-Expires: 90;refresher=uac", "Supported: timer")), *KEY,
            )
        ),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK 200 BYE",
    ),
    Row(
        "re-INVITE with a codec we don't have is refused, the call goes on",
        Scripted((*UP, 0.2, Ask("INVITE", "codec"), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK (488|500) BYE",
    ),
)  # fmt: skip

HANGS_UP = (
    Row(
        "hangs up at the answer, with the ACK",
        Scripted((*UP, Ask("BYE"))),
        D.HUNG_UP, 200, CLOSE, seen="INVITE ACK 200",
    ),
    Row(
        "hangs up at the answer, before our ACK can have come",
        Scripted((*RINGING, Answer("200 OK", "sendrecv"), Ask("BYE"))),
        D.HUNG_UP, 200, CLOSE, seen="INVITE ACK 200",
    ),
    Row(
        "hangs up amid the question",
        Sipp("answer_then_bye.xml"),
        D.HUNG_UP, 200, CLOSE, seen="INVITE ACK 200",
    ),
    Row(
        "hangs up amid the question (our softphone)",
        Phone(leaves_amid_the_question),
        D.HUNG_UP, 200, CLOSE, seen="",
    ),
    Row(
        "hangs up during the closing words (our softphone)",
        Phone(leaves_amid_the_goodbye),
        D.COMPLETED, 200, CLOSE, seen="",
    ),
    *(
        Row(
            f"hangs up with Q.850 cause {cause} in its BYE",
            Sipp("answer_then_bye.xml", extra=f"Reason: Q.850;cause={cause}"),
            D.HUNG_UP, 200, CLOSE, q850=cause, seen="INVITE ACK 200",
        )
        for cause in (16, 31, 38)
    ),
    Row(
        "does not answer our BYE",
        Scripted((*UP, *KEY), bye=()),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK BYE", slow=True,
    ),
    Row(
        "481 to our BYE",
        Scripted((*UP, *KEY), bye=(Answer("481 Call/Transaction Does Not Exist", to="BYE"),)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK BYE",
    ),
    Row(
        "dies in mid-call: no sound, no SIP",
        Scripted((*UP, 0.5, Vanish())),
        D.SILENT, 200, HOUR, US, seen="INVITE ACK", slow=True,
    ),
)  # fmt: skip

GROUPS: dict[str, tuple[Row, ...]] = {
    "Refused at once": REFUSED,
    "Moved": MOVED,
    "Credentials and session intervals": CREDENTIALS,
    "Nobody answers": UNANSWERED,
    "Ended while ringing": CUT,
    "Answered": ANSWERED,
    "Changed in mid-call": CHANGED,
    "Ends": HANGS_UP,
}
ROWS = tuple(row for rows in GROUPS.values() for row in rows)
