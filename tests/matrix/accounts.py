"""Rows that are called by a trunk's own account: TCP, TLS and SRTP, credentials, PRACK, session timers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dialer.disposition import Disposition as D
from dialer.line.settings import TrunkAccount
from tests.matrix.phones import PAPERS, Baresip
from tests.matrix.row import CLOSE, FAILURE, SOON, US, Row
from tests.matrix.scripted import KEY, PASSWORD, RINGING, UP, USER, Answer, Challenge, Scripted, Take
from tests.matrix.sipp_end import Sipp

RELIABLE = ("Require: 100rel", "RSeq: 1")


def account(name: str, **more: Any) -> Callable[[str, Path], TrunkAccount]:
    """An account with these settings."""
    return lambda peer, _folder: TrunkAccount(name, peer, **more)


def secret(name: str, *, trusted: bool) -> Callable[[str, Path], TrunkAccount]:
    """TLS and SRTP, both mandatory; only the right authority is trusted, or only another."""

    def made(peer: str, folder: Path) -> TrunkAccount:
        ca = folder / PAPERS / ("ca.pem" if trusted else "other.pem")
        return TrunkAccount(name, peer, transport="tls", srtp="mandatory", tls_ca=str(ca))

    return made


BY_ACCOUNT = (
    Row(
        "TCP: hangs up amid the question",
        Sipp("answer_then_bye.xml", transport="tcp"),
        D.HUNG_UP, 200, CLOSE, seen="INVITE ACK 200", account=account("tcp", transport="tcp"),
    ),
    Row(
        "TLS and SRTP: answers at once and says something (baresip)",
        Baresip(1.2, secure=True),
        D.COMPLETED, 200, CLOSE, US, seen="", account=secret("tls", trusted=True),
    ),
    Row(
        "TLS with a certificate of an authority that we don't trust: nothing is sent",
        Baresip(1.2, secure=True),
        D.LINE_FAILURE, 0, SOON, FAILURE, rung=False, valid=False, seen="",
        account=secret("untrusted", trusted=False),
    ),
    Row(
        "SRTP is a must for us, it answers without",
        Scripted((*RINGING, Answer("200 OK", "sendrecv"))),
        D.LINE_FAILURE, 200, SOON, FAILURE, valid=False, seen="INVITE (ACK BYE|BYE ACK)",
        account=account("srtp", srtp="mandatory"),
    ),
    Row(
        "401 (SHA-256) by way of an outbound proxy; SRTP as it likes, it answers without",
        Scripted((Challenge("401 Unauthorized", algorithm="SHA-256"), *UP, *KEY)),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE ACK INVITE ACK BYE",
        account=lambda peer, _folder: TrunkAccount(
            "proxy", "sip:192.0.2.1", proxy=peer, auth_user=USER, auth_password=PASSWORD, srtp="optional",
        ),
    ),
    Row(
        "183 that wants a PRACK and gets it",
        Scripted(
            (
                Answer("183 Session Progress", "sendrecv", RELIABLE), Take("PRACK"),
                Answer("200 OK", to="PRACK"), *UP, *KEY,
            )
        ),
        D.COMPLETED, 200, CLOSE, US, seen="INVITE PRACK ACK BYE",
        account=account("reliable", prack="mandatory"),
    ),
)  # fmt: skip
