"""A simulated run as one HTML page: charts and tables, light or dark as the reader's screen is. Pure.

It holds all that it needs: no network, no script; it can be printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from dialer.simulation.figures import Figures
from huifang.simulating.charts import Bar, Column, Line, bars, columns, lines
from huifang.simulating.telling import Table, Told, found_table, tables
from huifang.simulating.words import Words, disposition, kind

_STYLES = ("a", "b")
"""Of the first and the second setting."""


def html(told: Sequence[Told], tried: Sequence[Figures], of: Words) -> str:
    """The page of one setting, or of two side by side."""
    body = [_head(told, of), _tiles(told, of)]
    body += [_found(tried, of)] if tried else []
    body += [f'<div class="cards">{"".join(_charts(told, of))}</div>']
    body.append(f'<p class="note">{escape(of["settled_note"])}</p>')
    shown = [found_table(tried, of)] if tried else []
    body += [_table(table) for table in (*shown, *tables(told, of))]
    return _PAGE.format(lang=of["lang"], title=escape(of["title"]), style=_STYLE, body="\n".join(body))


def _head(told: Sequence[Told], of: Words) -> str:
    ground = told[0].played.ground
    legend = "".join(
        f'<span class="key"><i class="swatch {style}"></i>{escape(one.name)}</span>'
        for style, one in zip(_STYLES, told, strict=False)
    )
    days = f"{ground.first} – {ground.last} · {of['seed']} {told[0].seed}"
    says = told[0].assumed
    return (
        f"<header><h1>{escape(of['title'])}</h1><p>{escape(days)}</p><p>{legend}</p>"
        f'<p class="note">{escape(of["assumed"])}: {escape(says)}</p></header>'
    )


def _tiles(told: Sequence[Told], of: Words) -> str:
    tiles = "".join(
        f'<div class="tile"><h3>{escape(name)}</h3>{values}</div>' for name, values in _tile_values(told, of)
    )
    return f'<div class="tiles">{tiles}</div>'


def _tile_values(told: Sequence[Told], of: Words) -> Iterator[tuple[str, str]]:
    figures = [one.played.figures for one in told]
    yield of["in_time"], _values([f"{one.in_time:.1%}" for one in figures])
    yield of["due"], _values([f"{sum(each.due for each in one.kinds):,}" for one in figures])
    yield of["calls"], _values([f"{one.calls:,}" for one in figures])
    yield of["mean"], _values([f"{one.mean_attempts:.2f}" for one in figures])
    yield of["answered"], _values([f"{one.answered:.1%}" for one in figures])
    yield of["use"], _values([f"{one.used:.1%}" for one in figures])
    yield of["broken"], _values([str(len(one.broken)) for one in told])


def _values(values: Sequence[str]) -> str:
    return "".join(
        f'<span class="value {style}">{escape(value)}</span>'
        for style, value in zip(_STYLES, values, strict=False)
    )


def _found(tried: Sequence[Figures], of: Words) -> str:
    chosen = tried[-1].channels
    drawn = [
        Bar(f"{one.channels}", "a" if one.channels == chosen else "c", one.in_time, f"{one.in_time:.1%}")
        for one in sorted(tried, key=lambda one: one.channels)
    ]
    return _card(f"{of['enough']}: {chosen}", bars(drawn, of["find"], left=60.0), wide=True)


def _charts(told: Sequence[Told], of: Words) -> Iterator[str]:
    yield from _course(told, of)
    yield _card(of["kinds"] + " · " + of["in_time"], _by_kind(told, of, "in_time"))
    yield _card(of["kinds"] + " · " + of["share"], _by_kind(told, of, "completed"), of["required_mark"])
    yield from _per_day(told, of)
    yield from _per_hour(told, of)
    yield _card(of["attempts"], _attempts(told, of))
    yield _card(of["endings"], _endings(told, of))


def _named(title: str, one: Told, told: Sequence[Told]) -> str:
    return f"{title} · {one.name}" if len(told) > 1 else title


def _course(told: Sequence[Told], of: Words) -> Iterator[str]:
    """Given out, due, settled: where the settled fall below the due, something is late."""
    most = max((float(day.planned) for one in told for day in one.played.figures.days[-1:]), default=1.0)
    for one in told:
        days = one.played.figures.days
        drawn = (
            Line(of["planned"], "c", tuple(float(day.planned) for day in days)),
            Line(of["settled"], "a", tuple(float(day.settled) for day in days)),
            Line(of["due_so_far"], "d", tuple(float(day.due) for day in days)),
        )
        title = _named(of["course"], one, told)
        yield _card(title, lines([day.day for day in days], drawn, most, title))


def _by_kind(told: Sequence[Told], of: Words, what: str) -> str:
    names = list(dict.fromkeys(row.kind for one in told for row in one.played.figures.kinds))
    drawn: list[Bar] = []
    for name in names:
        label = kind(name, of)
        for style, one in zip(_STYLES, told, strict=False):
            for row in one.played.figures.kinds:
                if row.kind == name and what == "in_time":
                    says = f"{row.in_time_share:.1%}  {row.in_time}/{row.due}"
                    drawn.append(Bar(label, style, row.in_time_share, says))
                elif row.kind == name:
                    says = f"{row.completed_share:.1%}  {row.completed}/{row.members}"
                    drawn.append(Bar(label, style, row.completed_share, says, row.required_share))
                else:
                    continue
                label = ""
    return bars(drawn, of["kinds"])


def _per_day(told: Sequence[Told], of: Words) -> Iterator[str]:
    """To one scale for both."""
    most = min(1.0, max((day.used or 0.0 for one in told for day in one.played.figures.days), default=0.0))
    for style, one in zip(_STYLES, told, strict=False):
        days = one.played.figures.days
        every = 1 if len(days) < 200 else 2
        drawn = [
            Column(
                f"{day.day:%Y-%m}" if day.day.day == 1 and (day.day.month - 1) % every == 0 else "",
                None if day.used is None else min(day.used, 1.0),
                f"{day.day}: {day.used or 0:.0%}, {day.calls} {of['calls']}",
            )
            for day in days
        ]
        title = _named(of["per_day"], one, told)
        yield _card(title, columns(drawn, most, title, style=style, percent=True))


def _per_hour(told: Sequence[Told], of: Words) -> Iterator[str]:
    most = max((float(each.calls) for one in told for each in one.played.figures.hours), default=0.0)
    for style, one in zip(_STYLES, told, strict=False):
        drawn = [
            Column(f"{each.hour}", float(each.calls), f"{each.hour}:00  {each.calls}", f"{each.answered:.0%}")
            for each in one.played.figures.hours
        ]
        title = _named(of["per_hour"], one, told)
        yield _card(title, columns(drawn, most, title, style=style, percent=False), of["per_hour_note"])


def _attempts(told: Sequence[Told], of: Words) -> str:
    counts = [one.played.figures.attempts for one in told]
    names = sorted({n for one in counts for n in one})
    drawn = [
        Bar(str(n) if first else "", style, *_part(one.get(n, 0), sum(one.values())))
        for n in names
        for first, style, one in zip((True, False), _STYLES, counts, strict=False)
    ]
    return bars(drawn, of["attempts"], left=60.0)


def _endings(told: Sequence[Told], of: Words) -> str:
    counts = [one.played.figures.endings for one in told]
    names = list(dict.fromkeys(name for one in counts for name in one))
    drawn = [
        Bar(disposition(name, of) if first else "", style, *_part(one.get(name, 0), sum(one.values())))
        for name in names
        for first, style, one in zip((True, False), _STYLES, counts, strict=False)
    ]
    return bars(drawn, of["endings"])


def _part(part: int, whole: int) -> tuple[float, str]:
    share = part / whole if whole else 0.0
    return share, f"{share:.1%}  {part:,}"


def _card(title: str, content: str, note: str = "", *, wide: bool = False) -> str:
    foot = f'<p class="note">{escape(note)}</p>' if note else ""
    return f'<section class="card{" wide" if wide else ""}"><h2>{escape(title)}</h2>{content}{foot}</section>'


def _table(table: Table) -> str:
    """The figures behind the charts; cells that hold bars are left out."""
    kept = [n for n, name in enumerate(table.columns) if name]
    head = "".join(f"<th>{escape(table.columns[n])}</th>" for n in kept)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(row[n])}</td>" for n in kept) + "</tr>" for row in table.rows
    )
    return (
        f"<details><summary>{escape(table.title)}</summary><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></details>"
    )


_STYLE = """
:root { color-scheme: light dark; --back: #f5f6f8; --card: #fff; --ink: #1c2430; --soft: #667085;
  --grid: #e6e9ee; --track: #eef1f5; --a: #2a6fbb; --b: #c76b12; --c: #98a2b3; --d: #b42318; }
@media (prefers-color-scheme: dark) { :root { --back: #12161c; --card: #1b212a; --ink: #e7ebf0;
  --soft: #98a2b3; --grid: #2c3440; --track: #262e39; --a: #6aa9f0; --b: #f0a458; --c: #7b8798;
  --d: #f0857a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1400px; padding: 20px 24px 40px; background: var(--back);
  color: var(--ink); font: 14px/1.55 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC",
  "Microsoft YaHei", "WenQuanYi Micro Hei", system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 15px; margin: 0 0 8px; }
h3 { font-size: 12px; font-weight: 500; color: var(--soft); margin: 0; }
header p { margin: 2px 0; } .note { color: var(--soft); font-size: 12px; margin: 6px 0 0; }
.key { margin-right: 18px; white-space: nowrap; }
.swatch { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px;
  vertical-align: -1px; } .swatch.a { background: var(--a); } .swatch.b { background: var(--b); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(176px, 1fr)); gap: 12px;
  margin: 16px 0; }
.tile, .card, details { background: var(--card); border: 1px solid var(--grid); border-radius: 10px;
  padding: 12px 16px; }
.value { display: block; font-size: 20px; font-weight: 600; line-height: 1.35;
  overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.value.b { color: var(--b); } .tile .value.a:not(:last-child) { color: var(--a); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 520px), 1fr));
  gap: 14px; } .card.wide { margin-bottom: 14px; } .card { break-inside: avoid; }
