"""What a profile's duties ask for is computed branch by branch and kept (P1-P7, P13)."""

from __future__ import annotations

import gc
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from dialer.profile import Profile
from office.place import Place
from plans.owing import Branch, Owed, Rules, Sample, owe
from records import customer_events, facts, obligations
from records.database import Database
from records.model import Kind
from records.planned import Drawn

Progress = Callable[[int, int], None]
_SEEDS = 2**63


@dataclass(frozen=True, slots=True)
class NewlyOwed:
    """How many obligations of a duty were added."""

    duty: str
    kind: Kind
    rule: str
    added: int


async def owe_all(
    site: Place, profile: Profile, until: date, seed: int | None, progress: Progress
) -> list[NewlyOwed]:
    """Compute and keep what is owed by that day, in all branches; what is kept already stays.

    Args:
        seed: of new samples; None draws them at random. It is kept with the sample.
    """
    return await keep_owed(site.database, profile, site.now().date(), until, seed, progress)


async def keep_owed(
    db: Database, profile: Profile, today: date, until: date, seed: int | None, progress: Progress
) -> list[NewlyOwed]:
    """The same for a database."""
    rules = rules_of(profile)
    added: Counter[str] = Counter()
    names = await facts.branches(db)
    for n, name in enumerate(names):
        progress(n, len(names))
        found = await _of_branch(db, name, rules, today, until, _seeds(seed))
        added.update(one.duty for one in found.obligations)
    progress(len(names), len(names))
    return [NewlyOwed(name, duty.kind, duty.rule, added[name]) for name, duty in profile.duties.items()]


def rules_of(profile: Profile) -> Rules:
    """What of a profile says who is owed what."""
    return Rules(
        *(profile.duties, profile.key_active, profile.classes, profile.calendar, profile.valid_from),
        tuple(profile.reserved.values()),
    )


async def _of_branch(
    db: Database, name: str, rules: Rules, today: date, until: date, seed: Callable[[str], int]
) -> Owed:
    known, seeds = await obligations.kept(db, name)
    branch = Branch(
        name=name,
        customers=await facts.facts_of_branch(db, name),
        events=await customer_events.events_of_branch(db, name, rules.since),
        kept=known,
        seeds=seeds,
    )
    with _uncollected():
        found = owe(branch, rules, today, until, seed)
    await obligations.keep(db, name, found.obligations, list(_drawn(found.samples)))
    return found


@contextmanager
def _uncollected() -> Iterator[None]:
    """A branch's values live as long as it is looked at: the collector looks through them in vain."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _drawn(samples: tuple[Sample, ...]) -> Iterator[Drawn]:
    for one in samples:
        for part in one.strata:
            yield Drawn(one.pool, part.stratum, one.seed, part.members, part.required, len(part.drawn))


def _seeds(seed: int | None) -> Callable[[str], int]:
    """A seed for each pool: nobody can foresee it, unless a seed for all of them is named."""
    if seed is None:
        return lambda _: secrets.randbelow(_SEEDS)
    key = seed.to_bytes(8, "big")
    return lambda pool: int.from_bytes(blake2b(pool.encode(), digest_size=8, key=key).digest()) % _SEEDS
