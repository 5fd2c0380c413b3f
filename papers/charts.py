"""Bars as an SVG picture that stands in a page by itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from papers.paper import Bar, Chart

GOOD, SHORT = "#3f6fa6", "#c0504d"
"""Bars; those that do not reach what is asked."""
_LEFT, _WIDE, _RIGHT, _STEP, _TALL = 160, 300, 110, 21, 12


def colour(chart: Chart, bar: Bar) -> str:
    """Of a bar."""
    return SHORT if chart.wanted is not None and bar.value < chart.wanted else GOOD


def scale(chart: Chart) -> float:
    """The value that the full width stands for."""
    return max((chart.wanted or 0.0, *(bar.value for bar in chart.bars))) or 1.0


def svg(chart: Chart) -> str:
    """The picture; bars that fall short of what is asked are red, a dashed line says how much that is."""
    high = len(chart.bars) * _STEP + (8 if chart.wanted is None else 18)
    inside = "".join(_drawn(chart))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDE + _RIGHT} {high}" role="img" '
        f'aria-label="{escape(chart.heading)}" font-size="11">{inside}</svg>'
    )


def _drawn(chart: Chart) -> Iterator[str]:
    full = scale(chart)
    for n, bar in enumerate(chart.bars):
        y = 4 + n * _STEP
        long = max(1.0, _WIDE * bar.value / full)
        yield f'<text x="{_LEFT - 8}" y="{y + 10}" text-anchor="end">{escape(bar.label)}</text>'
        yield f'<rect x="{_LEFT}" y="{y}" width="{long:.1f}" height="{_TALL}" fill="{colour(chart, bar)}"/>'
        yield f'<text x="{_LEFT + long + 6:.1f}" y="{y + 10}">{escape(bar.shown)}</text>'
    high = len(chart.bars) * _STEP + 4
    yield f'<line x1="{_LEFT}" y1="0" x2="{_LEFT}" y2="{high}" stroke="#555"/>'
    if chart.wanted is not None:
        x = _LEFT + _WIDE * chart.wanted / full
        yield f'<line x1="{x}" y1="0" x2="{x}" y2="{high}" stroke="#111" stroke-dasharray="4 3"/>'
        yield (
            f'<text x="{x}" y="{high + 10}" font-size="9" text-anchor="middle">要求 {chart.wanted:.0%}</text>'
        )
