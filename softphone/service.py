"""All simulated phones of a cast behind one SIP address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from base.errors import InputError
from dialer.line.settings import SipSettings
from dialer.line.workers import WorkerPool
from softphone.household import Household
from softphone.persona import Persona
from softphone.phone import run_phones
from softphone.switch import Address, Switch

PERSONAS_PER_ENDPOINT = 2
"""Calls at once at an endpoint: it takes four, and a slot may stay taken for 32 s after its call."""
SIP = SipSettings(user="phone", user_agent="huifang-phone", rtp_first=40000)


@dataclass(frozen=True, slots=True)
class Opened:
    """Phones that can be called: the address of all, and whose number is whose (persona id by number)."""

    host: str
    port: int
    numbers: Mapping[str, str]


def routes(personas: Sequence[Persona], host: str, ports: Sequence[int]) -> dict[str, Address]:
    """Each number's endpoint, in turn: those who are called one after the other don't share one."""
    return {persona.number: (host, ports[index % len(ports)]) for index, persona in enumerate(personas)}


async def serve(
    houses: Sequence[Household],
    *,
    host: str,
    port: int,
    log: Path | None,
    stop: asyncio.Event,
    ready: Callable[[Opened], None],
    sip: SipSettings = SIP,
    at_once: int | None = None,
) -> None:
    """Serve every persona's phone until `stop` is set, then hang up what is left.

    Args:
        host, port: address of the switch, and of the endpoints behind it (their ports are any free ones).
        log: file that gets one line of JSON per call; None for none.
        ready: called once, when calls can come.
        at_once: so many calls at once are enough; None: everybody may be called at once.

    Raises:
        InputError: the address is not to be had.
        LineError: an endpoint could not start.
    """
    personas = [persona for house in houses for persona in house.cast.personas]
    endpoints = -(-min(at_once or len(personas), len(personas)) // PERSONAS_PER_ENDPOINT)
    async with await WorkerPool.start(workers=endpoints, host=host, sip=sip) as pool:
        switch = await _switch(host, port, routes(personas, host, pool.ports))
        try:
            numbers = {persona.number: persona.id for persona in personas}
            ready(Opened(*switch.address, numbers))
            await run_phones(houses, pool, log, stop)
        finally:
            switch.close()


async def _switch(host: str, port: int, routes: Mapping[str, Address]) -> Switch:
    try:
        return await Switch.start(host, port, routes)
    except OSError as error:
        raise InputError(
            f"cannot listen on UDP {host}:{port}: {error.strerror or error}",
            where="--port",
            remedy="give another port",
        ) from error
