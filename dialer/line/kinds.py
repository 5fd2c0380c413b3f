"""Kinds of tones that the events of a line worker tell apart (`dialer.line.protocol`)."""

from __future__ import annotations

from enum import StrEnum


class ToneKind(StrEnum):
    """Sounds of the network, by their cadence (GB/T 3384: 450 Hz), and others that are no speech."""

    RINGBACK = "ringback"
    BUSY = "busy"
    CONGESTION = "congestion"
    INFORMATION = "information"
    BEEP = "beep"
    MUSIC = "music"


RINGS = frozenset({ToneKind.RINGBACK, ToneKind.MUSIC})
"""What says that the phone rings (D1): ringback and colour ringback."""
