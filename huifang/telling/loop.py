"""What is new goes out, again and again until it is taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from base.clock import stopped_within
from base.errors import StoreError
from base.log import get_logger
from dialer.inbox import drop
from huifang.site import Site
from huifang.telling.message import message_of
from huifang.telling.sending import NotTaken, send
from records import deliveries
from records.deliveries import Delivery

LOOK_S = 2.0
_AT_ONCE = 8

_log = get_logger(__name__)


@asynccontextmanager
async def telling(site: Site, stop: asyncio.Event) -> AsyncIterator[None]:
    """Tell listeners meanwhile, until `stop`."""
    task = asyncio.create_task(_tell(site, stop))
    try:
        yield
    finally:
        await drop(task)


async def tell_once(site: Site) -> tuple[int, int]:
    """Tell what is due now: how many were taken, and how many were not."""
    await deliveries.find(site.database, site.now())
    some, gate = await deliveries.due(site.database, site.now()), asyncio.Semaphore(_AT_ONCE)
    taken = await asyncio.gather(*(_tell_one(site, one, gate) for one in some))
    return sum(taken), len(taken) - sum(taken)


async def _tell(site: Site, stop: asyncio.Event) -> None:
    while not await stopped_within(stop, LOOK_S):
        try:
            await tell_once(site)
        except StoreError as error:
            _log.warning("listeners are not told for now", why=str(error))


async def _tell_one(site: Site, one: Delivery, gate: asyncio.Semaphore) -> bool:
    async with gate:
        message = message_of(one, await deliveries.facts(site.database, one))
        try:
            answer = await asyncio.to_thread(send, one.listener, message, site.settings.mail, site.now())
        except NotTaken as error:
            _log.warning("a listener did not take it", listener=one.listener.id, why=str(error))
            await deliveries.failed(site.database, one, str(error), site.now())
            return False
    await deliveries.arrived(site.database, one, answer, site.now())
    return True
