"""Which worker gets which ports and which part of the trunks."""

from __future__ import annotations

import pytest

from dialer.line.layout import layout, needs_desk
from dialer.line.settings import SipSettings, TrunkAccount, WorkerSettings

TLS = TrunkAccount(
    "tls", "sip:192.0.2.1", transport="tls", port=5070, registrar="sip:192.0.2.1", takes_calls=True
)


def laid(port: int = 5060, *, desk: bool = False, workers: int = 2) -> list[WorkerSettings]:
    return layout(
        workers=workers,
        calls_per_worker=3,
        host="127.0.0.1",
        port=port,
        sip=SipSettings(takes_calls=False, rtp_first=30000),
        trunks=(TLS,),
        desk=desk,
    )


def test_ports_count_up_from_worker_to_worker() -> None:
    told = laid()
    assert [(one.port, one.rtp_port, one.trunks[0].port, one.slots) for one in told] == [
        (5060, 30000, 5070, 3),
        (5061, 30100, 5071, 3),
    ]


def test_any_port_is_any_port_for_all() -> None:
    assert [one.port for one in laid(0)] == [0, 0]


def test_only_the_desk_registers_and_takes_calls_and_it_has_the_first_port() -> None:
    desk, *others = laid(desk=True)
    assert (desk.desk, desk.port, desk.sip.takes_calls, desk.trunks) == (True, 5060, True, (TLS,))
    assert len(others) == 2
    for one in others:
        (account,) = one.trunks
        assert (one.desk, one.sip.takes_calls) == (False, False)
        assert (account.registrar, account.takes_calls) == ("", False)


@pytest.mark.parametrize(
    ("trunk", "needed"),
    [
        (TrunkAccount("plain", "sip:192.0.2.1", auth_user="u"), False),
        (TrunkAccount("registers", "sip:192.0.2.1", registrar="sip:192.0.2.1"), True),
        (TrunkAccount("takes calls", "sip:192.0.2.1", takes_calls=True), True),
    ],
)
def test_trunks_that_register_or_take_calls_bring_a_desk(trunk: TrunkAccount, needed: bool) -> None:
    assert needs_desk((trunk,)) is needed


def test_a_build_that_carries_more_calls_gets_more_rtp_ports() -> None:
    first, second = layout(
        workers=2, calls_per_worker=200, host="127.0.0.1", port=0, sip=SipSettings(rtp_first=20000)
    )
    assert (first.rtp_port, first.rtp_ports, second.rtp_port) == (20000, 800, 20800)
