"""The table of far-end behaviours: who does what, and what must become of the call and of the follow-up.

`docs/far-ends.md` is made from it. Limits are short here, that the matrix stays short; nothing else differs
from the policy that every firm inherits (`config/profiles/default.yaml`).
"""

from __future__ import annotations

from dialer.disposition import Disposition as D
from tests.matrix import heard
from tests.matrix.accounts import BY_ACCOUNT, RELIABLE
from tests.matrix.phones import (
    Baresip,
    Phone,
    leaves_amid_the_goodbye,
    leaves_amid_the_question,
    presses_a_key,
    rings,
)
from tests.matrix.refusals import CREDENTIALS, CUT, MOVED, REFUSED
from tests.matrix.row import CLOSE, FAILURE, HOUR, RING, SETUP, TALK, US, Row
from tests.matrix.scripted import (
    KEY,
    RINGING,
    UP,
    Answer,
    Ask,
    Key,
    Raw,
    Rtp,
    Scripted,
    Take,
    TakeOver,
    Vanish,
)
from tests.matrix.sipp_end import Sipp

TIMER = ("Session-Expires: 90;refresher=uas", "Require: timer", "Supported: timer")

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
        Scripted((Answer("180 Ringing", "sendrecv"), Rtp(4))),
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
        Scripted((Answer("183 Session Progress", "sendrecv"), Rtp(4))),
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
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK ACK BYE BYE", talked_s=1.0,
    ),
    Row(
        "two phones answer (forked 200s), the first hangs up later",
        Scripted((*UP, Answer("200 OK", "sendrecv", tag="second"), 1.5, Ask("BYE"))),
        D.HUNG_UP, 200, CLOSE, seen="INVITE ACK ACK BYE 200", talked_s=1.0,
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
        Scripted((*UP, 0.2, Ask("INVITE", "foreign"), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK (488|500) BYE",
    ),
)  # fmt: skip

ODD = (
    Row(
        "presses its key by INFO instead of RTP",
        Scripted((*UP, 0.9, Ask("INFO", body=("application/dtmf-relay", "Signal=1\r\nDuration=100\r\n")))),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK 200 BYE",
    ),
    Row(
        "re-INVITE to our second codec",
        Scripted((*UP, 0.2, Ask("INVITE", "pcmu"), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK 200 BYE",
    ),
    Row(
        "REFER: wants us to call somebody else",
        Scripted((*UP, 0.2, Ask("REFER", extra=("Refer-To: <sip:other@127.0.0.1:9>",)), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK 603 BYE",
    ),
    Row(
        "INVITE with Replaces: somebody else wants to take the call over",
        Scripted((*UP, 0.2, TakeOver(), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK (603|486) BYE",
    ),
    Row(
        "a request that we don't know (MESSAGE) in mid-call",
        Scripted((*UP, 0.2, Ask("MESSAGE", body=("text/plain", "x")), *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK (200|405|500) BYE",
    ),
    Row(
        "183 that wants a PRACK, though we did not offer it",
        Scripted((Answer("183 Session Progress", "sendrecv", RELIABLE), 0.2, *UP, *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE (PRACK )?ACK BYE",
    ),
    Row(
        "sends bytes that are no SIP",
        Scripted((*RINGING, Raw(b"\x00\xff SIP/2.0 ?"), Raw(b"SIP/2.0 200 OK\r\n\r\n"), *UP, *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK BYE",
    ),
    Row(
        "hangs up in the same moment as we do",
        Scripted((*UP, *KEY), bye=(Ask("BYE"), 0.1, Answer("200 OK", to="BYE"))),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK BYE (200|481)",
    ),
    Row(
        "180, after our CANCEL 487 only after a second",
        Scripted(RINGING, cancel=(Answer("200 OK", to="CANCEL"), 1.0, Answer("487 Request Terminated"))),
        D.NO_ANSWER, 487, HOUR, by=RING, seen="INVITE CANCEL ACK", rang="180",
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
    "Heard before the answer": heard.BEFORE,
    "Answered": ANSWERED,
    "Heard after the answer": heard.AFTER,
    "Changed in mid-call": CHANGED,
    "By accounts of their own": BY_ACCOUNT,
    "Odd": ODD,
    "Ends": HANGS_UP,
}
ROWS = tuple(row for rows in GROUPS.values() for row in rows)
