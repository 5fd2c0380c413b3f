"""Far ends that say or play what they mean: announcements before and after the answer, tones, machines."""

from __future__ import annotations

from dialer.disposition import Disposition as D
from tests.matrix.pitched import beep, busy, music, pause, ringback, says
from tests.matrix.row import CLOSE, HOUR, QUARTER, RING, SOON, US, Row
from tests.matrix.scripted import UP as RUNG
from tests.matrix.scripted import Answer, Scripted, Sounds, Step, Take

OFF, EMPTY, VOICEMAIL, ASSISTANT, ADD_ZERO, HOLD = 100, 165, 205, 255, 320, 400
"""Pitches of voices (`tests.matrix.pitched`)."""
PERSON = 130

EARLY: tuple[Step, ...] = (Answer("100 Trying"), Answer("183 Session Progress", "sendrecv"))
UP: tuple[Step, ...] = (Answer("200 OK", "sendrecv"), Take("ACK"))

BEFORE = (
    Row(
        "says in early media that the phone is off, and says it again",
        Scripted((*EARLY, Sounds((pause(0.2), says(OFF, 1.4), pause(0.8), says(OFF, 1.4), pause(8))))),
        D.POWERED_OFF, 487, HOUR, US, seen="INVITE CANCEL ACK", heard=True,
    ),
    *(
        Row(
            f"says in early media that the phone is off, then {status}",
            Scripted((*EARLY, Sounds((pause(0.2), says(OFF, 1.2))), Answer(status))),
            D.POWERED_OFF, int(status[:3]), HOUR, heard=True,
        )
        for status in ("480 Temporarily Unavailable", "487 Request Terminated", "503 Service Unavailable")
    ),
    Row(
        "says in early media that there is no such number, then 480",
        Scripted((*EARLY, Sounds((pause(0.2), says(EMPTY, 1.0),)), Answer("480 Temporarily Unavailable"))),
        D.UNALLOCATED_NUMBER, 480, CLOSE, rung=False, valid=False, heard=True,
    ),
    Row(
        "says in early media that a zero must be dialed first: our mistake, no ring",
        Scripted((*EARLY, Sounds((pause(0.2), says(ADD_ZERO, 1.4), pause(8))))),
        D.MISDIALLED, 487, SOON, US, rung=False, valid=False, seen="INVITE CANCEL ACK",
    ),
    Row(
        "asks in early media to hold the line (call waiting): rings on",
        Scripted((*EARLY, Sounds((pause(0.2), says(HOLD, 1.2), pause(6))))),
        D.NO_ANSWER, 487, HOUR, RING, seen="INVITE CANCEL ACK", rang="183",
    ),
    Row(
        "busy tone in early media",
        Scripted((*EARLY, Sounds((pause(0.2), busy(8))))),
        D.BUSY, 487, QUARTER, US, seen="INVITE CANCEL ACK",
    ),
    Row(
        "ringback in early media, no 180: the limit counts from the ringback",
        Scripted((*EARLY, Sounds((pause(0.6), ringback(8))))),
        D.NO_ANSWER, 487, HOUR, RING, seen="INVITE CANCEL ACK", rang="183", rang_after_s=0.5,
    ),
    Row(
        "colour ringback (music) in early media, no 180: the limit counts from the music",
        Scripted((*EARLY, Sounds((pause(0.6), music(8))))),
        D.NO_ANSWER, 487, HOUR, RING, seen="INVITE CANCEL ACK", rang="183",
    ),
)  # fmt: skip

AFTER = (
    Row(
        "answers and says that the phone is off",
        Scripted((*RUNG, Sounds((pause(0.2), says(OFF, 2.5), pause(0.8), says(OFF, 2.5), pause(6))))),
        D.POWERED_OFF, 200, HOUR, US, seen="INVITE ACK BYE", heard=True,
    ),
    Row(
        "answers with a busy tone and no BYE",
        Scripted((*UP, Sounds((busy(10),)))),
        D.BUSY, 200, QUARTER, US, seen="INVITE ACK BYE", heard=True,
    ),
    Row(
        "answers, says a word, then a busy tone and no BYE",
        Scripted((*RUNG, Sounds((pause(0.2), says(PERSON, 0.6), pause(1.0), busy(10))))),
        D.HUNG_UP, 200, CLOSE, US, seen="INVITE ACK BYE", heard=True,
    ),
    Row(
        "voicemail: its greeting is known by its words",
        Scripted((*RUNG, Sounds((pause(0.2), says(VOICEMAIL, 4), pause(0.5), beep(), pause(8))))),
        D.VOICEMAIL, 200, HOUR, US, seen="INVITE ACK BYE", heard=True,
    ),
    Row(
        "voicemail: a word, then a beep amid our opening",
        Scripted((*RUNG, Sounds((pause(0.2), says(PERSON, 0.7), pause(1.0), beep(), pause(8))))),
        D.VOICEMAIL, 200, HOUR, US, seen="INVITE ACK BYE", heard=True,
    ),
    Row(
        "an assistant asks what it is about",
        Scripted((*RUNG, Sounds((pause(0.2), says(ASSISTANT, 2.6), pause(8))))),
        D.ASSISTANT, 200, HOUR, US, seen="INVITE ACK BYE", heard=True,
    ),
)  # fmt: skip
