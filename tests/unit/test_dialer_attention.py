"""What recognition begins, and what ends it: previews of one listening."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from dialer.attention import Attention
from dialer.line import protocol as line
from ivr.hearing import Heard
from ivr.values import Listen
from tests.fakes.line import FakeLeg


@dataclass
class SlowEar:
    """Recognises for ever; `at` is what it is at."""

    at: list[bytes] = field(default_factory=list)

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:  # noqa: ARG002
        self.at.append(pcm)
        try:
            await asyncio.Event().wait()
        finally:
            self.at.remove(pcm)
        raise AssertionError


async def soon() -> None:
    """Let tasks run until they wait."""
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("event", "goes_on"),
    [
        (line.SpeechBegan("leg", "l1", 1.2), False),
        (line.SpeechBegan("leg", "l0", 1.2), True),
        (line.Utterance("leg", "l1", 0.0, 1.0, b"yes"), True),
        (line.Utterance("leg", "l1", 0.0, 1.5, b"yes and no"), True),
    ],
)
async def test_a_preview_is_recognised_until_they_speak_on(event: line.Event, goes_on: bool) -> None:
    ear = SlowEar()
    attention = Attention(FakeLeg(), ear)
    attention.start("l1", Listen("ask"), barge_in=False)
    attention.keep(line.Preview("leg", "l1", 0.0, 1.0, b"yes"))
    await soon()
    assert ear.at == [b"yes"]
    attention.keep(event)
    await soon()
    assert ear.at == ([b"yes"] if goes_on else [])
    attention.drop()
    await soon()
    assert ear.at == []
