"""`huifang simulate`: months of calling on a virtual clock, before anybody is called."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from base.clock import SHANGHAI
from base.errors import InputError
from base.files import require_folder, save
from dialer.pacing import Pace
from dialer.simulation.figures import Figures
from dialer.simulation.trial import Assumptions, Ground, least_channels, play, prepare
from huifang.cli.options import DAY, DEFAULT_DATA, YEARS, AsJson, Data
from huifang.cli.output import as_json, as_table, say
from huifang.simulating import page
from huifang.simulating.assuming import assumed
from huifang.simulating.judge import judged
from huifang.simulating.measured import measured
from huifang.simulating.telling import Table, Told, document, found_table, tables
from huifang.simulating.words import Words, words
from huifang.site import open_site, profile_of
from records.taken import TakenCall, calls_since

AMPLE = 400
"""Channels in abundance."""
LEDGER = "ledger"
LATELY = timedelta(days=180)
"""So far back a site's own calls count."""
MOST_SHOWN = 20
"""Broken rules that are listed."""

ProfileName = Annotated[
    str, typer.Option(metavar="NAME", help="Name of a policy profile in config/profiles.")
]
Customers = Annotated[int, typer.Option(metavar="N", min=1, max=2_000_000, help="Customers of the branch.")]
Months = Annotated[int, typer.Option(metavar="N", min=1, max=36, help="So many months.")]
Channels = Annotated[int, typer.Option(metavar="K", min=1, max=AMPLE, help="Calls at once.")]
Cps = Annotated[float, typer.Option(metavar="N", min=0.01, max=1000, help="Calls begun per second.")]
Seed = Annotated[int, typer.Option(metavar="N", min=0, max=2**32, help="The same seed, the same customers.")]
From = Annotated[
    datetime | None,
    typer.Option(
        "--from", formats=[DAY], help="The first day; without: the first of this quarter.", show_default=False
    ),
]
RatesOf = Annotated[
    str,
    typer.Option(
        "--rates",
        metavar="FILE|ledger",
        help="What differs from config/simulation.yaml; `ledger`: as the site's own calls were taken.",
        show_default=False,
    ),
]
Against = Annotated[
    str,
    typer.Option(
        metavar="WHAT",
        help="Compare: channels=N, profile=NAME, cps=N, customers=N; several by commas.",
        show_default=False,
    ),
]
Find = Annotated[bool, typer.Option("--find-channels", help="Find the least channels that do.")]
Html = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a page with charts.", show_default=False)
]
English = Annotated[bool, typer.Option("--english", help="Headings in English.")]


@dataclass(frozen=True, slots=True)
class _Setting:
    """What two runs may differ in."""

    profile: str
    channels: int
    cps: float
    customers: int


