"""Who answered: a person, or a machine. Pure: what is heard goes in, what is decided comes out.

A person says a short word and waits, or waits in silence; a voicemail speaks on and beeps, an assistant asks
what one wants, a carrier announces something after its 200. Timers start at the answer. No word is said until
a person is likely, and a machine's wording, beep or endless talk ends the call: it hears nothing (A2).

`Judge` is asked after each thing heard. Whoever drives it listens, recognises what `needs_words` says, and
carries the decision out (`dialer.greeting`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from dialer.disposition import Announced, Disposition
from dialer.line.protocol import ToneKind

ENDLESS_S = 11.0
"""Who answers the opening for so long without a pause is a machine."""
DEAD_LINE = {ToneKind.BUSY: Disposition.BUSY, ToneKind.CONGESTION: Disposition.NETWORK_BUSY}
"""Tones behind which nobody is any more: some gateways send them in the place of a BYE."""


class Who(Enum):
    """What is known of who answered."""

    UNKNOWN = "unknown"
    PERSON = "person"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds by which people and machines are told apart.

    Attributes:
        silence_s: so long nothing is heard: a person who waits.
        pause_s: quiet that ends what is said.
        short_s: whoever spoke no longer and fell quiet is a person, whatever was said.
        listen_s: longer talk is recognised piece by piece of this length.
        longest_s: who talks on for so long without a pause is a machine.
        wait_s: by then the opening is said, whatever plays on the line.
    """

    silence_s: float = 1.5
    pause_s: float = 0.4
    short_s: float = 1.8
    listen_s: float = 3.0
    longest_s: float = 9.0
    wait_s: float = 12.0


@dataclass(frozen=True, slots=True)
class Judge:
    """What was heard so far. Every method gives the next judge; `who` and `announced` say what is decided.

    Attributes:
        talked_s: length of the talk that goes on.
        text: what was recognised of it.
        waits: the line rings on, or plays music: silence is no person's yet.
    """

    limits: Limits
    who: Who = Who.UNKNOWN
    announced: Announced | None = None
    talked_s: float = 0.0
    text: str = ""
    waits: bool = False
    spoke: bool = False

    def silence(self) -> Judge:
        """Nobody spoke for `silence_s`: a person waits, unless the line has rung or played music."""
        return replace(self, waits=False) if self.waits else self._person()

    def out_of_time(self) -> Judge:
        """Nothing was decided in `wait_s`."""
        return self._person()

    def key(self) -> Judge:
        """A key was pressed."""
        return replace(self._person(), spoke=True)

    def needs_words(self, length_s: float) -> bool:
        """Whether an utterance must be recognised before anything is decided."""
        return self.talked_s > 0 or length_s > self.limits.short_s

    def said(self, length_s: float, *, ended: bool, text: str, announced: Announced | None) -> Judge:
        """Somebody spoke: a piece that `ended` in a pause, or that was cut because it goes on."""
        talked_s = self.talked_s + length_s
        heard = replace(self, talked_s=talked_s, text=self.text + text, waits=False, spoke=True)
        if announced is not None:
            return replace(heard, who=Who.MACHINE, announced=announced)
        if ended:
            return heard._person()
        if talked_s >= self.limits.longest_s:
            return heard._machine("talks on and on")
        return heard

    def tone(self, kind: ToneKind) -> Judge:
        """A tone of the network, a beep, or music."""
        if kind is ToneKind.BEEP:
            return self._machine("beep")
        dead = DEAD_LINE.get(kind)
        if dead is not None:
            return replace(self, who=Who.MACHINE, announced=Announced(dead, f"{kind.value} tone", 1.0))
        return replace(self, waits=True)

    def _person(self) -> Judge:
        return replace(self, who=Who.PERSON)

    def _machine(self, why: str) -> Judge:
        return replace(self, who=Who.MACHINE, announced=_voicemail(why))


def _voicemail(why: str) -> Announced:
    return Announced(Disposition.VOICEMAIL, why, 1.0)


def endless_talk(length_s: float) -> Announced | None:
    """A machine, where the opening is answered for so long without a pause."""
    return _voicemail("talks on and on") if length_s >= ENDLESS_S else None


def tone_says(kind: ToneKind, *, spoke: bool, answered: bool) -> Announced | None:
    """What a tone amid a conversation says of who is there; None: nothing.

    `spoke`: somebody has spoken or pressed a key; `answered`: a question, so it was a person.
    """
    if kind in DEAD_LINE:
        return Announced(Disposition.HUNG_UP if spoke else DEAD_LINE[kind], f"{kind.value} tone", 1.0)
    return _voicemail("beep") if kind is ToneKind.BEEP and not answered else None
