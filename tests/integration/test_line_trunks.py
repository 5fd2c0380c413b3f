"""Accounts against trunks that are not ours: Kamailio, SIPp, baresip."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest

from base.errors import LineError
from dialer.line.ladder import headers
from dialer.line.protocol import Answered, EndedBy, Hangup, Incoming, Originate, Registered, Respond
from dialer.line.settings import SipSettings, TrunkAccount
from dialer.line.workers import WorkerPool
from tests.certificates import Papers, papers
from tests.kamailio import PASSWORD, REALM, USER, Trunk, kamailio
from tests.linekit import PATIENCE_S, Watched
from tests.sipp import SDP
from tests.watching import watching

pytestmark = [pytest.mark.sip]

QUIET = SipSettings(takes_calls=False)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return papers(tmp_path_factory.mktemp("papers"), "trunk")


def account(trunk: Trunk, own: Papers, transport: str, **more: object) -> TrunkAccount:
    port = trunk.tls_port if transport == "tls" else trunk.port
    here = f"sip:127.0.0.1:{port}"
    told: dict[str, object] = {
        "name": transport, "peer": here, "transport": transport, "registrar": here, "register_s": 60,
        "aor": f"sip:{USER}@127.0.0.1:{port}", "auth_user": USER, "auth_password": PASSWORD, "realm": REALM,
        "proxy": here, "tls_ca": own.ca, "takes_calls": True,
    }  # fmt: skip
    return TrunkAccount(**{**told, **more})  # type: ignore[arg-type]


async def registered(pool: WorkerPool, trunk: str) -> Registered:
    """Wait for a word about a trunk's registration."""
    async with asyncio.timeout(PATIENCE_S):
        while trunk not in pool.registrations:  # noqa: ASYNC110 (the pool tells nobody)
            await asyncio.sleep(0.02)
    return pool.registrations[trunk]


@pytest.mark.parametrize(("transport", "algorithm"), [("udp", "MD5"), ("tcp", "SHA-256"), ("tls", "SHA-256")])
async def test_the_desk_registers_takes_calls_and_goes_again(
    tmp_path: Path, own: Papers, transport: str, algorithm: str
) -> None:
    """One contact for all workers; the others send with credentials alone, and the far end asks for them."""
    async with kamailio(tmp_path, own, algorithm) as far:
        line = account(far, own, transport)
        async with await WorkerPool.start(workers=1, sip=QUIET, trunks=(line,)) as pool:
            assert (await registered(pool, transport)).status == 200
            assert (await pool.probe(transport)).status == 200
            assert pool.free == 4
            ours = Watched(pool.originate(Originate("call", f"sip:{USER}@127.0.0.1", trunk=transport)))
            called = await asyncio.wait_for(pool.next_incoming(), PATIENCE_S)
            assert isinstance(called.incoming, Incoming)
            assert (called.incoming.trunk, called.incoming.number) == (transport, USER)
            called.send(Respond(called.id, 200))
            await ours.until(Answered)
            ours.leg.send(Hangup(ours.id))
            assert (await ours.over()).by is EndedBy.US
            assert (await Watched(called).over()).by is EndedBy.THEM
        await far.until("REGISTER", "0")
        seen = far.seen()
    assert pool.exit_statuses == (0, 0)
    assert {one[1] for one in seen if one[0] in ("REGISTER", "OPTIONS")} == {transport}
    registers = [one for one in seen if one[0] == "REGISTER" and one[2] != "0"]
    assert len(registers) == 2


async def test_credentials_that_are_refused_are_tried_once_and_said_once(tmp_path: Path, own: Papers) -> None:
    async with kamailio(tmp_path, own) as far:
        line = account(far, own, "udp", auth_password="other")
        async with await WorkerPool.start(workers=1, sip=QUIET, trunks=(line,)) as pool:
            assert (await registered(pool, "udp")).status in (401, 403)
            ours = Watched(pool.originate(Originate("call", f"sip:{USER}@127.0.0.1", trunk="udp")))
            ended = await ours.over()
        told = [one[0] for one in far.seen()]
    assert (ended.status, ended.by, told.count("INVITE"), told.count("REGISTER")) == (407, EndedBy.THEM, 2, 2)


async def test_a_certificate_that_we_do_not_trust_is_said_and_nothing_is_sent(
    tmp_path: Path, own: Papers
) -> None:
    """The call is a failure of ours (no phone rang), with the reason in words."""
    other = papers(tmp_path, "other")
    async with kamailio(tmp_path, own) as far:
        line = account(far, own, "tls", tls_ca=other.ca)
        async with await WorkerPool.start(workers=1, sip=QUIET, trunks=(line,)) as pool:
            refused = await registered(pool, "tls")
            assert (await pool.probe("tls")).status == 0
            ended = await Watched(pool.originate(Originate("call", "sip:100@127.0.0.1", trunk="tls"))).over()
        seen = far.seen()
    assert "certificate" in refused.reason
    assert refused.status == 503
    assert (ended.status, ended.by, ended.ladder) == (0, EndedBy.FAILURE, ("0.000 > INVITE",))
    assert "certificate" in ended.reason
    assert (seen, pool.exit_statuses) == ([], (0, 0))


