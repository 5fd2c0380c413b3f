"""Two legs of a worker side by side: how long the customer's may last while a person talks, and after."""

from __future__ import annotations

from typing import cast

from dialer.line.handover import Joined, Parted
from dialer.line.media import LegMedia
from dialer.line.pairs import LAST_WORDS_S, Pairs
from dialer.line.pjcall import PjCall
from dialer.line.protocol import Event
from dialer.line.worker_leg import Limits, WorkerLeg


class Mute:
    """A leg's media without sound."""

    def record(self, system: str, customer: str) -> None:
        """Record nothing."""

    def join(self, partner: object) -> None:
        """Be heard by nobody."""

    def part(self) -> None:
        """As before."""


class Two:
    """A customer's leg of 600 s at most, and a person's beside it who may talk for 1800 s."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.told: list[Event] = []
        self.host = self.leg("customer", 600.0)
        self.person = self.leg("person", 1800.0)
        self.person.host = "customer"
        self.pairs = Pairs({"customer": self.host, "person": self.person}, self.told.append)
        self.host.confirmed()
        self.pairs.add("person")

    def leg(self, name: str, talk_s: float) -> WorkerLeg:
        media, limits = cast(LegMedia, Mute()), Limits(30.0, 30.0, talk_s)
        leg = WorkerLeg(name, emit=self.told.append, clock=lambda: self.now, media=media, limits=limits)
        leg.call = cast(PjCall, object())
        return leg

    def joined_at(self, second: float) -> None:
        self.now = 1000.0 + second
        self.person.confirmed()
        self.pairs.tick()

    def parted_at(self, second: float) -> None:
        self.now = 1000.0 + second
        self.person.over(200, "OK")
        self.pairs.tick()

    @property
    def longest_s(self) -> float:
        """When the worker ends the customer's leg, in seconds of its talk."""
        until = self.host.deadline()
        assert until is not None
        return until - 1000.0


def test_the_customers_leg_lasts_as_long_as_the_person_may_talk() -> None:
    two = Two()
    two.joined_at(100.0)
    assert two.longest_s == 100.0 + 1800.0 + LAST_WORDS_S
    assert [type(one) for one in two.told] == [Joined]


def test_when_the_person_leaves_the_customers_leg_has_its_own_limit_again() -> None:
    """Else the rest of the script could go on for half an hour."""
    two = Two()
    two.joined_at(100.0)
    two.parted_at(130.0)
    assert two.longest_s == 600.0
    assert [type(one) for one in two.told] == [Joined, Parted]


def test_after_a_long_talk_there_is_time_for_last_words() -> None:
    two = Two()
    two.joined_at(100.0)
    two.parted_at(1500.0)
    assert two.longest_s == 1500.0 + LAST_WORDS_S


def test_a_person_who_did_not_take_the_call_changes_no_limit() -> None:
    two = Two()
    two.parted_at(590.0)
    assert two.longest_s == 600.0
