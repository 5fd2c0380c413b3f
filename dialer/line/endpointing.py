"""When somebody began to speak, and when they were done. Pure: frames and decisions in, findings out.

Times are seconds since the recording began.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

FRAME_S = 0.02
PREROLL_S = 0.3
"""Sound kept before the first speech frame: soft first consonants."""

TAIL_S = 0.3
"""Sound kept after the last speech frame, at most the patience (and what a preview waits)."""

LINGERS_S = 4.0
"""Who speaks on so long after an utterance has ended is no longer followed."""

ONSET_WINDOW, ONSET_FRAMES = 10, 5
"""Speech began when 5 of the last 10 frames (100 of 200 ms) are speech: a click is shorter."""

_EARLIER = int(PREROLL_S / FRAME_S) + ONSET_WINDOW


@dataclass(frozen=True, slots=True)
class Began:
    """Somebody began to speak, or went on after `Paused`."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Spoke:
    """Somebody spoke and fell quiet, or was cut at the longest length; `pcm` frames [start_s, end_s].

    The last `quiet_s` seconds of it are quiet.
    """

    start_s: float
    end_s: float
    pcm: bytes
    quiet_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Paused:
    """Somebody paused; if they don't speak on, `so_far` is what they spoke."""

    so_far: Spoke


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nobody spoke in time."""

    at_s: float


Finding = Began | Paused | Spoke | Nothing


class Endpointer:
    """Follows one listening. `done` is set with its one `Spoke` or `Nothing`.

    Talk over a prompt that doesn't stop for it is kept, and counts when the prompt has ended: the
    latest piece, or the one still going on.

    Args:
        patience_s: quiet that ends an utterance.
        no_input_s: quiet that gives `Nothing`, counted from `since_s` or the end of the prompt.
        longest_s: an utterance is cut there.
        since_s: when the listening began.
        preview_s: quiet within an utterance that gives `Paused`; 0 gives none.
        barge_in: the prompt stops for talk over it, which then counts at once.
        lingers: who speaks on after their `Spoke` is followed: a longer `Spoke` comes. `lingering` is set
            between the two.
    """

    def __init__(
        self,
        *,
        patience_s: float,
        no_input_s: float,
        longest_s: float,
        since_s: float,
        preview_s: float = 0.0,
        barge_in: bool = False,
        lingers: bool = False,
    ) -> None:
        self.done = False
        self.lingering = False
        self._lingers = lingers
        self._barge_in = barge_in
        self._preview = round(preview_s / FRAME_S)
        self._tail_s = self._preview * FRAME_S or TAIL_S
        self._patience_s = patience_s
        self._no_input_s = no_input_s
        self._longest = max(1, round(longest_s / FRAME_S))
        self._quiet_since_s = since_s
        self._earlier: deque[bytes] = deque(maxlen=_EARLIER)
        self._recent: deque[bool] = deque(maxlen=ONSET_WINDOW)
        self._spoken: deque[bytes] | None = None
        self._last_speech_s = 0.0
        self._paused = False
        self._held: Spoke | None = None

    def feed(self, frame: bytes, *, speech: bool, at_s: float, playing: bool) -> tuple[Finding, ...]:
        """Take the frame that began at `at_s`; `playing`: a prompt runs."""
        if self.done:
            return ()
        end_s = at_s + FRAME_S
        if self.lingering:
            return self._while_lingering(frame, speech, end_s)
        if self._spoken is not None:
            return self._while_speaking(frame, speech, end_s, playing and not self._barge_in)
        self._earlier.append(frame)
        self._recent.append(speech)
        if sum(self._recent) >= ONSET_FRAMES:
            return (self._begin(end_s),)
        return self._while_quiet(end_s, playing)

    def cut_off(self, at_s: float) -> Spoke | None:
        """What was being said when the sound ended; None in quiet."""
        speaking = self._spoken is not None and not self.done and not self.lingering
        return self._cut(at_s) if speaking else None

    def _begin(self, end_s: float) -> Began:
        since_first = len(self._recent) - self._recent.index(True)
        keep = min(len(self._earlier), since_first + int(PREROLL_S / FRAME_S))
        self._spoken = deque(list(self._earlier)[-keep:])
        self._last_speech_s = end_s
        self._held = None
        return Began(end_s - since_first * FRAME_S)

    def _while_quiet(self, end_s: float, playing: bool) -> tuple[Finding, ...]:
        if playing:
            self._quiet_since_s = end_s
            return ()
        if self._held is not None:
            return self._finish(self._held)
        if end_s - self._quiet_since_s >= self._no_input_s:
            return self._finish(Nothing(end_s))
        return ()

    def _while_speaking(self, frame: bytes, speech: bool, end_s: float, playing: bool) -> tuple[Finding, ...]:
        assert self._spoken is not None
        self._spoken.append(frame)
        if speech:
            self._last_speech_s = end_s
        if speech and self._paused:
            self._paused = False
            return (Began(end_s - FRAME_S),)
        quiet = round((end_s - self._last_speech_s) / FRAME_S)
        if quiet >= round(self._patience_s / FRAME_S):
            return self._pause(end_s, playing)
        if self._preview and quiet == self._preview:
            self._paused = True
            return (Paused(self._cut(end_s)),)
        if len(self._spoken) >= self._longest:
            if playing:
                self._spoken.popleft()
                return ()
            return self._finish(self._cut(end_s))
        return ()

    def _while_lingering(self, frame: bytes, speech: bool, end_s: float) -> tuple[Finding, ...]:
        assert self._spoken is not None
        self._spoken.append(frame)
        self._recent.append(speech)
        if sum(self._recent) >= ONSET_FRAMES:
            self.lingering, self._last_speech_s = False, end_s
            return (Began(end_s - (len(self._recent) - self._recent.index(True)) * FRAME_S),)
        self.done = end_s - self._last_speech_s >= self._patience_s + LINGERS_S
        return ()

    def _pause(self, end_s: float, playing: bool) -> tuple[Finding, ...]:
        piece = self._cut(end_s)
        self._paused = False
        if not playing:
            self.lingering = self._lingers
            self._recent.clear()
            return self._finish(piece)
        self._held, self._spoken = piece, None
        self._earlier.clear()
        self._recent.clear()
        return ()

    def _cut(self, end_s: float) -> Spoke:
        frames = list(self._spoken or ())
        start_s = end_s - len(frames) * FRAME_S
        spare = round((end_s - self._last_speech_s - self._tail_s) / FRAME_S)
        kept = frames[: len(frames) - max(0, spare)]
        kept_until_s = start_s + len(kept) * FRAME_S
        return Spoke(start_s, kept_until_s, b"".join(kept), max(0.0, kept_until_s - self._last_speech_s))

    def _finish(self, finding: Finding) -> tuple[Finding, ...]:
        self.done = not self.lingering
        return (finding,)
