"""Accounts against trunks that are not ours: Kamailio, SIPp, baresip."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from dialer.line.protocol import Answered, EndedBy, Hangup, Incoming, Originate, Registered, Respond
from dialer.line.settings import SipSettings, TrunkAccount
from dialer.line.workers import WorkerPool
from tests.certificates import Papers, papers
from tests.kamailio import PASSWORD, REALM, USER, Trunk, kamailio
from tests.linekit import PATIENCE_S, Watched

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
