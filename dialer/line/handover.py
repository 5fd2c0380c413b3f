"""What parent and worker say to each other when a call is handed over to a person (S18, R1).

The person's leg is originated `beside` the customer's (`protocol.Originate`): in the same worker, since only
there can both be joined, and hung up with it. The customer's leg is the one that these values call `leg`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Join:
    """Let the leg and an answered one beside it hear each other; a running play ends. `Joined` follows.

    What the other says goes on the leg's system track, behind our prompts (R1).

    Attributes:
        talk_limit_s: BYE to both that long after now, instead of what `Originate` said.
    """

    leg: str
    other: str
    talk_limit_s: float = 1800.0


@dataclass(frozen=True, slots=True)
class Refer:
    """Ask the leg's far end to call another (REFER, RFC 3515). A `Referred` follows for each NOTIFY."""

    leg: str
    target: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Both hear each other from this second on."""

    leg: str
    other: str
    at_s: float


@dataclass(frozen=True, slots=True)
class Parted:
    """The other leg has ended or is being ended; the leg itself goes on."""

    leg: str
    other: str
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
