"""Many recorded calls at once through the real pool of line workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from base.audio import wav_seconds
from dialer.line.leg import Leg
from dialer.line.protocol import (
    Answered,
    Ended,
    Hangup,
    Listen,
    NoInput,
    Originate,
    Play,
    SlotFree,
    Utterance,
)
from dialer.line.workers import WorkerPool

CALLS_PER_SECOND = 20
WHOLE_S = 0.5
"""A track that lacks less than this of its call is whole."""


class Call:
    """One call: the prompts played one after the other, both sides recorded, listened to while asked."""

    def __init__(self, leg: Leg, tracks: tuple[Path, Path]) -> None:
        self.leg = leg
        self.ended: Ended | None = None
        self.utterances = 0
        self._tracks = tracks
        self._up = asyncio.Event()
        self._listening = 0
        self._following = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            event = await self.leg.next_event()
            match event:
                case Answered():
                    self._up.set()
                case Utterance() | NoInput():
                    self.utterances += isinstance(event, Utterance)
                    self.listen()
                case Ended():
                    self.ended = event
                    self._up.set()
                case SlotFree():
                    return

    async def play(self, prompts: Sequence[Path]) -> None:
        """Play from the answer on."""
        await self._up.wait()
        self.leg.send(Play(self.leg.id, "prompts", tuple(map(str, prompts))))

    def listen(self) -> None:
        """Listen from now on, answer after answer."""
        self._listening += 1
        self.leg.send(Listen(self.leg.id, str(self._listening), patience_s=0.8, no_input_s=10, longest_s=12))

    async def hang_up(self) -> None:
        """End it and wait until its line is free."""
        self.leg.send(Hangup(self.leg.id))
        await self._following

    @property
    def whole(self) -> bool:
        """It lasted until we hung up, and each track lasts as long as it (R1)."""
        if self.ended is None or self.ended.answered_at is None:
            return False
        lasted = self.ended.ended_at - self.ended.answered_at
        return all(lasted - wav_seconds(track) < WHOLE_S for track in self._tracks)


@asynccontextmanager
async def talking(
    pool: WorkerPool, port: int, folder: Path, calls: int, prompts: Sequence[Path], seconds: float
) -> AsyncIterator[list[Call]]:
    """So many calls up, prompts playing for so many seconds at least; hung up in the end."""
    made: list[Call] = []
    try:
        for n in range(calls):
            tracks = folder / f"{n}_system.wav", folder / f"{n}_customer.wav"
            order = Originate(
                f"{folder.name}-{n}",
                f"sip:13800000000@127.0.0.1:{port}",
                record_system=str(tracks[0]),
                record_customer=str(tracks[1]),
            )
            made.append(Call(pool.originate(order), tracks))
            await asyncio.sleep(1 / CALLS_PER_SECOND)
        async with asyncio.timeout(10):
            await asyncio.gather(*(call.play(lasting(prompts, n, seconds)) for n, call in enumerate(made)))
        yield made
    finally:
        await asyncio.gather(*(call.hang_up() for call in made))


def lasting(prompts: Sequence[Path], first: int, seconds: float) -> list[Path]:
    """Prompts in turn, from the one of that number on, that last so long together."""
    chosen: list[Path] = []
    while seconds > 0:
        chosen.append(prompts[(first + len(chosen)) % len(prompts)])
        seconds -= wav_seconds(chosen[-1])
    return chosen
