"""What the player's part of a page (`_player.html`) needs, and what the player says was heard."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

from base.audio import RATE
from base.errors import InputError
from qa.peaks import Outline, Outlines
from records.listening import MOST_STRETCHES, Stretch
from records.sounds import Sounds, open_track

_LATE_S = 0.5
"""By so much a browser may take a track for longer than it is."""

PARTIES = ("customer", "system")


AROUND_S = 3.0
"""What is played on both sides of a lead."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the sound to look at, and why."""

    start_s: float
    end_s: float
    severity: str
    label: str
    why: str

    @property
    def around(self) -> str:
        """The stretch that is played again and again, for `data-loop`."""
        return around(self.start_s, self.end_s)


def around(start_s: float, end_s: float) -> str:
    """A stretch with some seconds on both sides, as `data-loop` has it."""
    return f"{max(0.0, start_s - AROUND_S):.2f},{end_s + AROUND_S:.2f}"


@dataclass(frozen=True, slots=True)
class Player:
    """Sound on a page.

    Attributes:
        address: what its sound and what was heard stand under, "/calls/17".
        tracks: those that there are, each played with the others.
        begin: seconds.
        marks: leads, in the order of their seconds.
    """

    address: str
    tracks: tuple[str, ...]
    begin: float = 0.0
    marks: tuple[Mark, ...] = ()


def player_of(
    sounds: Sounds, call: int, recording: str, begin: float = 0.0, marks: Sequence[Mark] = ()
) -> Player:
    """The player of a call. `recording`: the stem that the ledger keeps."""
    there = tuple(one for one in PARTIES if _is_there(sounds, recording, one))
    return Player(f"/calls/{call}", there, begin, tuple(marks))


def length_s(sounds: Sounds, recording: str) -> float:
    """Seconds of a call's longer track; 0 where nothing was recorded."""
    return max((_seconds(open_track(sounds, recording, party)) for party in PARTIES), default=0.0)


def outline_of(outlines: Outlines, sounds: Sounds, recording: str) -> Outline:
    """The outline of a call's tracks."""
    with ExitStack() as opened:
        found = {party: open_track(sounds, recording, party) for party in PARTIES}
        tracks = {party: opened.enter_context(track) for party, track in found.items() if track}
        return outlines.of(recording, length_s(sounds, recording), tracks)


def stretches(written: str, length_s: float) -> list[Stretch]:
    """From "2.0-5.5,7.0-9.1": seconds of a recording that is so long.

    Raises:
        InputError: they cannot be of it.
    """
    found = [_stretch(one, length_s) for one in written.split(",")[: MOST_STRETCHES + 1] if one]
    if len(found) > MOST_STRETCHES:
        raise InputError("are too many at once", where="stretches that were heard")
    return found


def _stretch(written: str, length_s: float) -> Stretch:
    start, _, end = written.partition("-")
    try:
        begin, finish = float(start), float(end)
    except ValueError:
        begin, finish = math.nan, math.nan
    if not 0 <= begin < finish <= length_s + _LATE_S:
        raise InputError("is no stretch of this recording", where=written[:40])
    return begin, finish


def _is_there(sounds: Sounds, recording: str, party: str) -> bool:
    track = open_track(sounds, recording, party)
    if track is not None:
        track.close()
    return track is not None


def _seconds(track: BinaryIO | None) -> float:
    """By its size: what is written is 8 kHz, 16 bit, mono."""
    if track is None:
        return 0.0
    with track:
        return track.seek(0, os.SEEK_END) / (2 * RATE)
