"""Which worker gets which ports and which part of the trunks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialer.line.settings import SipSettings, TrunkAccount, WorkerSettings

LEAST_RTP_PORTS, RTP_PORTS_A_CALL = 100, 4
"""A call has two; those of a call that has just ended may still be taken."""


def layout(
    *,
    workers: int,
    calls_per_worker: int,
    host: str,
    port: int,
    sip: SipSettings,
    trunks: Sequence[TrunkAccount] = (),
    desk: bool = False,
    kept: int = 0,
) -> list[WorkerSettings]:
    """The workers' settings, ports counted up from one to the next; the desk comes first, at `port` itself.

    Of several processes that register, a registrar keeps one or lets every one ring: only the desk does, and
    only it takes calls. The others send by the same trunks with credentials alone.
    """
    block = max(LEAST_RTP_PORTS, RTP_PORTS_A_CALL * calls_per_worker)
    desks = [True] * desk + [False] * workers
    return [
        WorkerSettings(
            host=host,
            port=port + n if port else 0,
            slots=calls_per_worker,
            rtp_port=sip.rtp_first + block * n,
            rtp_ports=block,
            sip=replace(sip, takes_calls=sip.takes_calls or is_desk),
            trunks=tuple(_share(trunk, n, is_desk) for trunk in trunks),
            desk=is_desk,
            kept=0 if is_desk else kept,
        )
        for n, is_desk in enumerate(desks)
    ]


def needs_desk(trunks: Sequence[TrunkAccount]) -> bool:
    """Whether some trunk wants a process that registers or takes its calls."""
    return any(trunk.registrar or trunk.takes_calls for trunk in trunks)


def _share(trunk: TrunkAccount, n: int, desk: bool) -> TrunkAccount:
    own = replace(trunk, port=trunk.port + n if trunk.port else 0)
    return own if desk else replace(own, registrar="", takes_calls=False)
