"""Rows of far ends that refuse: at once, after a question for credentials, while it rings."""

from __future__ import annotations

from dialer.disposition import Disposition as D
from tests.matrix.phones import Phone, declines
from tests.matrix.row import CLOSE, HOUR, QUARTER, SOON, US, Row, cut, refusal
from tests.matrix.scripted import KEY, UP, Answer, Challenge, Scripted, Take

MIN_SE = ("Min-SE: 3600",)

REFUSED = (
    refusal("486 Busy Here", D.BUSY, QUARTER),
    refusal("600 Busy Everywhere", D.BUSY, QUARTER),
    refusal("603 Decline", D.REJECTED, HOUR),
    refusal("607 Unwanted", D.REJECTED, HOUR),
    refusal("608 Rejected", D.BLOCKED, HOUR, valid=False),
    refusal("403 Forbidden", D.CALLER_BARRED, SOON, rung=False, valid=False),
    refusal("404 Not Found", D.UNALLOCATED_NUMBER, CLOSE, rung=False, valid=False),
    refusal("604 Does Not Exist Anywhere", D.UNALLOCATED_NUMBER, CLOSE, rung=False, valid=False),
    refusal("410 Gone", D.NUMBER_CHANGED, CLOSE, rung=False, valid=False),
    refusal("484 Address Incomplete", D.MISDIALLED, SOON, rung=False, valid=False),
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
