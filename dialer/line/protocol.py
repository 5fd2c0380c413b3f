"""What is said between the parent and a line worker: frozen values, no audio frames.

Commands go down, events come up. Every value names its `leg`, an id the parent chooses (for an incoming
call the worker chooses it). `at` is machine time in seconds since 1970; `*_s` are seconds since the leg's
recording began, so they point into both tracks of the audio.

The payload of `Utterance` and `Preview`, `pcm`, is 8 kHz mono signed 16-bit little endian.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from dialer.line.handover import EndedBy as EndedBy
from dialer.line.handover import Joined, Parted, Refer, Referred
from dialer.line.kinds import RINGS as RINGS
from dialer.line.kinds import ToneKind as ToneKind

# --- commands --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Originate:
    """Send an INVITE.

    Attributes:
        uri: request URI, `sip:13800000000@127.0.0.1:5060`.
        from_uri: From with optional display name; "" for the endpoint's own.
        headers: further headers (P-Asserted-Identity, ...).
        ring_limit_s: CANCEL that many seconds after ringing began (D1: the first 180; before one
            the first 183).
        setup_limit_s: CANCEL when nothing rang or answered that long after the INVITE.
        talk_limit_s: BYE that long after the answer.
        record_system, record_customer: paths of the two WAV tracks; "" records nothing.
        trunk: the account that sends it (`TrunkAccount.name`); "" is the endpoint's own.
        early_ear: listen before the answer too: tones come as `Tone`, speech as `Utterance(listen=EARLY)`.
        record_early: path of a WAV track of what is heard before the answer; "" records nothing.
        not_after: machine time (seconds since 1970) after which it is refused: whoever gave the order may
            have slept, and what was permitted then need not be permitted now (D10).
        beside: the leg for whose call it is made (`dialer.line.handover`): it is joined to that one when
            it is answered, and ends with it. `ring_limit_s` then counts from the INVITE.
    """

    leg: str
    uri: str
    from_uri: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    ring_limit_s: float = 30.0
    setup_limit_s: float = 60.0
    talk_limit_s: float = 1800.0
    record_system: str = ""
    record_customer: str = ""
    trunk: str = ""
    early_ear: bool = False
    record_early: str = ""
    not_after: float = math.inf
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Respond:
    """Answer an incoming call: 180 rings, 200 answers, 3xx-6xx refuses.

    `contact` is the URI that a 3xx sends the caller to.
    """

    leg: str
    status: int
    record_system: str = ""
    record_customer: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Play:
    """Play WAV files one after the other; a running play is replaced. `Played` follows for each `Play`.

    Attributes:
        background: no prompt but what is around: listening goes on as if nothing played.
    """

    leg: str
    play: str
    files: tuple[str, ...]
    background: bool = False


@dataclass(frozen=True, slots=True)
class StopPlay:
    """Stop what is playing; its `Played` says `whole=False`."""

    leg: str


@dataclass(frozen=True, slots=True)
class Listen:
    """Listen for speech; replaces an earlier listening. Exactly one `Utterance` or `NoInput` ends it.

    Attributes:
        patience_s: quiet that ends an utterance.
        no_input_s: quiet without speech that gives `NoInput`, counted from now, or from the end of
            the running play if one runs.
        longest_s: an utterance is cut there.
        barge_in: speech while a prompt plays stops the prompt. Otherwise speech during the prompt is kept
            and counts once the prompt has ended (early talk is not lost).
        lingers: who speaks on after their `Utterance`, before anything is played or listened for anew, is
            followed: another `SpeechBegan`, and a longer `Utterance` instead.
        preview_s: after so much quiet, less than the patience, what was said so far comes as a `Preview`; 0
            asks for none. Who speaks on then is told by another `SpeechBegan`.
    """

    leg: str
    listen: str
    patience_s: float = 0.6
    no_input_s: float = 5.0
    longest_s: float = 12.0
    barge_in: bool = False
    preview_s: float = 0.0
    lingers: bool = False


@dataclass(frozen=True, slots=True)
class StopListen:
    """Stop listening; nothing more comes of it."""

    leg: str


@dataclass(frozen=True, slots=True)
class SendKeys:
    """Press keys (RFC 4733 telephone-event)."""

    leg: str
    keys: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """CANCEL, BYE or refuse, whatever the leg's state asks for. `Ended` follows."""

    leg: str
    status: int = 0


