"""Phones that are ours (a pool of line workers takes the calls) and baresip: real stacks with real sound."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from base.audio import write_wav
from dialer.line.pool_leg import PoolLeg
from dialer.line.protocol import Ended, Hangup, Respond, SendKeys
from dialer.line.workers import WorkerPool
from tests.certificates import papers
from tests.matrix.witness import Seen
from tests.sipp import free_port, listening
from tests.speechlike import silence, speech

Acting = Callable[[PoolLeg], Awaitable[None]]
"""What a phone's owner does with a call."""


async def _answer(leg: PoolLeg, after_s: float = 0.2) -> None:
    leg.send(Respond(leg.id, 180))
    await asyncio.sleep(after_s)
    leg.send(Respond(leg.id, 200))


async def presses_a_key(leg: PoolLeg) -> None:
    """Answers, hears the question out, presses 1."""
    await _answer(leg)
    await asyncio.sleep(1.2)
    leg.send(SendKeys(leg.id, "1"))


async def leaves_amid_the_goodbye(leg: PoolLeg) -> None:
    """Presses 1 and hangs up while goodbye is being said."""
    await presses_a_key(leg)
    await asyncio.sleep(0.8)
    leg.send(Hangup(leg.id))


async def leaves_amid_the_question(leg: PoolLeg) -> None:
    """Hangs up while the question is being asked."""
    await _answer(leg)
    await asyncio.sleep(0.3)
    leg.send(Hangup(leg.id))


async def declines(leg: PoolLeg) -> None:
    """Rings and is declined."""
    leg.send(Respond(leg.id, 180))
    await asyncio.sleep(0.4)
    leg.send(Respond(leg.id, 603))


async def rings(leg: PoolLeg) -> None:
    """Nobody is there."""
    leg.send(Respond(leg.id, 180))


@dataclass(frozen=True)
class Phone:
    """Our softphone's stack; `acting` is what its owner does."""

    acting: Acting

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[PhoneEnd]:  # noqa: ARG002
        """A pool of one worker that takes one call."""
        async with await WorkerPool.start(workers=1) as pool:
            playing = asyncio.create_task(self._serve(pool))
            try:
                yield PhoneEnd(pool.ports[0])
            finally:
                playing.cancel()
                await asyncio.gather(playing, return_exceptions=True)

    async def _serve(self, pool: WorkerPool) -> None:
        leg = await pool.next_incoming()
        await self.acting(leg)
        while not isinstance(await leg.next_event(), Ended):
            pass


@dataclass
class PhoneEnd:
    """A phone that does not tell what it saw."""

    port: int

    def seen(self) -> list[Seen]:
        """Nothing."""
        return []


_CONFIG = """sip_listen 127.0.0.1:{port}
audio_player aufile,{folder}/heard.wav
audio_source aufile,{folder}/says.wav
audio_alert aufile,{folder}/alert.wav
module_path {modules}
{secure}
module account.so
module g711.so
module aufile.so
module menu.so
"""
_SECURE = """sip_certificate {folder}/both.pem
module srtp.so
"""
MODULES = Path("/usr/lib/baresip/modules")
PAPERS = "papers"
QUIET_S = 8
"""After its words: baresip hangs up when its file ends."""


@dataclass(frozen=True)
class Baresip:
    """Baresip: answers at once, says something for so many seconds, and again when it was asked.

    `secure`: by TLS and SRTP, both mandatory; `PAPERS` in its folder holds the authority of its certificate,
    and another one.
    """

    says_s: float
    secure: bool = False

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[PhoneEnd]:
        """A process that takes one call; its files are in `folder`, which is named like its number."""
        port = free_port()
        sound = np.concatenate([speech(self.says_s), silence(2.2), speech(self.says_s), silence(QUIET_S)])
        write_wav(folder / "says.wav", sound)
        secure = self._secured(folder) if self.secure else ""
        (folder / "config").write_text(
            _CONFIG.format(port=port, folder=folder, modules=MODULES, secure=secure)
        )
        manner = ";transport=tls>;mediaenc=srtp-mand" if self.secure else ">"
        (folder / "accounts").write_text(
            f"<sip:{folder.name}@127.0.0.1:{port}{manner};regint=0;answermode=auto\n"
        )
        (folder / "contacts").write_text("")
        process = await asyncio.create_subprocess_exec(
            "baresip", "-f", str(folder),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            await listening(process, port)
            yield PhoneEnd(port + 1 if self.secure else port)  # TLS has the port after UDP's and TCP's
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()

    def _secured(self, folder: Path) -> str:
        own = papers(folder, PAPERS)
        shutil.copy(papers(folder, "others").ca, folder / PAPERS / "other.pem")
        both = Path(own.certificate).read_text() + Path(own.key).read_text()
        (folder / "both.pem").write_text(both)
        return _SECURE.format(folder=folder)
