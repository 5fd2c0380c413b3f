"""The trunks of a site as people ask about them: how they stand, and how each would dial a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from base import phones
from base.errors import InputError, SettingsError
from dialer import breaker
from dialer.breaker import Gate
from dialer.dialplan import Home
from dialer.trunk import Trunk
from huifang.settings import Settings
from huifang.site import Site
from records import ledger, line_health
from records.model import LineHealth, TrunkState


@dataclass(frozen=True, slots=True)
class TrunkStanding:
    """A trunk now.

    Attributes:
        state: closed lets calls through, open is paused, half_open waits for a probe call.
        health: what each node that runs or ran found at its last OPTIONS.
        in_use, channels: calls at once, over all nodes, and how many there may be.
        paused_until: None for no pause, and for one that only a person ends (`needs_a_person`).
    """

    name: str
    role: str
    peer: str
    transport: str
    state: str
    health: tuple[LineHealth, ...]
    in_use: int
    channels: int
    paused_until: datetime | None
    paused_why: str
    needs_a_person: bool


@dataclass(frozen=True, slots=True)
class Form:
    """How a trunk dials a number: `otherwise` after it was misdialled; `keys` after the answer."""

    trunk: str
    role: str
    number: str
    why: str
    otherwise: str
    keys: str
    caller_id: str
    asserted_id: str
    uri: str


def trunks_of(settings: Settings) -> tuple[Trunk, ...]:
    """The trunks that calls go out by.

    Raises:
        SettingsError: there is none.
    """
    if not settings.trunks:
        raise SettingsError("no trunk is set", where="trunks", remedy="set one in config/settings.yaml")
    return settings.trunks


async def standings(site: Site) -> list[TrunkStanding]:
    """All trunks of the settings."""
    states = await ledger.trunk_states(site.database)
    used = await line_health.calls_under_way(site.database)
    health = await line_health.of_all(site.database)
    return [_standing(trunk, states, used, health, site.now()) for trunk in site.settings.trunks]


async def standing(site: Site, name: str) -> TrunkStanding:
    """One trunk of the settings, by its name."""
    return next(one for one in await standings(site) if one.name == name)


def _standing(
    trunk: Trunk,
    states: Mapping[str, TrunkState],
    used: Mapping[str, int],
    health: tuple[LineHealth, ...],
    now: datetime,
) -> TrunkStanding:
    state = states.get(trunk.name)
    gate = breaker.gate(state, now)
    for_good = state is not None and state.needs_a_person
    return TrunkStanding(
        name=trunk.name,
        role=trunk.role,
        peer=trunk.peer,
        transport=trunk.transport,
        state=gate.value,
        health=tuple(one for one in health if one.trunk == trunk.name),
        in_use=used.get(trunk.name, 0),
        channels=trunk.channels,
        paused_until=state.paused_until if state and not for_good else None,
        paused_why=state.paused_why if state and gate is not Gate.CLOSED else "",
        needs_a_person=for_good,
    )


def named(site: Site, name: str) -> Trunk:
    """The trunk of that name.

    Raises:
        InputError: there is none.
    """
    found = next((trunk for trunk in site.settings.trunks if trunk.name == name), None)
    if found is None:
        known = ", ".join(trunk.name for trunk in site.settings.trunks) or "none"
        raise InputError("there is no such trunk", where=name, remedy=f"trunks: {known}")
    return found


def forms(trunks: tuple[Trunk, ...], raw: str, home: Home) -> list[Form]:
    """How each trunk would dial a number as people write it.

    Raises:
        InputError: it is no number of mainland China.
    """
    try:
        phone = phones.normalise(raw)
    except ValueError as error:
        raise InputError(str(error), where="NUMBER") from error
    return [_form(trunk, phone, home) for trunk in trunks]


def _form(trunk: Trunk, phone: phones.Phone, home: Home) -> Form:
    first = trunk.dial(phone.e164, phone.extension, home=home)
    other = trunk.dial(phone.e164, phone.extension, misdialled=1, home=home)
    return Form(
        trunk=trunk.name,
        role=trunk.role,
        number=first.user,
        why=first.why,
        otherwise=other.user if other.user != first.user else "",
        keys=first.extension,
        caller_id=trunk.caller_id,
        asserted_id=trunk.asserted_id,
        uri=trunk.request_uri(first),
    )
