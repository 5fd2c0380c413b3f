"""The edge in front of carriers that refuse every other source: Kamailio with our configuration."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from dialer.edge import control
from dialer.edge.config import behind
from dialer.edge.settings import EdgeSettings
from dialer.line.protocol import Answered, Hangup, Originate, Respond
from dialer.line.settings import SipSettings, Transport, TrunkAccount
from dialer.line.workers import WorkerPool
from tests.carrier import PASSWORD, USER, Carrier, carrier, stream_carrier
from tests.certificates import papers
from tests.edge_kit import free_settings, running_edge, tls_1_3_only
from tests.linekit import Watched
from tests.sipp import free_port
from tests.stranger import final_answer

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Site:
    """One edge with a carrier before it and workers behind it."""

    settings: EdgeSettings
    far: Carrier
    workers: WorkerPool
    desk: WorkerPool
    folder: Path

    def dial(self, number: str, **more: object) -> Watched:
        """Call one of the carrier's customers."""
        uri = f"sip:{number}@127.0.0.1:{self.far.address[1]}"
        return Watched(self.workers.originate(Originate(number, uri, **more)))  # type: ignore[arg-type]


def trunk_to(far: Carrier, name: str = "主线", **more: object) -> TrunkAccount:
    uri = f"sip:127.0.0.1:{far.address[1]}"
    return TrunkAccount(name, uri, auth_user=USER, auth_password=PASSWORD, **more)  # type: ignore[arg-type]


def sip_behind(trunk: TrunkAccount, settings: EdgeSettings) -> SipSettings:
    return SipSettings(proxy=behind(trunk, settings).proxy, takes_calls=False)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("edge")
    desk_port = free_port()
    settings = free_settings(desk=f"127.0.0.1:{desk_port}")
    async with carrier(("127.0.0.1", settings.udp_port)) as far:
        trunk = trunk_to(
            far, registrar=f"sip:127.0.0.1:{far.address[1]}", aor=f"sip:{USER}@carrier", register_s=60
        )
        async with (
            running_edge(folder, settings, [trunk]),
            await WorkerPool.start(workers=2, sip=sip_behind(trunk, settings)) as workers,
            await WorkerPool.start(workers=1, port=desk_port) as desk,
        ):
            await asyncio.gather(far.until("OPTIONS"), far.until("REGISTER"))
            yield Site(settings, far, workers, desk, folder)


async def test_without_the_edge_the_carrier_refuses(site: Site) -> None:
    async with await WorkerPool.start(workers=1) as plain:
        uri = f"sip:100@127.0.0.1:{site.far.address[1]}"
        ended = await Watched(plain.originate(Originate("plain", uri))).over()
    assert ended.status == 403


async def test_calls_of_several_workers_come_from_one_source(site: Site) -> None:
    """Digest, BYE from both sides, CANCEL and a re-INVITE of theirs pass; workers know no secret."""
    legs = {number: site.dial(number, ring_limit_s=1.0) for number in ("100", "200", "300", "400", "101")}
    for number in ("100", "101"):
        await legs[number].until(Answered)
        legs[number].leg.send(Hangup(number))
    ends = {number: await leg.over() for number, leg in legs.items()}
    assert {number: end.status for number, end in ends.items()} == {
        "100": 200, "101": 200, "200": 200, "300": 200, "400": 487,
    }  # fmt: skip
    requests = {call.number: call.requests for call in site.far.calls.values()}
    assert requests == {
        "100": ["BYE"],
        "101": ["BYE"],
        "200": ["BYE", "200 BYE"],
        "300": ["INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"],
        "400": ["CANCEL"],
    }
    edge = ("127.0.0.1", site.settings.udp_port)
    let_in = {source for _, source, status in site.far.seen if status != 403}
    assert let_in == {edge}
    contacts = {call.invite.header("Contact") for call in site.far.calls.values()}
    assert all(f"{USER}@127.0.0.1:{edge[1]};" in contact for contact in contacts)
    assert len(contacts) > 1  # two workers, each found again behind the one address


async def test_registration_and_health_are_seen(site: Site) -> None:
    assert site.far.registered == f"sip:{USER}@127.0.0.1:{site.settings.udp_port};transport=udp"
    status = await asyncio.to_thread(control.status, site.folder)
    assert [one.up for one in status.trunks] == [True]
    assert [(one.user, one.registered) for one in status.registrations] == [(USER, True)]


async def test_a_call_of_the_carrier_reaches_the_desk_alone(site: Site) -> None:
    edge = ("127.0.0.1", site.settings.udp_port)
    site.far.send(site.far.call_from("13800000000", site.far.registered), edge)
    incoming = await asyncio.wait_for(site.desk.next_incoming(), 20)
    assert incoming.incoming is not None
    assert (incoming.incoming.number, incoming.incoming.caller) == (USER, "13800000000")
    incoming.send(Respond(incoming.id, 486))
    assert (await Watched(incoming).over()).status == 486
    await site.far.until_heard("486 INVITE")
    assert site.workers.free == 8


async def test_strangers_are_refused_on_both_sides(site: Site) -> None:
    """Whoever is no trunk, and whoever is no worker (SIP scanners)."""
    inner = int(site.settings.inner.rpartition(":")[2])
    answers = [await final_answer(port) for port in (site.settings.udp_port, inner)]
    assert [answer.start for answer in answers] == ["SIP/2.0 403 Forbidden"] * 2


async def test_a_trunk_that_does_not_answer_is_down_until_it_does(site: Site) -> None:
    """OPTIONS health: calls are refused at once while it is down, and go through again afterwards."""
    site.far.answers_options = False
    await _until(site.folder, up=False)
    assert (await site.dial("500").over()).status == 503
    site.far.answers_options = True
    await _until(site.folder, up=True)
    leg = site.dial("200")
    assert (await leg.over()).status == 200


async def _until(folder: Path, *, up: bool) -> None:
    for _ in range(600):
        if (await asyncio.to_thread(control.status, folder)).trunks[0].up is up:
            return
        await asyncio.sleep(0.2)
    pytest.fail(f"the trunk is not {'up' if up else 'down'}")


@pytest.mark.parametrize("transport", ["tcp", "tls"])
async def test_connections_leave_from_the_expected_port(transport: Transport, tmp_path: Path) -> None:
    """A carrier that wants one TCP source port, and TLS 1.3, which the packaged PJSIP does not know."""
    theirs, ours = papers(tmp_path, "carrier"), papers(tmp_path, "edge")
    settings = free_settings(tls_certificate=ours.certificate, tls_key=ours.key)
    context = tls_1_3_only(theirs) if transport == "tls" else None
    async with stream_carrier(("127.0.0.1", settings.port(transport)), context) as far:
        trunk = trunk_to(far, transport=transport, tls_ca=theirs.ca)
        async with (
            running_edge(tmp_path / "running", settings, [trunk]),
            await WorkerPool.start(workers=1, sip=sip_behind(trunk, settings)) as workers,
        ):
            await far.until("OPTIONS")
            uri = f"sip:%s@127.0.0.1:{far.address[1]}"
            legs = [Watched(workers.originate(Originate(n, uri % n))) for n in ("200", "300")]
            assert [(await leg.over()).status for leg in legs] == [200, 200]
    assert {status for _, _, status in far.seen} == {0, 200, 407}
