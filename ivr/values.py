"""The vocabulary between a conversation and the call that carries it: what happened, what to do, the end.

Times are seconds since the recording began (the answer), so that they point into the audio.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ivr.hearing import Heard

# --- what happened -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlayEnded:
    """A prompt was played to its end (`whole`) or cut off by the customer."""

    at_s: float
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """The customer said something, and this was heard."""

    heard: Heard
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Pressed:
    """The customer pressed a key: one of 0-9, *, #."""

    key: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Silence:
    """The listening time ran out without speech or key."""

    at_s: float


@dataclass(frozen=True, slots=True)
class CustomerHungUp:
    """The customer's BYE came; nothing more can be said."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Transferred:
    """A person has taken the call over: both hear each other."""

    at_s: float


@dataclass(frozen=True, slots=True)
class NotTransferred:
    """Nobody has taken it over. `why`: a code for people: nobody_free, nobody_took_it, not_waited."""

    at_s: float
    why: str


@dataclass(frozen=True, slots=True)
class AgentLeft:
    """The person hung up; the customer is still there."""

    at_s: float


Happening = PlayEnded | Said | Pressed | Silence | CustomerHungUp | Transferred | NotTransferred | AgentLeft


# --- what to do ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a prompt: a key of the manifest with slots filled in, and the wording that results."""

    prompt: str
    wording: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Play:
    """Say these lines, one after the other; `PlayEnded` follows.

    `barge_in`: speech or a key during the prompt stops it and counts as the answer.
    """

    node: str
    lines: tuple[Line, ...]
    barge_in: bool = False


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait for an answer; `Said`, `Pressed` or `Silence` follows.

    Attributes:
        node: the node that asks.
        patience_s: quiet after speech that ends the utterance (closed about 0.6, free 1.2 or more).
        no_input_s: quiet without any speech after which `Silence` is reported.
        longest_s: an utterance is cut here.
        decode: False for free answers: they are recorded and transcribed after the call, nothing is decided
            on its words; `Said` then carries an empty text.
        expected: phrases that would be understood, answers of the question before ways out (`Ear.hear`).
    """

    node: str
    patience_s: float = 0.6
    no_input_s: float = 5.0
    longest_s: float = 12.0
    decode: bool = True
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """Stay on the line for a while without a word (D9), then `Silence` or `CustomerHungUp` follows."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Transfer:
    """Look for a person who takes the call over (S14, S18); `Transferred` or `NotTransferred` follows.

    Attributes:
        node: the node that hands over.
        to: the group of people.
        note: why, as a code for people: "wants_person", "complaint".
    """

    node: str
    to: str
    note: str


@dataclass(frozen=True, slots=True)
class StandBy:
    """A person talks with the customer; `AgentLeft` or `CustomerHungUp` follows."""

    node: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


Action = Play | Listen | Hold | Transfer | StandBy | Hangup


# --- how it ended ------------------------------------------------------------------------------------------


class Outcome(StrEnum):
    """How a conversation ended. The dialer's disposition of an answered call follows from it."""

    COMPLETED = "completed"
    HUNG_UP = "hung_up"
    WRONG_PARTY = "wrong_party"
    REFUSED = "refused"
    RESCHEDULED = "rescheduled"
    HANDED_OVER = "handed_over"
    SILENT = "silent"
    UNHEARD = "unheard"
    """Somebody spoke, and nothing was understood: not even who it is."""


class Unwilling(StrEnum):
    """The four kinds of A4."""

    NOT_NOW = "not_now"
    NOT_THIS_QUESTION = "not_this_question"
    NOT_A_MACHINE = "not_a_machine"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question's answer as it is filed.

    Attributes:
        question: node id.
        value: the option's name ("yes", "very_satisfied"), those of several options ("shares,funds"), digits,
            an ISO date or time, "" for a free answer, or "not_understood", "no_answer", "declined".
        label: what a person reads (满意, 下周一).
        how: "speech", "key" or "none".
        heard: the words heard, for speech.
        score: 0 to 1, how surely the words were understood.
        start_s, end_s: where in the recording.
    """

    question: str
    value: str
    label: str
    how: str
    heard: str
    score: float
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """One prompt as it was said: the system's side of the transcript, known to the word (F4, S1)."""

    node: str
    prompt: str
    wording: str
    private: bool
    start_s: float
    end_s: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a conversation leaves behind.

    Attributes:
        outcome: how it ended.
        owner_confirmed: whether the right party was confirmed (A2).
        answers: in the order they were given; a question answered again replaces the earlier one.
        appointment: business time the customer asked to be called at and confirmed (D6).
        unwilling: which kind of unwillingness (A4), if any.
        notes: codes for people: "dialect", "wants_person", "complaint", "not_understood", "asked_machine".
        mandatory_done: every mandatory question has an answer (P9).
        kinds_done: kinds of follow-up whose questions were all asked, the mandatory ones answered (P9, D7).
        score: points of the answers (S12); None while a question is open, or where nothing is scored.
        band: name of the band that they belong to, "" without points.
    """

    outcome: Outcome
    owner_confirmed: bool
    answers: tuple[Answer, ...] = ()
    appointment: datetime | None = None
    unwilling: Unwilling | None = None
    notes: tuple[str, ...] = ()
    mandatory_done: bool = False
    kinds_done: tuple[str, ...] = ()
    score: int | None = None
    band: str = ""


@dataclass(frozen=True, slots=True)
class Slots:
    """What a script may say of a customer: text by slot name (name, title, manager, opened_month, ...)."""

    values: dict[str, str] = field(default_factory=dict)
