"""One leg in its worker: what PJSIP, the messages, the clock and the parent say, turned into events.

PJSIP's callbacks only note facts here; events and timers are worked off by `tick`, in the worker's main loop.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import pjsua2 as pj

from dialer.line.early import EarlyEar
from dialer.line.echo import EchoGuard
from dialer.line.handover import Referred
from dialer.line.ladder import Ladder, Message
from dialer.line.listening import Ear, Listening
from dialer.line.media import LegMedia
from dialer.line.outcome import Intent, again_at, ended_at, ended_by, finished, slot_free, status_of
from dialer.line.pjcall import PjCall
from dialer.line.protocol import (
    RINGS,
    Answered,
    Ended,
    EndedBy,
    Event,
    Key,
    Listen,
    Play,
    Played,
    Provisional,
    SlotFree,
    SpeechBegan,
    Tone,
)
from dialer.line.tones import ToneEar

MARGIN_S = 0.005
"""Added to the ring limit, so that no clock sees us hang up before it (D1)."""

PLAYER_TAIL_S = 0.06
"""The player begins with the next tick of the bridge: it is taken off so much after its sound's length."""

SETTLE_S = 2.0
"""`Ended` waits for finished recordings, but no longer than this."""

TONES_AGE_S = 0.3
"""A listening that follows the last one so soon hears the same tones go on."""

Emit = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """When a leg is ended for being too long in a state (seconds; see `Originate`)."""

    ring_s: float
    setup_s: float
    talk_s: float


NO_LIMITS = Limits(3600.0, 3600.0, 7200.0)


