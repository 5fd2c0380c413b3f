"""Charts of a simulated run as inline SVG; colours are the page's, so that it may be dark. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

WIDE, TALL = 640.0, 240.0
LEFT, RIGHT, TOP, FOOT = 48.0, 84.0, 14.0, 26.0
_LABEL_GAP = 14.0
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line over days. `style`: its class in the page."""

    name: str
    style: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar across, a share of 1. `wanted`: a mark at what is asked for; None: no mark."""

    label: str
    style: str
    share: float
    says: str
    wanted: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column; None: a gap. `says`: what a pointer over it tells. `above`: what is written over it."""

    label: str
    value: float | None
    says: str
    above: str = ""


def lines(days: Sequence[date], drawn: Sequence[Line], most: float, name: str) -> str:
    """Lines over days from a common zero, each named at its end."""
    top = round_up(most)
    parts = [*_grid(top, "{:,.0f}".format, WIDE - RIGHT), *_months(days)]
    ends = _apart([(_y(one.values[-1] / top), one) for one in drawn if one.values])
    for line in drawn:
        points = " ".join(
            f"{_x(n, len(days)):.1f},{_y(value / top):.1f}" for n, value in enumerate(line.values)
        )
        parts.append(f'<polyline class="line {line.style}" points="{points}"/>')
    for y, line in ends:
        parts.append(
            f'<text class="end {line.style}" x="{WIDE - RIGHT + 6:.0f}" y="{y + 4:.1f}">'
            f"{escape(line.name)}</text>"
        )
    return _svg(parts, TALL, name)


def columns(drawn: Sequence[Column], most: float, name: str, *, style: str, percent: bool) -> str:
    """Columns side by side, to a common scale that holds `most`; labels only where they are written."""
    top = round_up(most)
    parts = list(_grid(top, "{:.0%}".format if percent else "{:,.0f}".format, WIDE))
    step = (WIDE - LEFT) / max(len(drawn), 1)
    for n, one in enumerate(drawn):
        x = LEFT + (n + 0.5) * step
        if one.value is not None:
            parts += _column(one, x, _y(one.value / top), max(1.0, min(28.0, step * 0.78)), style)
        if one.label:
            parts.append(_axis(x, TALL - 8, "middle", one.label))
    return _svg(parts, TALL, name)


def _column(one: Column, x: float, y: float, wide: float, style: str) -> Iterator[str]:
    yield (
        f'<rect class="fill {style}" x="{x - wide / 2:.1f}" y="{y:.1f}" width="{wide:.1f}" '
        f'height="{max(0.0, TALL - FOOT - y):.1f}"><title>{escape(one.says)}</title></rect>'
    )
    if one.above:
        yield _axis(x, y - 4, "middle", one.above)


def bars(drawn: Sequence[Bar], name: str, *, left: float = 132.0) -> str:
    """Bars across, one below the other; a mark stands where a share is asked for."""
    wide = WIDE - left - 150
    parts: list[str] = []
    y = 6.0
    for n, one in enumerate(drawn):
        y += 8 if n and one.label else 0
        parts.append(f'<rect class="track" x="{left:g}" y="{y:g}" width="{wide:g}" height="14" rx="2"/>')
        long = max(0.0, wide * min(one.share, 1.0))
        parts.append(
            f'<rect class="fill {one.style}" x="{left:g}" y="{y:g}" width="{long:.1f}" height="14" rx="2"/>'
        )
        parts.append(f'<text class="name" x="{left - 8:g}" y="{y + 11:g}">{escape(one.label)}</text>')
        parts.append(f'<text class="says" x="{left + wide + 8:g}" y="{y + 11:g}">{escape(one.says)}</text>')
        if one.wanted is not None:
            x = left + wide * min(one.wanted, 1.0)
            parts.append(f'<path class="wanted" d="M{x:.1f} {y - 2:g}v18"/>')
        y += 19
    return _svg(parts, y + 4, name)


def _svg(parts: Sequence[str], tall: float, name: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDE:g} {tall:g}" role="img" aria-label="{escape(name)}">'
        f"<title>{escape(name)}</title>{''.join(parts)}</svg>"
    )


def _grid(top: float, shown: Callable[[float], str], until: float) -> Iterator[str]:
    """Lines across, up to there, with their values."""
    for n in range(_TICKS + 1):
        y = _y(n / _TICKS)
        yield f'<path class="grid" d="M{LEFT:g} {y:.1f}H{until:g}"/>'
        yield _axis(LEFT - 6, y + 4, "end", shown(top * n / _TICKS))


def _months(days: Sequence[date]) -> Iterator[str]:
    """The first day of each month, below."""
    firsts = [n for n, day in enumerate(days) if day.day == 1]
    for n in firsts[:: max(1, len(firsts) // 8)]:
        x = _x(n, len(days))
        yield f'<path class="tick" d="M{x:.1f} {TALL - FOOT:g}v5"/>'
        yield _axis(x + 3, TALL - 8, "start", f"{days[n]:%Y-%m}")


def _axis(x: float, y: float, anchor: str, words: str) -> str:
    return f'<text class="axis" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _x(n: int, of: int) -> float:
    return LEFT + (WIDE - LEFT - RIGHT) * n / max(of - 1, 1)


def _y(part: float) -> float:
    return TALL - FOOT - (TALL - FOOT - TOP) * part


def _apart(ends: Sequence[tuple[float, Line]]) -> list[tuple[float, Line]]:
    """Labels at lines' ends, moved down where one would cover another."""
    found: list[tuple[float, Line]] = []
    for y, line in sorted(ends, key=lambda one: one[0]):
        found.append((max(y, found[-1][0] + _LABEL_GAP) if found else y, line))
    return found


def round_up(most: float) -> float:
    """The next number that is easily read: 1, 2, 2.5, 5 or 10 times a power of ten, in quarters."""
    if most <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(most))
    return next(
        step * power for step in (1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0) if step * power >= most
    )