def simulate(
    profile: ProfileName = "default",
    customers: Customers = 20_000,
    months: Months = 3,
    channels: Channels = 8,
    seed: Seed = 1,
    cps: Cps = 5.0,
    first: From = None,
    rates: RatesOf = "",
    against: Against = "",
    find_channels: Find = False,
    html: Html = None,
    english: English = False,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Call the customers of a branch on a virtual clock: nobody is called, minutes stand for months.

    Plans, policy, windows and pacing are the real ones; customers are drawn by the seed. Shown are coverage,
    lateness, attempts and the use of the channels; every simulated call is judged by the rules. The exit
    status is 1 when one was broken.

    Example: huifang simulate --profile boci --customers 20000 --months 3 --channels 8 --html boci.html

    Example: huifang simulate --profile haitong --customers 20000 --find-channels

    Example: huifang simulate --profile boci --channels 4 --against "channels=8"
    """
    if html is not None:
        require_folder(html)
    of = words(english)
    ours = _Setting(profile, channels, cps, customers)
    trial = _Trial(data, _assumed(data, rates), _first(first), months, seed)
    told, tried = trial.all(ours, [_other(ours, against)] if against else [], find_channels)
    if html is not None:
        save(html, page.html(told, tried, of).encode())
    if json:
        as_json(document(told, tried))
    else:
        _show(told, tried, of)
    if any(one.broken for one in told):
        raise typer.Exit(1)


class _Trial:
    """Runs of one branch, the same days and the same seed."""

    def __init__(self, data: Path, assumptions: Assumptions, first: date, months: int, seed: int) -> None:
        self._data, self._assumed = data, assumptions
        self._first, self._months, self._seed = first, months, seed

    def all(self, ours: _Setting, others: Sequence[_Setting], find: bool) -> tuple[list[Told], list[Figures]]:
        """Every setting's run; to `find` means to play ours with the least channels that do."""
        grounds = [self.ground(one) for one in (ours, *others)]
        tried = self.least(grounds[0], ours) if find else []
        ours = replace(ours, channels=tried[-1].channels) if find else ours
        settings = (ours, *others)
        return [self.told(one, ground) for one, ground in zip(settings, grounds, strict=True)], tried

    def ground(self, one: _Setting) -> Ground:
        """People and plans. Raises InputError: there is no such profile, or it is not in force yet."""
        profile = profile_of(self._data, one.profile)
        if profile.valid_from > self._first:
            what = f"is in force from {profile.valid_from} on"
            raise InputError(what, where=f"profile {one.profile}", remedy="name a later --from")
        return prepare(
            profile,
            self._assumed,
            customers=one.customers,
            first=self._first,
            months=self._months,
            seed=self._seed,
        )

    def told(self, one: _Setting, ground: Ground) -> Told:
        """A run, judged."""
        pace = Pace(one.channels, one.cps)
        name = f"{one.profile} × {one.channels}"
        with _bar(ground, name) as progress:
            played = play(ground, pace, progress)
        broken = judged(ground, pace, played.trace)
        return Told(name, self._assumed.rates.says, one.customers, self._seed, played, broken)

    def least(self, ground: Ground, one: _Setting) -> list[Figures]:
        """The least channels that do."""

        def of(channels: int) -> Figures:
            with _bar(ground, f"{one.profile} × {channels}") as progress:
                return play(ground, Pace(channels, one.cps), progress).figures

        return least_channels(of, AMPLE)


def _assumed(data: Path, rates: str) -> Assumptions:
    if rates != LEDGER:
        return assumed(data, Path(rates) if rates else None)
    found = assumed(data)
    return found.model_copy(update={"rates": measured(asyncio.run(_lately(data)), found.rates)})


async def _lately(data: Path) -> list[TakenCall]:
    async with open_site(data) as site:
        return await calls_since(site.database, site.now() - LATELY)


def _first(given: datetime | None) -> date:
    if given is None:
        today = datetime.now(tz=SHANGHAI).date()
        return date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    if given.year not in YEARS:
        raise InputError(f"{given:%Y-%m-%d} is in no year that is meant", where="--from")
    return given.date()


def _other(ours: _Setting, against: str) -> _Setting:
    """The setting to compare with. Raises InputError: not `name=value`, an unknown name, no such number."""
    known = "profile, channels, cps, customers"
    for part in against.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or name not in known.split(", ") or not value:
            raise InputError(f"{part!r} is not known", where="--against", remedy=f"write NAME=VALUE: {known}")
        ours = _changed(ours, name, value)
    return ours


def _changed(ours: _Setting, name: str, value: str) -> _Setting:
    if name == "profile":
        return replace(ours, profile=value)
    most = {"channels": AMPLE, "customers": 2_000_000, "cps": 1000}[name]
    try:
        number = float(value) if name == "cps" else int(value)
    except ValueError as error:
        raise InputError(f"{value!r} is no number", where=f"--against {name}") from error
    if not 0 < number <= most:
        raise InputError(f"lies between 1 and {most}", where=f"--against {name}")
    return _Setting(**{**asdict(ours), name: number})


def _show(told: Sequence[Told], tried: Sequence[Figures], of: Words) -> None:
    shown: list[Table] = [found_table(tried, of)] if tried else []
    for table in (*shown, *tables(told, of)):
        as_table(table.title, table.columns, table.rows)
    say(of["settled_note"])
    for violation in [violation for one in told for violation in one.broken][:MOST_SHOWN]:
        say(f"{of['broken']}: {violation.rule} {violation.number} {violation.at} {violation.what}")


@contextmanager
def _bar(ground: Ground, what: str) -> Iterator[Callable[[datetime], None]]:
    """The virtual days on stderr, where that is a terminal."""
    err = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), TextColumn("{task.fields[day]}"), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as shown:
        task = shown.add_task(what, total=(ground.last - ground.first).days + 1, day="")
        yield lambda now: shown.update(
            task, completed=(now.date() - ground.first).days, day=f"{now:%Y-%m-%d}"
        )
