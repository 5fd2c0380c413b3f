"""What parent and worker say to each other when a call is handed over to a person (R1, S18).

The person's leg is originated `beside` the customer's (`protocol.Originate`): in the same worker, for only
there can both be joined. That is done as soon as the person answers; what the person says goes on the
customer leg's system track, behind our prompts. In all values `leg` is the customer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EndedBy(StrEnum):
    """Whose doing the end of a leg was."""

    US = "us"
    THEM = "them"
    RING_LIMIT = "ring_limit"
    SETUP_LIMIT = "setup_limit"
    TALK_LIMIT = "talk_limit"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Refer:
    """Ask the leg's far end to call another (REFER, RFC 3515). A `Referred` follows for each NOTIFY."""

    leg: str
    target: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Both hear each other from this second on; a play that ran has ended."""

    leg: str
    other: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Parted:
    """The leg beside this one has ended or is being ended, joined or not; this one goes on.

    `status`, `reason`: the final response to its INVITE, 0 where none came yet.
    """

    leg: str
    other: str
    status: int
    reason: str
    by: EndedBy
    at_s: float


@dataclass(frozen=True, slots=True)
class Referred:
    """How far the far end has come with a `Refer`: the status that it reports, or that refused it.

    `final`: nothing more is to come; below 300 the leg may be hung up, for the two have found each other.
    """

    leg: str
    status: int
    reason: str
    final: bool
    at_s: float
