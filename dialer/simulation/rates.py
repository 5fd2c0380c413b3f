"""How customers take calls: shares and seconds as a table that a site replaces by its own measurements.

Every share is of the calls that come so far, so that each group of words adds up to 1 by itself: numbers are
weighed against each other. Days are business days in Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dialer.disposition import Disposition

Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0)]
Hour = Annotated[int, Field(ge=0, le=23)]
Seconds = Annotated[float, Field(gt=0, le=3600)]

DEAD = frozenset({Disposition.UNALLOCATED_NUMBER, Disposition.SUSPENDED, Disposition.NUMBER_CHANGED})
OF_LINES = frozenset(
    {
        Disposition.LINE_FAILURE,
        Disposition.NETWORK_BUSY,
        Disposition.MISDIALLED,
        Disposition.CALLER_BARRED,
        Disposition.BLOCKED,
    }
)
OF_TALKS = frozenset(
    {
        Disposition.COMPLETED,
        Disposition.HUNG_UP,
        Disposition.REFUSED,
        Disposition.RESCHEDULED,
        Disposition.WRONG_PARTY,
        Disposition.HANDED_OVER,
        Disposition.SILENT,
        Disposition.UNHEARD,
    }
)
OF_RINGING = frozenset(
    {
        Disposition.NO_ANSWER,
        Disposition.BUSY,
        Disposition.REJECTED,
        Disposition.POWERED_OFF,
        Disposition.UNREACHABLE,
        Disposition.CARRIER_CUT,
        Disposition.VOICEMAIL,
        Disposition.ASSISTANT,
    }
)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Length(_Model):
    """How long something lasts, in seconds: log-normal, half of them shorter than the median."""

    median: Seconds
    spread: float = Field(default=0.0, ge=0, le=2)


class Hard(_Model):
    """Customers who pick up less often than the others: which share, and by which factor."""

    share: Share
    factor: float = Field(ge=0, le=1)


class Rates(_Model):
    """What becomes of a call, by the hour in which it begins.

    Attributes:
        says: where the figures come from.
        answered: by hour, the share of calls that a person picks up, over all customers whose number is
            alive; an hour that is not named is as the nearest one.
        off_days: factor of that share on days that are not worked.
        agreed: the share of calls at an agreed time that are picked up (D6).
        hard_to_reach: customers who pick up less often.
        dead: shares of numbers that are dead, each with the word that its calls end in.
        lines: shares of calls that end in a word of our own side or of the network.
        unanswered: weights of how a call ends that nobody picks up.
        talks: weights of how a conversation ends.
        never: of those who refuse, the share who want no call any more (A4).
        owner_later: of those who are not the owner, the share who say when the owner is in (A2).
        setup_s: until something rings or ends.
        picks_up_s: of ringing until the answer.
        talk_s: by the word that a conversation ends in; of machines as well.
    """

    says: str = ""
    answered: Mapping[Hour, Share] = Field(min_length=1)
    off_days: float = Field(ge=0, le=2)
    agreed: Share
    hard_to_reach: Hard
    dead: Mapping[Disposition, Share]
    lines: Mapping[Disposition, Share]
    unanswered: Mapping[Disposition, Weight]
    talks: Mapping[Disposition, Weight]
    never: Share
    owner_later: Share
    setup_s: Length
    picks_up_s: Length
    talk_s: Mapping[Disposition, Length]

    @model_validator(mode="after")
    def _names_what_belongs_there(self) -> Self:
        groups = (
            ("dead", self.dead, DEAD),
            ("lines", self.lines, OF_LINES),
            ("unanswered", self.unanswered, OF_RINGING),
            ("talks", self.talks, OF_TALKS),
            ("talk_s", self.talk_s, OF_TALKS | {Disposition.VOICEMAIL, Disposition.ASSISTANT}),
        )
        for name, written, known in groups:
            if strange := [one.value for one in written if one not in known]:
                raise ValueError(f"`{name}` holds {strange[0]}; known: {', '.join(sorted(known))}")
        for name, total in (("dead", sum(self.dead.values())), ("lines", sum(self.lines.values()))):
            if total > 1:
                raise ValueError(f"`{name}` adds up to more than 1")
        for name, weights in (("unanswered", self.unanswered), ("talks", self.talks)):
            if sum(weights.values()) <= 0:
                raise ValueError(f"`{name}` is all zero")
        if silent := [one.value for one in self.talks if one not in self.talk_s]:
            raise ValueError(f"`talk_s` says nothing of {silent[0]}, which `talks` holds")
        return self
