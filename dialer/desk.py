"""What a campaign and a run give to each of their calls: policy and script, lines, ears and the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from base.clock import Clock
from base.errors import SettingsError
from dialer.dialplan import Home, nobody_knows
from dialer.line.leg import Lines
from dialer.overhearing import Listener
from dialer.pacing import NO_PACE, Pace
from dialer.profile import Profile
from dialer.recordings import Recordings
from dialer.talk import Conversing, Prompts
from dialer.transferring import Switchboard
from dialer.trunk import Trunk
from dialer.watching import Observer
from ivr.hearing import Ear
from ivr.values import Action
from records.database import Database
from records.model import NO_CAPS, Caps, Claim

Open = Callable[[Claim, datetime], tuple[Conversing, tuple[Action, ...]]]
"""Begins the script's session for a customer at a business time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign adds: its policy and its script, with the kinds of follow-up that it carries (D7)."""

    profile: Profile
    open: Open
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """What all calls of a run share.

    Attributes:
        extension: the virtual seat's number in the names of recordings (R2).
        node: this process's name in the ledger.
        listener: recognises announcements and machines; None: neither is listened for.
        caps: limits beyond the trunks'; `pace`: channels and INVITEs per second of this node.
        home: where mobiles are at home.
        switchboard: the people who take calls over; None where there are none.
    """

    db: Database
    lines: Lines
    trunks: tuple[Trunk, ...]
    ear: Ear
    prompts: Prompts
    clock: Clock
    recordings: Recordings
    observer: Observer
    extension: str
    node: str
    listener: Listener | None = None
    caps: Caps = NO_CAPS
    pace: Pace = NO_PACE
    home: Home = nobody_knows
    switchboard: Switchboard | None = None

    @property
    def handing_over_s(self) -> float:
        """What handing it over to a person may add to a call, in seconds."""
        return self.switchboard.settings.longest_s if self.switchboard is not None else 0.0

    def trunk(self, name: str) -> Trunk:
        """The trunk of a claim. One that the settings do not name any more is no line of ours.

        Raises:
            SettingsError: there is none of that name.
        """
        found = next((one for one in self.trunks if one.name == name), None)
        if found is None:
            raise SettingsError("there is no trunk of that name", where=f"trunks.{name}")
        return found
