"""What a follow-up by a person is worth: completed (P9), informed (A4), or nothing but contact (C1). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from plans.paperwork import Channel, Way


class Lack(StrEnum):
    """What keeps it from counting as what it is called."""

    OWNER = "owner"
    """The owner was not confirmed (A2)."""
    QUESTIONS = "questions"
    """Mandatory questions have no answer (P9)."""
    SOUND = "sound"
    """No recording of the talk (R1)."""
    PROOF = "proof"
    """Nothing that proves it: the letter's copy, the mail, the signed sheet (C1)."""
    SECOND = "second"
    """A second member of staff, on a weighty visit (C1)."""
    WAY = "way"
    """That way informs nobody (A4)."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done.

    Attributes:
        way: None is the telephone.
        owner: confirmed. answered: all mandatory questions on the way that the talk took.
        sound: a recording is there. proof: another file is.
        staff: how many of the firm were there. weighty: a visit on something grave.
    """

    way: Way | None
    owner: bool = False
    answered: bool = False
    sound: bool = False
    proof: bool = False
    staff: int = 1
    weighty: bool = False


def lacks_to_complete(done: Done, channels: Mapping[Way, Channel]) -> tuple[Lack, ...]:
    """Why it is no valid follow-up; () where it is one."""
    return tuple(_to_complete(done, channels))


def lacks_to_inform(done: Done, channels: Mapping[Way, Channel]) -> tuple[Lack, ...]:
    """Why it does not meet the duty to inform instead; () where it does."""
    return tuple(_to_inform(done, channels))


def _to_complete(done: Done, channels: Mapping[Way, Channel]) -> Iterator[Lack]:
    if not done.owner:
        yield Lack.OWNER
    if not done.answered:
        yield Lack.QUESTIONS
    if done.way is None:
        if not done.sound:
            yield Lack.SOUND
        return
    if not (done.proof or done.sound):
        yield Lack.PROOF
    channel = channels.get(done.way)
    if channel and done.staff < (channel.signers_weighty if done.weighty else channel.signers):
        yield Lack.SECOND


def _to_inform(done: Done, channels: Mapping[Way, Channel]) -> Iterator[Lack]:
    channel = channels.get(done.way) if done.way else None
    if channel is None or not channel.informs:
        yield Lack.WAY
    if not done.proof:
        yield Lack.PROOF
