"""A simulated run as tables with bars for people, and as one document for machines. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dialer.simulation.figures import Figures, OfKind
from dialer.simulation.trial import Played
from huifang.drill.judge import Violation
from huifang.simulating.words import Words, disposition, kind

BAR = 16
"""Characters of a whole bar."""
_EIGHTHS = " ▏▎▍▌▋▊▉"


@dataclass(frozen=True, slots=True)
class Told:
    """One setting's run with its name and what the judge found; `assumed`: where the rates come from."""

    name: str
    assumed: str
    customers: int
    seed: int
    played: Played
    broken: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of cells."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def bar(part: float, width: int = BAR) -> str:
    """A share as a bar of blocks, an eighth of a character exact."""
    eighths = round(max(0.0, min(1.0, part)) * width * 8)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def tables(told: Sequence[Told], of: Words) -> Iterator[Table]:
    """All that is shown of one setting, or of two side by side."""
    yield _settings(told, of)
    yield _kinds(told, of)
    yield _attempts(told, of)
    yield _endings(told, of)
    yield _hours(told, of)


def _settings(told: Sequence[Told], of: Words) -> Table:
    rows: list[tuple[str, ...]] = []
    for name, value in _overview(of):
        rows.append((name, *(value(one) for one in told)))
    return Table(of["title"], (of["setting"], *(one.name for one in told)), tuple(rows))


def _overview(of: Words) -> Iterator[tuple[str, Any]]:
    yield of["days"], lambda one: f"{one.played.ground.first} – {one.played.ground.last}"
    yield of["customers"], lambda one: f"{one.customers}"
    yield of["channels"], lambda one: f"{one.played.pace.channels}"
    yield of["due"], lambda one: f"{sum(kind.due for kind in one.played.figures.kinds)}"
    yield of["in_time"], lambda one: f"{one.played.figures.in_time:.1%}"
    yield of["completed"], lambda one: f"{sum(kind.completed for kind in one.played.figures.kinds)}"
    yield of["calls"], lambda one: f"{one.played.figures.calls}"
    yield of["answered"], lambda one: f"{one.played.figures.answered:.1%}"
    yield of["mean"], lambda one: f"{one.played.figures.mean_attempts:.2f}"
    yield of["use"], lambda one: f"{one.played.figures.used:.1%}"
    yield of["most"], lambda one: f"{one.played.figures.most}"
    yield of["kept"], lambda one: f"{one.played.figures.kept}"
    yield of["nobody"], lambda one: f"{one.played.figures.nobody}"
    yield of["broken"], lambda one: f"{len(one.broken)}" if one.broken else of["none"]


def _kinds(told: Sequence[Told], of: Words) -> Table:
    columns = ("kind", "due", "called", "reached", "completed", "share", "required", "others", "in_time")
    heads = (*(of[one] for one in columns), "", of["late"], of["late_days"], of["begun_late"])
    several = len(told) > 1
    rows = tuple(
        (*((one.name,) if several else ()), *_kind_row(row, of))
        for one in told
        for row in one.played.figures.kinds
    )
    return Table(of["kinds"], (*((of["setting"],) if several else ()), *heads), rows)


def _kind_row(one: OfKind, of: Words) -> tuple[str, ...]:
    counts = (one.due, one.called, one.reached, one.completed)
    shares = (f"{one.completed_share:.1%}", f"{one.required_share:.0%}")
    late = "" if not one.late else f"{one.late_days[0]} / {one.late_days[1]}"
    in_time = (f"{one.in_time_share:.1%}", bar(one.in_time_share))
    begun = f"{one.begun_late} / {one.to_begin}" if one.to_begin else ""
    numbers = (*map(str, counts), *shares, str(one.others), *in_time, str(one.late), late, begun)
    return (kind(one.kind, of), *numbers)


def _attempts(told: Sequence[Told], of: Words) -> Table:
    """Follow-ups by the number of their calls, and by how they ended."""
    return _shares(
        of["attempts"], of["n"], told, of, lambda one: {str(n): m for n, m in one.attempts.items()}
    )


def _endings(told: Sequence[Told], of: Words) -> Table:
    """Follow-ups by how they ended."""
    return _shares(
        of["endings"],
        of["endings"],
        told,
        of,
        lambda one: {disposition(word, of): many for word, many in one.endings.items()},
    )


def _shares(title: str, head: str, told: Sequence[Told], of: Words, counted: Any) -> Table:
    counts = [counted(one.played.figures) for one in told]
    names = list(dict.fromkeys(name for one in counts for name in one))
    rows = tuple(
        (name, *(cell for one in counts for cell in _share_cells(one.get(name, 0), sum(one.values()))))
        for name in names
    )
    heads = tuple(cell for one in told for cell in (f"{of['count']} {one.name}".strip(), "", ""))
    return Table(title, (head, *heads), rows)


def _share_cells(part: int, whole: int) -> tuple[str, str, str]:
    share = part / whole if whole else 0.0
    return str(part), f"{share:.1%}", bar(share)


def _hours(told: Sequence[Told], of: Words) -> Table:
    by_hour = [{one.hour: one for one in each.played.figures.hours} for each in told]
    hours = sorted({hour for one in by_hour for hour in one})
    rows = []
    for hour in hours:
        row = [f"{hour:02d}:00"]
        for each, found in zip(told, by_hour, strict=True):
            one = found.get(hour)
            in_use = one.channels if one else 0.0
            row += [str(one.calls) if one else "0", f"{one.answered:.0%}" if one else ""]
            row += [f"{in_use:.1f}", bar(in_use / each.played.pace.channels, BAR // 2)]
        rows.append(tuple(row))
    heads = (of["calls"], of["answered"], of["in_use"], "")
    return Table(of["per_hour"], (of["hour"], *heads * len(told)), tuple(rows))


def found_table(tried: Sequence[Figures], of: Words) -> Table:
    """The numbers of channels that were tried, the chosen one last."""
    chosen = tried[-1].channels
    rows = tuple(
        (
            f"{one.channels}" + (" ←" if one.channels == chosen else ""),
            f"{one.in_time:.1%}",
            bar(one.in_time),
            f"{sum(each.late for each in one.kinds)}",
            f"{one.used:.1%}",
            f"{one.most}",
        )
        for one in sorted(tried, key=lambda one: one.channels)
    )
    columns = (of["channels"], of["in_time"], "", of["late"], of["use"], of["most"])
    return Table(f"{of['enough']}: {chosen}", columns, rows)


def document(told: Sequence[Told], tried: Sequence[Figures] = ()) -> dict[str, Any]:
    """The same for machines."""
    settings = [_document(one) for one in told]
    found: dict[str, Any] = {}
    if tried:
        runs = [{"channels": one.channels, "in_time": one.in_time, "used": one.used} for one in tried]
        found = {"least_channels": tried[-1].channels, "tried": runs}
    return {"settings": settings, **found}


def _document(one: Told) -> dict[str, Any]:
    ground, figures = one.played.ground, one.played.figures
    return {
        "name": one.name,
        "profile": ground.profile.name,
        "customers": one.customers,
        "first": ground.first,
        "last": ground.last,
        "seed": one.seed,
        "cps": one.played.pace.cps,
        **asdict(figures),
        "kinds": [_kind_document(row) for row in figures.kinds],
        "mean_attempts": figures.mean_attempts,
        "in_time": figures.in_time,
        "broken": [asdict(violation) for violation in one.broken],
    }


def _kind_document(one: OfKind) -> dict[str, Any]:
    shares = ("in_time_share", "completed_share", "required_share")
    return {**asdict(one), **{name: round(getattr(one, name), 4) for name in shares}}
