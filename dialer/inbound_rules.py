"""What becomes of a call that comes in: announced, forwarded, refused. Pure.

A customer who rings the callback number back is no dialing attempt and takes no dialing slot. What is said
names neither the firm nor the account nor why we called: nobody knows who holds the phone (A2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_URI = re.compile(r"^sips?:[^\s<>@]+@[^\s<>@]+$")

WORDING = (
    "您好，这里是自动语音，本次通话有录音。您拨打的号码只用于呼出，暂时不能接听来电。"
    "需要帮助，请拨打相关公司公布的客户服务热线。谢谢，再见。"
)
"""Names nobody, for anybody may ring back: firm and hotline are for the confirmed owner (A2, S2)."""

HOTLINE = "{hotline}"

FORBIDDEN, UNAVAILABLE, BUSY, MOVED = 403, 480, 486, 302
"""RFC 3261, 21.4.4, 21.4.18, 21.4.22, 21.3.3."""


class InboundSettings(BaseModel):
    """Customers who ring the callback number back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Literal["announce", "forward", "refuse"] = Field(
        "announce",
        description="announce: a recorded announcement; forward: 302 to forward_to; refuse: 480.",
    )
    wording: str = Field(
        WORDING, min_length=1, description="The announcement; {hotline} stands for firm.hotline."
    )
    forward_to: str = Field(
        "", description="Whom calls are forwarded to, sip:NUMBER@HOST, where the trunk does it."
    )
    at_once: int = Field(2, ge=1, le=50, description="Calls answered at once; more get 486.")
    sources: tuple[str, ...] = Field(
        (), description="Addresses or networks that a carrier calls from, besides the trunks' own (edge)."
    )

    @field_validator("wording")
    @classmethod
    def _can_be_said(cls, wording: str) -> str:
        plain = wording.replace(HOTLINE, "")
        if not plain.isprintable() or set("{}") & set(plain):
            raise ValueError("write words that can be said; of slots there is {hotline} alone")
        return wording

    @model_validator(mode="after")
    def _forward_has_a_target(self) -> Self:
        if self.action == "forward" and not self.forward_to:
            raise ValueError("action: forward needs forward_to")
        if self.forward_to and _URI.match(self.forward_to) is None:
            raise ValueError("write forward_to as sip:NUMBER@HOST")
        return self


class Outcome(StrEnum):
    """What became of an inbound call; kept with it."""

    ANNOUNCED = "announced"
    FORWARDED = "forwarded"
    REFUSED = "refused"
    BUSY = "busy"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class Reception:
    """How a call is received.

    Attributes:
        status: 200 answers and announces, others end it.
        contact: of a 302, whom to call instead.
        kept: it is written down; a stranger's is not.
    """

    outcome: Outcome
    status: int
    contact: str = ""
    kept: bool = True


def receive(settings: InboundSettings, *, trunk: str, active: int) -> Reception:
    """What to do with a call that has just come in.

    Args:
        settings: the site's.
        trunk: by which it came; "" when its source is no trunk (SIP scanners).
        active: inbound calls that are being answered now.
    """
    if not trunk:
        return Reception(Outcome.STRANGER, FORBIDDEN, kept=False)
    if settings.action == "refuse":
        return Reception(Outcome.REFUSED, UNAVAILABLE)
    if settings.action == "forward":
        return Reception(Outcome.FORWARDED, MOVED, settings.forward_to)
    if active >= settings.at_once:
        return Reception(Outcome.BUSY, BUSY)
    return Reception(Outcome.ANNOUNCED, 200)