async def test_a_certificate_for_another_host_is_refused_unless_told_otherwise(
    tmp_path: Path, own: Papers
) -> None:
    elsewhere = papers(tmp_path, "elsewhere", host="192.0.2.1")
    async with kamailio(tmp_path, elsewhere) as far:
        strict = account(far, elsewhere, "tls", name="strict", registrar="", takes_calls=False)
        lax = replace(strict, name="lax", tls_verify=False)
        async with await WorkerPool.start(workers=1, sip=QUIET, trunks=(strict, lax)) as pool:
            assert (await pool.probe("strict")).status == 0
            assert (await pool.probe("lax")).status == 200


async def test_papers_that_are_missing_are_one_clear_error() -> None:
    line = TrunkAccount("tls", "sip:127.0.0.1", transport="tls", tls_ca="missing.pem")
    with pytest.raises(LineError, match=r"missing\.pem: cannot be read"):
        await WorkerPool.start(workers=1, trunks=(line,))


async def test_more_trunks_than_pjsip_has_accounts_are_one_clear_error() -> None:
    lines = [TrunkAccount(f"line{n}", "sip:127.0.0.1") for n in range(8)]
    with pytest.raises(LineError, match="7 trunks at most"):
        await WorkerPool.start(workers=1, trunks=lines)


async def test_a_far_end_that_is_silent_to_options_does_not_hold_up_the_end() -> None:
    """PJSIP aborts when the answer outlives the account: the worker must go without waiting for it."""
    with watching() as far:
        line = TrunkAccount("dead", f"sip:127.0.0.1:{far.port}")
        async with await WorkerPool.start(workers=1, trunks=(line,)) as pool:
            asked = [asyncio.create_task(pool.probe("dead")) for _ in range(2)]
            await far.until(b"OPTIONS ")
            with pytest.raises(LineError):
                await pool.probe("unknown")
        assert [(await one).status for one in asked] == [0, 0]
    assert pool.exit_statuses == (0,)


async def test_an_invite_is_as_the_trunk_wants_it() -> None:
    """Codecs, keys, marks, session timer, caller, asserted identity, source port, RTP range."""
    with watching() as far, watching() as sound:
        line = TrunkAccount(
            "main", f"sip:127.0.0.1:{far.port}", codecs=("PCMU", "PCMA"), dtmf_payload=102, dscp_sip=24,
            dscp_rtp=46, session_s=600, prack="mandatory",
        )  # fmt: skip
        sip = SipSettings(takes_calls=False, rtp_first=34000)
        async with await WorkerPool.start(workers=1, trunks=(line,), sip=sip) as pool:
            order = Originate(
                "call", f"sip:100@127.0.0.1:{far.port};user=phone", "sip:95500@192.0.2.9",
                {"P-Asserted-Identity": "<sip:95500@192.0.2.9>"}, trunk="main",
            )  # fmt: skip
            leg = Watched(pool.originate(order))
            invite, mark, source = await far.until(b"INVITE ")
            far.socket.sendto(ok(invite, far.port, sound.port), source)
            await leg.until(Answered)
            _, rtp_mark, rtp_source = await sound.until(b"\x80")
            leg.leg.send(Hangup(leg.id))
            bye, _, _ = await far.until(b"BYE ")
            far.socket.sendto(ok(bye, far.port), source)
            await leg.over()
            assert source == ("127.0.0.1", pool.ports[0])
    head, _, body = invite.partition("\r\n\r\n")
    assert f"INVITE sip:100@127.0.0.1:{far.port};user=phone SIP/2.0" in head
    assert "From: <sip:95500@192.0.2.9>" in head or "From: sip:95500@192.0.2.9" in head
    assert "P-Asserted-Identity: <sip:95500@192.0.2.9>" in head
    assert "Session-Expires: 600" in head
    assert re.search(r"Require: .*100rel", head)
    assert re.search(r"m=audio 34\d\d\d RTP/AVP 0 8 102\r\n", body)
    assert "a=rtpmap:102 telephone-event/8000" in body
    assert (mark, rtp_mark) == (24, 46)
    assert 34000 <= rtp_source[1] < 34100


def ok(request: str, port: int, rtp_port: int = 0) -> bytes:
    """A 200 to it; with `rtp_port`, carrying a session description."""
    head = headers(request)
    body = SDP.format(port=rtp_port).replace("\n", "\r\n") if rtp_port else ""
    lines = [
        "SIP/2.0 200 OK",
        *(f"{name.title()}: {head[name]}" for name in ("via", "from", "call-id", "cseq")),
        f"To: {head['to'].partition(';tag')[0]};tag=far",
        f"Contact: <sip:far@127.0.0.1:{port}>",
        *(["Content-Type: application/sdp"] if body else []),
        f"Content-Length: {len(body)}",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
