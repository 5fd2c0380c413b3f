"""The sound of one leg: prompts out, two tracks recorded, a tap while somebody listens.

The system's track holds what was played to the far end, the customer's track what came from it. Both are
fed by an idle tone generator as well: a recorder with nothing connected writes nothing, and the tracks would
fall apart.
PJSIP changes the call's conference port on a new SDP (183 then 200, re-INVITE, hold): `connect` is
called again each time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pjsua2 as pj

from base.audio import RATE, Samples, read_wav, wav_seconds
from dialer.line.tap import Tap
from dialer.line.tracks import finished, header

NAME_MAX = 259
"""PJSIP's longest path in bytes."""


SILENCE_S = 300
"""No worker is so late in stopping a player."""


def endless(sound: Samples) -> int:
    """The sound, then silence, as a WAV file in memory: its descriptor.

    At a file's end PJSIP calls the player from a thread of its own, and one that was just dropped crashes the
    process: so no file ever comes to its end. (Its playlists also lose up to a quarter of a second there.)
    """
    size = sound.nbytes + 2 * RATE * SILENCE_S
    memory = os.memfd_create("prompt.wav")
    with open(memory, "wb", closefd=False) as stream:
        stream.write(header(size) + sound.tobytes())
    os.truncate(memory, len(header(size)) + size)
    return memory


def prompt_seconds(files: Sequence[str]) -> float:
    """Length of the files together, seconds.

    Raises:
        ValueError: a file is missing, empty, or no 8 kHz mono 16-bit WAV.
    """
    return sum(_seconds(Path(name)) for name in files)


def _seconds(path: Path) -> float:
    if len(str(path).encode()) > NAME_MAX:
        raise ValueError(f"{path}: path too long")
    try:
        seconds = wav_seconds(path)
    except OSError as error:
        raise ValueError(f"{path}: {error}") from error
    if seconds == 0:
        raise ValueError(f"{path}: holds no sound")
    return seconds


class LegMedia:
    """Players, recorders and the tap of one leg, and what connects them."""

    def __init__(self, idle: pj.ToneGenerator) -> None:
        self._idle: pj.ToneGenerator | None = idle
        self._far: pj.AudioMedia | None = None
        self._system: pj.AudioMediaRecorder | None = None
        self._customer: pj.AudioMediaRecorder | None = None
        self._early: pj.AudioMediaRecorder | None = None
        self._player: pj.AudioMediaPlayer | None = None
        self._tap: Tap | None = None
        self._partner: LegMedia | None = None
        self._tracks: list[Path] = []

    @property
    def ready(self) -> bool:
        """The far end can be heard and spoken to."""
        return self._far is not None

    def connect(self, far: pj.AudioMedia | None) -> None:
        """The call's media came, changed or (None) went: connect everything to it anew."""
        self._far = far
        if far is None:
            return
        for sink in (self._early, self._customer, self._tap):
            if sink is not None:
                far.startTransmit(sink)
        if self._player is not None:
            self._player.startTransmit(far)
        if self._partner is not None:
            self._reach_partner()
            self._partner._reach_partner()

    def join(self, partner: LegMedia) -> None:
        """Let both far ends hear each other; each is the system's side of the other's recording (R1)."""
        self._partner, partner._partner = partner, self
        self._reach_partner()
        partner._reach_partner()

    def part(self) -> None:
        """The call of one of both is over, and its port with it: nothing is to be disconnected."""
        if self._partner is not None:
            self._partner._partner = None
            self._partner = None

    def _reach_partner(self) -> None:
        if self._partner is None or self._far is None:
            return
        for sink in (self._partner._far, self._partner._system):
            if sink is not None:
                self._far.startTransmit(sink)

    def record_early(self, name: str) -> None:
        """Begin the track of what is heard before the answer; "" records none.

        Raises:
            ValueError: the file cannot be written.
        """
        self._early = self._recorder(name)
        if self._early is not None and self._far is not None:
            self._far.startTransmit(self._early)

    def record(self, system: str, customer: str) -> None:
        """Begin both tracks, and end the one before the answer; "" records none.

        Raises:
            ValueError: a file cannot be written.
        """
        self._early = None
        self._system = self._recorder(system)
        self._customer = self._recorder(customer)
        if self._customer is not None and self._far is not None:
            self._far.startTransmit(self._customer)

    def _recorder(self, name: str) -> pj.AudioMediaRecorder | None:
        if not name:
            return None
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        assert self._idle is not None
        recorder = pj.AudioMediaRecorder()
        try:
            recorder.createRecorder(name)
        except pj.Error as error:
            raise ValueError(f"{name}: {error.info()}") from error
        self._tracks.append(Path(name))
        self._idle.startTransmit(recorder)
        return recorder

    def check(self, files: Sequence[str]) -> float:
        """Seconds the files last together.

        Raises:
            ValueError: a file cannot be played, or there is no far end.
        """
        if self._far is None:
            raise ValueError("no media yet")
        if not files:
            raise ValueError("nothing to play")
        return prompt_seconds(files)

    def play(self, files: Sequence[str]) -> Samples:
        """Play files that `check` has passed, without a gap between them, then silence until `stop`.

        Gives the sound that is played.

        Raises:
            ValueError: PJSIP cannot play them after all.
        """
        assert self._far is not None
        self.stop()
        player = pj.AudioMediaPlayer()
        sound = np.concatenate([read_wav(Path(name)) for name in files])
        memory = endless(sound)
        try:
            player.createPlayer(f"/proc/self/fd/{memory}", pj.PJMEDIA_FILE_NO_LOOP)
        except pj.Error as error:
            raise ValueError(f"{files[0]}: {error.info()}") from error
        finally:
            os.close(memory)
        self._player = player
        player.startTransmit(self._far)
        if self._system is not None:
            player.startTransmit(self._system)
        return sound

    def stop(self) -> None:
        """Stop playing."""
        self._player = None

    def listen(self, tap: Tap) -> None:
        """Let the tap hear the far end."""
        self._tap = tap
        tap.clear()
        tap.open = True
        if self._far is not None:
            self._far.startTransmit(tap)

    def unlisten(self, *, alive: bool = True) -> Tap | None:
        """Take the tap off; the tap, for the next listener. `alive`: the call's port still exists."""
        tap, self._tap = self._tap, None
        if tap is None:
            return None
        tap.open = False
        if alive and self._far is not None:
            self._far.stopTransmit(tap)
        tap.clear()
        return tap

    def close(self) -> None:
        """Drop every pj object; soon after, `settled` says that the files are finished."""
        self.part()
        self._player = self._early = self._system = self._customer = self._far = self._idle = None

    def settled(self) -> bool:
        """Whether every track is a finished WAV file: the bridge closes them some time after `close`."""
        return all(finished(path) for path in self._tracks)
