"""Taking turns over real SIP: a far end that sends our prompt back, and people who talk over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from base.audio import RATE, Samples, read_wav, write_wav
from dialer.line.protocol import Listen, NoInput, Play, Played, Preview, SpeechBegan, Utterance
from dialer.line.workers import WorkerPool
from tests.echoing import coming_back
from tests.linekit import Pair, Watched, hang_up
from tests.speech_kit import recorded
from tests.speechlike import silence

ECHO_DB, DELAY_S = -14.0, 0.12


pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair() -> AsyncIterator[Pair]:
    async with await WorkerPool.start(workers=1) as caller, await WorkerPool.start(workers=1) as phone:
        yield Pair(caller, phone)


@dataclass(frozen=True)
class Room:
    """A shipped prompt, and what a far end sends while it hears it."""

    folder: Path
    prompt: Samples

    def file(self, name: str, sound: Samples) -> str:
        path = self.folder / f"{name}.wav"
        write_wav(path, sound)
        return str(path)

    def far_end(self, talks_at_s: float | None) -> str:
        customer = None if talks_at_s is None else recorded("myself")
        sent = coming_back(
            self.prompt, ECHO_DB, DELAY_S, customer=customer, customer_db=-3.0, at_s=talks_at_s or 0.0
        )
        return self.file("far", np.concatenate([sent, silence(0.5)]))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    shipped = Path(__file__).parents[2] / "prompts"
    sounds = (read_wav(path) for path in sorted(shipped.glob("*.wav")))
    return Room(tmp_path, next(sound for sound in sounds if 3 * RATE < len(sound) < 5 * RATE))


async def ask(pair: Pair, room: Room, *, barge_in: bool, talks_at_s: float | None) -> tuple[Watched, Watched]:
    """The prompt is played and listened over; the far end begins to send in the same moment."""
    ours, theirs = await pair.talk()
    ours.leg.send(Play(ours.id, "ask", (room.file("prompt", room.prompt),)))
    ours.leg.send(
        Listen(ours.id, "answer", patience_s=0.44, no_input_s=0.8, barge_in=barge_in, preview_s=0.22)
    )
    theirs.leg.send(Play(theirs.id, "far", (room.far_end(talks_at_s),)))
    return ours, theirs


@pytest.mark.parametrize("barge_in", [True, False])
async def test_our_own_prompt_coming_back_is_neither_answer_nor_barge_in(
    pair: Pair, room: Room, barge_in: bool
) -> None:
    ours, theirs = await ask(pair, room, barge_in=barge_in, talks_at_s=None)
    nothing = await ours.until(NoInput)
    [played] = ours.all(Played)
    assert played.whole
    assert nothing.at_s > played.end_s
    assert not ours.all(SpeechBegan)
    assert not ours.all(Utterance)
    await hang_up(ours, theirs)


async def test_who_talks_over_the_echoing_prompt_stops_it(pair: Pair, room: Room) -> None:
    ours, theirs = await ask(pair, room, barge_in=True, talks_at_s=1.0)
    played = await ours.until(Played)
    assert not played.whole
    began = ours.all(SpeechBegan)[0].at_s if ours.all(SpeechBegan) else played.end_s
    assert began - played.start_s > 0.9
    spoken = await ours.until(Utterance)
    assert spoken.pcm in {preview.pcm for preview in ours.all(Preview)}
    await hang_up(ours, theirs)


async def test_early_talk_over_an_echoing_prompt_is_not_lost(pair: Pair, room: Room) -> None:
    ours, theirs = await ask(pair, room, barge_in=False, talks_at_s=1.0)
    async with asyncio.timeout(20):
        spoken = await ours.until(Utterance)
    [played] = ours.all(Played)
    assert played.whole
    assert spoken.start_s - played.start_s > 0.5
    assert spoken.end_s - spoken.start_s > 0.8
    await hang_up(ours, theirs)
