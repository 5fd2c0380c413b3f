"""Who talks in a talk drill: one simulated customer for each conversation, drawn from a seed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ivr.script import Ask, Script
from office.customers.names import FILLED
from records.model import NewCustomer, PhoneKind
from softphone.intents import LANDLINES, TWICE, Intent
from softphone.noise import Background
from softphone.persona import Cast, Persona, Pickup
from softphone.unplanned import answers, filed, meant
from softphone.walks import Ground, Walk, walk

NAMES = ("张三", "李四")
MANAGER = "王芳"
OPENED_ON = date(2026, 3, 16)
BRANCH = "上海营业部"
VOICES = ("jm_kumo", "jf_nezumi")
RINGS_S = 0.5
NOT_UNDERSTOOD = "没听清楚。"
NOISES: tuple[Background | None, ...] = (
    None,
    Background(kind="street", snr_db=10, calls=1),
    Background(kind="babble", snr_db=5, during="speech", calls=1),
    None,
    Background(kind="babble", snr_db=10, during="speech", calls=1),
    Background(kind="street", snr_db=5, calls=1),
    Background(kind="street", snr_db=10, calls=1),
)
"""What is heard beside the voices in the first call, in turn; the next one is in quiet. A crowd
all through a call is taken for the customer."""
ALONE = Background(kind="street", snr_db=10, calls=1)
"""What is heard in a call in which nobody speaks."""
ORDER = (
    *(Intent.ANSWERS, Intent.NOT_NOW_AT, Intent.KEYS, Intent.PERSON, Intent.MACHINE, Intent.LANDLINE),
    *(Intent.SKIPS, Intent.NEVER, Intent.SILENT_CALL, Intent.NOT_NOW, Intent.ANSWERS, Intent.STRANGER),
    *(Intent.COMPLAINT, Intent.PAUSES, Intent.REFUSES, Intent.AWAY, Intent.HANGS_UP, Intent.NOISE_CALL),
    *(Intent.DIALECT,),
)
"""What customers are up to, in turn within a script; each script begins elsewhere."""
STRIDE = 5
"""By how much the next script begins further on: few conversations still meet many intents."""


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation that is to be had.

    Attributes:
        beside: by question off the planned way, what should be filed there.
        owning: questions at which somebody may be found to be the owner.
    """

    script: str
    customer: NewCustomer
    persona: Persona
    walk: Walk
    beside: Mapping[str, str]
    owning: frozenset[str]

    @property
    def dispositions(self) -> tuple[str, ...]:
        """How its calls should end."""
        end = self.walk.expected.outcome.value
        return ("silent", end) if self.walk.intent in TWICE else (end,)


GroundOf = Callable[[Script, NewCustomer], Ground]
"""What a walk goes over: the slots that the dialer will fill, the business time of the calls."""


def customer(number: int, intent: Intent, script: Script) -> NewCustomer:
    """The customer of the conversation of that number; columns of the script's own hold its examples."""
    landline = intent in LANDLINES
    phone = f"+862161{230000 + number:06d}" if landline else f"+861380001{number:04d}"
    kind = PhoneKind.LANDLINE if landline else PhoneKind.MOBILE
    own = ((name, slot.example) for name, slot in script.slots.items() if name not in FILLED)
    return NewCustomer(NAMES[number % len(NAMES)], phone, kind, OPENED_ON, MANAGER, BRANCH, words=tuple(own))


def talks(
    scripts: Sequence[Script], count: int, seed: int, ground: GroundOf, noise: bool
) -> tuple[Talk, ...]:
    """So many conversations, in turn over all scripts."""
    turns = [_intents(place * STRIDE, noise) for place in range(len(scripts))]
    return tuple(
        _talk(scripts[n % len(scripts)], n, seed, turns[n % len(scripts)], ground, noise)
        for n in range(count)
    )


def casts(planned: Sequence[Talk]) -> dict[str, Cast]:
    """The simulated customers by script: each a file for `huifang phone`."""
    names = dict.fromkeys(talk.script for talk in planned)
    return {
        name: Cast(script=name, personas=tuple(talk.persona for talk in planned if talk.script == name))
        for name in names
    }


def _intents(start: int, noise: bool) -> Iterator[Intent]:
    place = start
    while True:
        intent = ORDER[place % len(ORDER)]
        place += 1
        if noise or intent is not Intent.NOISE_CALL:
            yield intent


def _talk(
    script: Script, n: int, seed: int, intents: Iterator[Intent], ground: GroundOf, noise: bool
) -> Talk:
    """The conversation of that number: with the next intent that the script has a way for."""
    for intent in intents:
        who = customer(n, intent, script)
        over = ground(script, who)
        found = walk(over, intent, seed + n)
        if found is not None:
            persona = _persona(n, seed, who, over, found, noise)
            return Talk(script.name, who, persona, found, filed(script, found), _owning(script))
    raise AssertionError("the intents never end")


def _owning(script: Script) -> frozenset[str]:
    asks = ((name, node) for name, node in script.nodes.items() if isinstance(node, Ask))
    return frozenset(name for name, node in asks if node.confirms_owner)


def _persona(n: int, seed: int, who: NewCustomer, over: Ground, found: Walk, noise: bool) -> Persona:
    background = NOISES[(n + seed) % len(NOISES)] if noise else None
    return Persona(
        id=f"{over.script.name}_{n}_{found.intent}",
        name=who.name,
        about=f"{found.intent} {found.at}".strip(),
        number=who.phone,
        voice=VOICES[(n + seed) % len(VOICES)],
        pickup=Pickup(rings_s=RINGS_S, silent_calls=int(found.intent in TWICE)),
        answers=answers(over.script, over.slots, found),
        meant=meant(over.script, found),
        not_understood=NOT_UNDERSTOOD,
        slots={name: text for name, text in over.slots.items() if name != "name"},
        noise=ALONE if found.intent is Intent.NOISE_CALL else background,
    )
