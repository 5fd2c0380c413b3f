"""Which sentences a campaign may say, and their sound: rendered before the first call, never during one."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from huifang import resources
from huifang.scripts.approved import approved
from huifang.settings import Settings
from huifang.site import Site
from huifang.slots import require, slots_of
from ivr.lines import fixed_lines, lines_for
from ivr.prompts import PromptStore
from ivr.render import JOBS, Progress, render
from ivr.script import Script
from ivr.values import Line
from ivr.voice import Synthesiser, espeak, split_voice
from ivr.voice.espeak import Espeak
from ivr.voice.kokoro import Kokoro
from records import customers
from records.model import Campaign, Customer


def synthesiser_of(settings: Settings) -> Synthesiser:
    """The engine of the configured voice: espeak-ng for quick tests, else the packaged voices.

    Raises:
        ModelError: the synthesiser's model is missing or corrupt, or espeak-ng is not installed.
        PromptError: the voice's pace is none.
    """
    name, _ = split_voice(settings.prompts.voice)
    return Espeak.find() if name in espeak.VOICES else Kokoro.open(settings.speech.directory)


def store_of(data: Path, settings: Settings) -> PromptStore:
    """The site's recordings, the shipped ones, the cache of synthesised lines."""
    return PromptStore(
        data / "prompts", resources.SHIPPED_PROMPTS, data / "cache" / "prompts", settings.prompts.voice
    )


async def lines_of(site: Site, campaign: Campaign) -> list[Line]:
    """Every sentence that may be said in the campaign's open follow-ups."""
    script = await approved(site, campaign)
    people = await customers.of_campaign(site.database, campaign.id)
    return sentences(script, people, site.settings, site.now().date())


def sentences(script: Script, people: Iterable[Customer], settings: Settings, today: date) -> list[Line]:
    """The script's fixed sentences, and those with these customers' words in them, each once.

    Raises:
        SettingsError: the script says something of the firm that is not set.
    """
    require(script, settings.firm)
    lines = [*fixed_lines(script)]
    for customer in people:
        lines += lines_for(script, slots_of(customer, settings.firm, today, settings.handover.wait_s))
    return list(dict.fromkeys(lines))


CPU_S_PER_CHARACTER = 0.12
"""What rendering a character takes, in CPU seconds: an estimate for people who wait."""

Before = Callable[[int, float], None]
"""Called before rendering with how many sentences there are and about how many seconds they take."""


def rendering_s(wordings: Iterable[str]) -> float:
    """About how long rendering takes on this machine, in seconds."""
    threads = min(JOBS, os.cpu_count() or 1)
    return CPU_S_PER_CHARACTER * sum(map(len, wordings)) / threads


async def prepare(
    site: Site, campaign: Campaign, progress: Progress, before: Before = lambda _sentences, _seconds: None
) -> int:
    """Render what the campaign has no sound for; gives how many sentences that were.

    Raises:
        PromptError: a recording was altered, or a sentence cannot be spoken.
        ModelError: the synthesiser's model is missing or corrupt.
    """
    store = store_of(site.data, site.settings)
    missing = store.missing(await lines_of(site, campaign))
    if not missing:
        return 0
    voice = await asyncio.to_thread(synthesiser_of, site.settings)
    before(len(missing), rendering_s(line.wording for line in missing))
    given_up = threading.Event()

    def tell(done: int, of: int) -> None:
        if given_up.is_set():
            raise asyncio.CancelledError
        progress(done, of)

    try:
        return await asyncio.to_thread(render, missing, store, voice, tell)
    except asyncio.CancelledError:
        given_up.set()  # a thread cannot be cancelled: it looks after each sentence
        raise
