"""Where speech is: a voice detector's probabilities become stretches worth decoding. Pure; seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

FRAME_S = 0.032
"""Seconds that one probability stands for (Silero: 512 samples at 16 kHz)."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of sound."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Seconds from start to end."""
        return self.end_s - self.start_s

    def overlap_s(self, other: Span) -> float:
        """Seconds in both."""
        return max(0.0, min(self.end_s, other.end_s) - max(self.start_s, other.start_s))


@dataclass(frozen=True, slots=True)
class Cutting:
    """How speech is cut.

    Attributes:
        threshold: probability that begins speech. The model in use finds at 0.12 what its larger sister finds
            at 0.3, murmured speech included; white noise, tones, keys, chords and clicks stayed below 0.10.
        release: probability below which speech ends.
        shortest_s: less is a click.
        gap_s: quiet that is still within one turn.
        longest_s: what a recogniser takes at once.
        pad_s: quiet left on both sides.
    """

    threshold: float = 0.12
    release: float = 0.05
    shortest_s: float = 0.1
    gap_s: float = 1.5
    longest_s: float = 25.0
    pad_s: float = 0.3


def speech(probabilities: Sequence[float], cutting: Cutting = Cutting()) -> tuple[Span, ...]:
    """Raw stretches of speech: from reaching the threshold to falling below the release."""
    found: list[Span] = []
    begun: int | None = None
    for frame, probability in enumerate([*probabilities, 0.0]):
        if begun is None and probability >= cutting.threshold:
            begun = frame
        elif begun is not None and probability < cutting.release:
            found.append(Span(begun * FRAME_S, frame * FRAME_S))
            begun = None
    return tuple(span for span in found if span.length_s >= cutting.shortest_s)


def turns(spans: Iterable[Span], total_s: float, cutting: Cutting = Cutting()) -> tuple[Span, ...]:
    """Speech merged to turns of at most `longest_s`, padded without overlap.

    Cutting within a sentence costs accuracy, decoding silence costs time: only short gaps are bridged.
    """
    merged: list[Span] = []
    longest = cutting.longest_s - 2 * cutting.pad_s
    for span in sorted(piece for whole in spans for piece in _cut(whole, longest)):
        last = merged[-1] if merged else None
        if last and span.start_s - last.end_s <= cutting.gap_s and _fits(last, span, cutting):
            merged[-1] = Span(last.start_s, max(last.end_s, span.end_s))
        else:
            merged.append(span)
    return _padded(merged, total_s, cutting.pad_s)


def unheard(windows: Iterable[Span], found: Sequence[Span], cutting: Cutting = Cutting()) -> tuple[Span, ...]:
    """Answer windows in which nothing was found: they are decoded whole, as somebody did answer there."""
    return tuple(
        Span(window.start_s, min(window.end_s, window.start_s + cutting.longest_s))
        for window in windows
        if window.length_s > 0 and all(window.overlap_s(span) == 0.0 for span in found)
    )


def _fits(last: Span, span: Span, cutting: Cutting) -> bool:
    return span.end_s - last.start_s + 2 * cutting.pad_s <= cutting.longest_s


def _cut(span: Span, longest_s: float) -> Iterable[Span]:
    while span.length_s > longest_s:
        yield Span(span.start_s, span.start_s + longest_s)
        span = replace(span, start_s=span.start_s + longest_s)
    yield span


def _padded(spans: Sequence[Span], total_s: float, pad_s: float) -> tuple[Span, ...]:
    """Widen each span by `pad_s`, by half of the gap where neighbours are nearer than that."""
    padded = []
    for n, span in enumerate(spans):
        before = spans[n - 1].end_s if n else -2 * pad_s
        after = spans[n + 1].start_s if n + 1 < len(spans) else total_s + 2 * pad_s
        start = span.start_s - min(pad_s, (span.start_s - before) / 2)
        end = span.end_s + min(pad_s, (after - span.end_s) / 2)
        padded.append(Span(max(0.0, start), min(total_s, end)))
    return tuple(padded)
