"""The inbound desk of a site: what it says, and whether it is needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from base.errors import PromptError, SettingsError
from dialer.clerks import ClerkDesk, Clerks
from dialer.desk import Desk
from dialer.inbound import Doorbell, Front, InboundDesk, stop
from dialer.inbound_rules import HOTLINE
from huifang.accounts import accounts_of
from huifang.settings import Settings
from huifang.site import Site
from ivr.prompts import PromptStore
from ivr.values import Line
from ivr.voice.numbers import AS_CODE
from office.desk import USUAL

PROMPT = "inbound.announcement"


def inbound_lines(settings: Settings) -> list[Line]:
    """What callers hear: one sentence, or none where nobody is answered.

    Raises:
        SettingsError: it names the hotline, and none is set.
    """
    wording, hotline = settings.inbound.wording, settings.firm.hotline
    if settings.inbound.action != "announce":
        return []
    if HOTLINE in wording and not hotline:
        raise SettingsError("is empty, and inbound.wording names it", where="firm.hotline", remedy="set it")
    return [Line(PROMPT, wording.replace(HOTLINE, hotline.translate(AS_CODE)))]


def takes_calls(settings: Settings) -> bool:
    """Whether calls can come in at all, so that a desk waits for them."""
    return any(account.takes_calls for account in accounts_of(settings))


def sound_of(settings: Settings, store: PromptStore) -> tuple[Path, ...]:
    """The announcement's files.

    Raises:
        PromptError: it has no sound yet, or an altered one.
        SettingsError: it names the hotline, and none is set.
    """
    found = tuple(store.find(line) for line in inbound_lines(settings))
    if None in found:
        raise PromptError("the announcement has no sound", where=PROMPT, remedy="run: huifang prompts render")
    return tuple(path for path in found if path is not None)


def front_of(
    desk: Desk, doorbell: Doorbell, settings: Settings, announcement: tuple[Path, ...]
) -> Front | None:
    """Who answers customers that ring back; None where no call can come in."""
    if not takes_calls(settings):
        return None
    return Front(
        db=desk.db,
        doorbell=doorbell,
        settings=settings.inbound,
        announcement=announcement,
        recordings=desk.recordings,
        clock=desk.clock,
        extension=desk.extension,
        node=desk.node,
    )


def clerks_of(site: Site, desk: Desk) -> Clerks | None:
    """Who calls by a click of the console; None where nobody has a telephone, or nothing carries their calls.

    Raises:
        InputError: the usual profile cannot be used.
    """
    phones = site.settings.handover.clerks
    if not phones or not desk.trunks:
        return None
    return Clerks(desk, phones, site.profile(USUAL))


@asynccontextmanager
async def answering(front: Front | None, clerks: Clerks | None = None) -> AsyncIterator[None]:
    """Take inbound calls, and those by click, meanwhile; without a front or clerks, none."""
    desks = [InboundDesk(front).run()] if front else []
    desks += [ClerkDesk(clerks).run()] if clerks else []
    tasks = [asyncio.create_task(one) for one in desks]
    try:
        yield
    finally:
        for task in tasks:
            await stop(task)
