"""Which worker gets which ports and which part of the trunks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialer.line.settings import SipSettings, TrunkAccount, WorkerSettings

RTP_BLOCK = 100


def layout(
    *,
    workers: int,
    calls_per_worker: int,
    host: str,
    port: int,
    sip: SipSettings,
    trunks: Sequence[TrunkAccount] = (),
    desk: bool = False,
) -> list[WorkerSettings]:
    """The workers' settings, ports counted up from one to the next; the desk comes first, at `port` itself.

    Of several processes that register, a registrar keeps one or lets every one ring: only the desk does, and
    only it takes calls. The others send by the same trunks with credentials alone.
    """
    told = [WorkerSettings(desk=True)] * desk + [WorkerSettings()] * workers
    return [
        WorkerSettings(
            host=host,
            port=port + n if port else 0,
            slots=calls_per_worker,
            rtp_port=sip.rtp_first + RTP_BLOCK * n,
            sip=replace(sip, takes_calls=sip.takes_calls or one.desk),
            trunks=tuple(_share(trunk, n, one.desk) for trunk in trunks),
            desk=one.desk,
        )
        for n, one in enumerate(told)
    ]


def needs_desk(trunks: Sequence[TrunkAccount]) -> bool:
    """Whether some trunk wants a process that registers or takes its calls."""
    return any(trunk.registrar or trunk.takes_calls for trunk in trunks)


def _share(trunk: TrunkAccount, n: int, desk: bool) -> TrunkAccount:
    own = replace(trunk, port=trunk.port + n if trunk.port else 0)
    return own if desk else replace(own, registrar="", takes_calls=False)