.card.wide svg { max-width: 820px; }
svg { width: 100%; height: auto; display: block; } svg text { font-size: 12px; fill: var(--ink); }
.axis { fill: var(--soft) !important; font-size: 11px !important; }
.grid { stroke: var(--grid); } .tick { stroke: var(--soft); } .track { fill: var(--track); }
.name { text-anchor: end; } .says { font-variant-numeric: tabular-nums; white-space: pre; }
.wanted { stroke: var(--ink); stroke-width: 2; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.a { stroke: var(--a); } .line.b { stroke: var(--b); } .line.c { stroke: var(--c); }
.line.d { stroke: var(--d); stroke-dasharray: 5 3; }
.fill.a { fill: var(--a); } .fill.b { fill: var(--b); } .fill.c { fill: var(--c); }
.end.a { fill: var(--a); } .end.c { fill: var(--soft); } .end.d { fill: var(--d); }
details { margin-top: 10px; overflow-x: auto; } summary { cursor: pointer; font-weight: 600; }
table { border-collapse: collapse; margin: 8px 0; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 14px 3px 0; text-align: left; border-bottom: 1px solid var(--grid); }
th { color: var(--soft); font-weight: 500; }
@media print { body { background: #fff; } details { display: none; } }
"""

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head><body>
{body}
</body></html>
"""