class WorkerLeg:
    """State of one leg. `call` is None before the INVITE and after PJSIP is done with it."""

    def __init__(
        self, leg: str, *, emit: Emit, clock: Callable[[], float], media: LegMedia, limits: Limits = NO_LIMITS
    ) -> None:
        self.id = leg
        self.call: PjCall | None = None
        self.media = media
        self.ladder = Ladder()
        self.limits = limits
        self._own_talk_s = limits.talk_s
        self.tracks = ("", "")
        self.early_track = ""
        self.wants_early_ear = False
        self.host = ""
        self.intent: Intent | None = None
        self.ended = self.free = self._announced = False
        self.ear: Ear | None = None
        self._emit = emit
        self._clock = clock
        self._created_at = clock()
        self._answered_at: float | None = None
        self._over: tuple[float, str] | None = None
        self._play: tuple[Play, float, float] | None = None
        self._listening: Listening | None = None
        self._early: EarlyEar | None = None
        self._rings_at: float | None = None
        self._tones = ToneEar()
        self._echo = EchoGuard()
        self._refresh_at = math.inf
        self._rtp = (0, 0)

    # --- what PJSIP says (inside its callbacks) ---

    def media_changed(self, far: pj.AudioMedia | None) -> None:
        """Connect prompt, recorders and tap to the far end's new port; before the answer, record it."""
        self.media.connect(far)
        if far is not None and self.early_track and self._answered_at is None:
            name, self.early_track = self.early_track, ""
            self.media.record_early(name)

    def confirmed(self) -> None:
        """The call is up: recording second 0."""
        if self._answered_at is not None or self.intent is not None:
            return
        self._answered_at = self._clock()
        self._early, self.wants_early_ear, self.early_track = None, False, ""
        self.media.record(*self.tracks)

    def over(self, status: int, reason: str) -> None:
        """PJSIP reports the end (or what it takes for it)."""
        self._over = (self._clock(), f"{status} {reason}")
        self.media.part()

    def key(self, digit: str) -> None:
        """The far end pressed a key."""
        self._emit(Key(self.id, digit, self.second))

    def referred(self, status: int, reason: str, *, final: bool) -> None:
        """The far end says how far it has come with a REFER, or refuses it."""
        self._emit(Referred(self.id, status, reason, final, self.second))

    # --- what the SIP messages say ---

    def heard(self, message: Message) -> None:
        """Take one SIP message of this call."""
        before = self.ladder.rang
        self.ladder.add(message)
        # PJSIP asks again at once or never; without a refresh the session timer would end the call.
        self._refresh_at = again_at(self.ladder, message, random.random()) or self._refresh_at
        inward = message.method == "INVITE" and not message.sent and 100 < message.status < 200
        if inward and self.ladder.outgoing:
            rings = self.ladder.rang is not before
            self._emit(Provisional(self.id, message.status, message.sdp, rings, message.at))

    # --- what the parent says ---

    @property
    def second(self) -> float:
        """Seconds since the recording began (0 before)."""
        return self._clock() - self._answered_at if self._answered_at is not None else 0.0

    @property
    def live(self) -> bool:
        """Commands still make sense."""
        return self.call is not None and self._over is None and self.intent is None

    @property
    def answered(self) -> bool:
        """The call is up, or was."""
        return self._answered_at is not None

    def may_last(self, seconds: float) -> None:
        """Let the call go on for so long from now, and at least as long as it might anyway."""
        self.limits = replace(self.limits, talk_s=max(self._own_talk_s, self.second + seconds))

    def refer(self, target: str) -> None:
        """Ask the far end to call another.

        Raises:
            ValueError: the call is not up.
        """
        self._must_be_answered()
        assert self.call is not None
        self.call.refer(target)

    def play(self, order: Play) -> None:
        """Play files; an earlier play ends.

        Raises:
            ValueError: a file cannot be played, or nobody is there to hear it.
        """
        self._must_be_answered()
        lasts = self.media.check(order.files)
        self.stop_play()
        if self._listening is not None and self._listening.lingering:
            self._listening = None
        start = self.second
        self._echo.play(self.media.play(order.files), start)
        self._play = (order, start, start + lasts)

    def _must_be_answered(self) -> None:
        if self._answered_at is None:
            raise ValueError("not answered yet")

    def stop_play(self) -> None:
        """Stop the play that runs, if one runs."""
        if self._play is None:
            return
        (order, start, end), self._play = self._play, None
        self.media.stop()
        now = self.second
        self._echo.stop(now)
        self._emit(Played(self.id, order.play, start, min(now, end), now >= end))

    @property
    def may_hear_early(self) -> bool:
        """Early media are there, and shall be listened to."""
        return self.wants_early_ear and self._early is None and self.live and self.media.ready

    def listen_early(self, ear: Ear) -> None:
        """Listen before the answer."""
        self._use(ear)
        self._early = EarlyEar(self.id, self._clock())

    def _use(self, ear: Ear) -> None:
        if self.ear is None:
            self.ear = ear
            self.media.listen(ear.tap)
        else:
            ear.tap.clear()
        ear.vad.reset()

    def listen(self, order: Listen, ear: Ear) -> None:
        """Listen; `ear` is the tap and detector to use (kept until `release_ear`).

        Raises:
            ValueError: the call is not up.
        """
        self._must_be_answered()
        self._use(ear)
        if self.second - self._tones.at_s > TONES_AGE_S:
            self._tones = ToneEar(self.second)
        now = self._clock()
        zero = self._answered_at or now
        self._listening = Listening(order, zero=zero, now=now, tones=self._tones, echo=self._echo)

    def stop_listen(self) -> None:
        """Stop listening; nothing more comes of it."""
        self._listening = None

    def release_ear(self) -> Ear | None:
        """The ear, once nobody listens with it any more."""
        if self._listening is not None or self._early is not None or self.ear is None:
            return None
        ear, self.ear = self.ear, None
        self.media.unlisten(alive=self._over is None)
        return ear

    def hang_up(self, by: EndedBy, status: int = 0, contact: str = "") -> None:
        """End the call whatever its state asks for: CANCEL, BYE, refusal; a 3xx names a `contact`."""
        if self.call is None or self._over is not None or self.intent is not None:
            return
        self.intent = Intent(by, self._clock())
        self.stop_play()
        self.media.part()
        self.call.count()
        prm = pj.CallOpParam()
        prm.statusCode = status if status >= 300 else 0
        if contact:
            header = pj.SipHeader()
            header.hName, header.hValue = "Contact", f"<{contact}>"
            prm.txOption.headers.append(header)
        try:
            self.call.hangup(prm)
        except pj.Error as error:
            # PJSIP has no session to end any more: then the call is over.
            self.over(0, error.reason)

    # --- what the clock says ---

    def deadline(self) -> float | None:
        """Machine time of the next thing `tick` has to do, None when it waits for others."""
        times = [self._limit()[0]] if self.live else []
        if self._play is not None and self._answered_at is not None:
            times.append(self._answered_at + self._play[2] + PLAYER_TAIL_S)
        return min(times, default=None)

    def _limit(self) -> tuple[float, EndedBy]:
        if self._answered_at is not None:
            return self._answered_at + self.limits.talk_s, EndedBy.TALK_LIMIT
        if self.host:
            return self._created_at + self.limits.ring_s, EndedBy.RING_LIMIT
        ringing_at = self._ringing_at
        if ringing_at is not None and self.ladder.outgoing:
            return ringing_at + self.limits.ring_s + MARGIN_S, EndedBy.RING_LIMIT
        return self._created_at + self.limits.setup_s, EndedBy.SETUP_LIMIT

    def tick(self, now: float) -> None:
        """Work off what is due. The messages have been read: `Answered` follows its `Provisional`."""
        was_over = self._over is not None
        if self._answered_at is not None and not self._announced:
            self._announced = True
            self._emit(Answered(self.id, self._answered_at))
        if self.live:
            at, by = self._limit()
            if now >= at:
                self.hang_up(by)
        if self.call is not None and self.live and now >= self._refresh_at:
            self._refresh_at = math.inf
            self.call.refresh()
        if self._play is not None and self.second >= self._play[2] + PLAYER_TAIL_S:
            self.stop_play()
        if was_over:  # else our BYE has not been read yet
            self._wind_up(now)

    def hear(self, now: float) -> None:
        """Work off what the tap has heard."""
        if self._early is not None and self.ear is not None and self.live:
            for event in self._early.frames(self.ear.tap, self.ear.vad):
                self._emit(event)
                self._may_ring(event)
        if self._listening is None or self.ear is None or not self.live:
            return
        playing = self._play is not None and not self._play[0].background
        tap, vad = self.ear.tap, self.ear.vad
        for event in self._listening.frames(tap, vad, playing=playing, now=now):
            self._emit(event)
            if isinstance(event, SpeechBegan) and self._listening.order.barge_in:
                self.stop_play()
        if self._listening.done:
            self._listening = None

    def _may_ring(self, event: Event) -> None:
        """The first ringback heard before a 180 starts the ring timer (D1)."""
        rang = self.ladder.rang
        signalled = rang is not None and rang.status == 180
        if isinstance(event, Tone) and event.kind in RINGS and self._rings_at is None and not signalled:
            self._rings_at = event.at
            self._emit(Provisional(self.id, 183, True, True, event.at))

    @property
    def _ringing_at(self) -> float | None:
        """When the phone began to ring: the first 180, else the first ringback heard, else the 183 (D1)."""
        rang = self.ladder.rang
        if rang is not None and rang.status == 180:
            return rang.at
        return self._rings_at or (rang.at if rang is not None else None)

    def drop(self) -> Ear | None:
        """Let go of every pj object, since the endpoint is about to be destroyed; the ear is the caller's."""
        self._early = None
        self.stop_listen()
        ear = self.release_ear()
        self.media.close()
        self.call = None
        return ear

    def _wind_up(self, now: float) -> None:
        assert self._over is not None
        if self.call is not None:
            self._rtp = (self.call.rx_packets, self.call.rx_lost)
            self.stop_play()
            self._last_words()
            self.media.close()
            self.call = None
        over_at = self._over[0]
        settled = self.media.settled() or now > over_at + SETTLE_S
        if not self.ended and settled and finished(self.ladder, self.intent, over_at, now):
            self.ended = True
            self._emit(self._ended())
        if self.ended and not self.free and slot_free(self.ladder, self.intent, over_at, now):
            self.free = True
            self._emit(SlotFree(self.id, now))

    def _last_words(self) -> None:
        """An announcement ends with the call: what was being said is given before it."""
        for hearing in (self._early, self._listening):
            for event in hearing.rest() if hearing is not None else ():
                self._emit(event)
        self._early = None
        self.wants_early_ear = False
        self.stop_listen()

    def _ended(self) -> Ended:
        status, reason = status_of(self.ladder)
        ladder = self.ladder
        assert self._over is not None
        return Ended(
            leg=self.id,
            status=status,
            reason=reason or self._over[1],
            q850=ladder.q850,
            by=ended_by(ladder, self.intent),
            late_answer=200 <= status < 300 and self._answered_at is None,
            invited_at=ladder.invited.at if ladder.invited else None,
            ringing_at=self._ringing_at,
            answered_at=self._answered_at,
            ended_at=ended_at(ladder, self.intent, self._over[0]),
            ladder=ladder.lines,
            rx_packets=self._rtp[0],
            rx_lost=self._rtp[1],
        )