@dataclass(frozen=True, slots=True)
class Probe:
    """Send OPTIONS to a trunk (RFC 3261, section 11). `Probed` follows; one question at a time."""

    trunk: str


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Hang up everything, then exit 0."""


Command = (
    Originate | Respond | Play | StopPlay | Listen | StopListen | SendKeys | Hangup | Refer | Probe | Shutdown
)


EARLY = "early"
"""`Utterance.listen` of what was said before the answer; its second 0 is the first early media."""

# --- events ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """The endpoint is up. `port` is its SIP port on `host`."""

    host: str
    port: int
    pid: int
    slots: int


@dataclass(frozen=True, slots=True)
class Incoming:
    """An INVITE came in. `number` is the user part of the request URI, `caller` that of From.

    `trunk` is the one from whose address it came, "" for a stranger.
    """

    leg: str
    number: str
    caller: str
    call_id: str
    at: float
    trunk: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """Our INVITE has left."""

    leg: str
    call_id: str
    at: float


@dataclass(frozen=True, slots=True)
class Provisional:
    """A 18x came. `rings`: it starts the ring timer (a 180 that follows a 183 starts it anew, D1)."""

    leg: str
    status: int
    early_media: bool
    rings: bool
    at: float


@dataclass(frozen=True, slots=True)
class Answered:
    """A 200 came (or ours was acknowledged); recording second 0 is `at`."""

    leg: str
    at: float


@dataclass(frozen=True, slots=True)
class Played:
    """A play ended. `start_s` and `end_s` frame what was really sent."""

    leg: str
    play: str
    start_s: float
    end_s: float
    whole: bool


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """The far end began to speak, or speaks on after a `Preview` or an `Utterance`."""

    leg: str
    listen: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """The far end spoke and fell quiet (or `longest_s` was reached). Its last `quiet_s` seconds are quiet."""

    leg: str
    listen: str
    start_s: float
    end_s: float
    pcm: bytes = b""
    quiet_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Preview:
    """The far end paused. Unless it speaks on, its `Utterance` will be this: same seconds, same sound."""

    leg: str
    listen: str
    start_s: float
    end_s: float
    pcm: bytes = b""
    quiet_s: float = 0.0


@dataclass(frozen=True, slots=True)
class NoInput:
    """The far end said nothing."""

    leg: str
    listen: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Key:
    """The far end pressed a key."""

    leg: str
    key: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone or music was recognised; once for each that begins. `at` is machine time."""

    leg: str
    kind: ToneKind
    at: float


@dataclass(frozen=True, slots=True)
class Probed:
    """What became of a `Probe`. `status` is 0 without an answer within 64*T1; `took_s` the round trip."""

    trunk: str
    status: int
    took_s: float
    at: float


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration changed: 200 is registered, 0 taken back, others failed (RFC 3261, section 10)."""

    trunk: str
    status: int
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Alive:
    """A sign of life, each second. A worker that gives none hangs."""

    at: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The leg is over.

    Attributes:
        status: the INVITE's final status as it came (of an incoming call: as it was sent); 0 when none came
            within 64*T1 or the failure is our own.
        reason: its reason phrase.
        q850: hangup cause of a Reason header, 0 without one.
        by: whose doing it was.
        late_answer: a 200 crossed our CANCEL: the phone was picked up after all.
        ladder: the SIP messages, one line each, oldest first: "0.000 > INVITE", "0.012 < 100 Trying".
        rx_packets, rx_lost: RTP received.
    """

    leg: str
    status: int
    reason: str
    q850: int
    by: EndedBy
    late_answer: bool
    invited_at: float | None
    ringing_at: float | None
    answered_at: float | None
    ended_at: float
    ladder: tuple[str, ...] = ()
    rx_packets: int = 0
    rx_lost: int = 0


@dataclass(frozen=True, slots=True)
class SlotFree:
    """The endpoint's call slot and the number are free again: the final response came, or 64*T1 passed."""

    leg: str
    at: float


@dataclass(frozen=True, slots=True)
class Refused:
    """A command could not be carried out (unknown leg, no free slot, bad URI, unreadable prompt).

    `late`: an `Originate` came after its `not_after`, which says nothing of the trunk.
    """

    leg: str
    command: str
    why: str
    late: bool = False


Event = (
    Ready
    | Incoming
    | Invited
    | Provisional
    | Answered
    | Played
    | SpeechBegan
    | Utterance
    | Preview
    | NoInput
    | Key
    | Tone
    | Joined
    | Parted
    | Referred
    | Probed
    | Registered
    | Alive
    | Ended
    | SlotFree
    | Refused
)
