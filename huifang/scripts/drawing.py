"""The picture of a script as panels of SVG: cards, and lines from each to where its answers lead. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from huifang.scripts import cards as c
from huifang.scripts.cards import Card
from huifang.scripts.layout import Box, Layout, components, place
from huifang.scripts.zones import zones
from ivr.script import Script

MOST_W = 1300.0
"""Width at which loose groups of cards go on in another row, in pixels."""

MARGIN = 16.0
WISH_H = 16.0
"""Room above a card for the wish that leads to it."""

ARROW = 7.0

STYLE = """
text { font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
  "WenQuanYi Micro Hei", sans-serif; fill: #1c2733; }
.w { font-size: 14px; } .s { font-size: 12px; } .n { font-size: 11px; fill: #66717d; }
.h { font-size: 12px; font-weight: bold; } .t { font-size: 17px; font-weight: bold; }
.r { text-anchor: end; } .m { text-anchor: middle; }
.card { fill: #fff; stroke: #35618e; stroke-width: 1.2; } .head { fill: #dbe7f3; }
.public .card { stroke: #6b7d34; } .public .head { fill: #e8eed3; }
.mute .card { stroke: #8b949d; stroke-dasharray: 5 3; } .mute .head { fill: #eceff2; }
.ends .card { stroke-width: 2.4; }
.key { fill: #fff; stroke: #66717d; } .rule { stroke: #d3dae1; }
.line { fill: none; stroke: #7a8794; stroke-width: 1.3; } .tip { fill: #7a8794; }
.tag { fill: #fff; fill-opacity: .88; }
.strangers { fill: #f6f4e6; } .owner { fill: #edf3f9; }
.border { stroke: #b3261e; stroke-width: 2.5; stroke-dasharray: 9 5; }
.a2 { fill: #b3261e; font-weight: bold; }
"""
"""Shared by a picture alone and one inside a page."""


Span = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the picture.

    Attributes:
        breaks: where a page may end.
        spans: (top, bottom, left, right) of all that is drawn.
        strangers: said to anyone (A2).
    """

    title: str
    svg: str
    width: float
    height: float
    breaks: tuple[float, ...]
    spans: tuple[Span, ...]
    strangers: bool


@dataclass(frozen=True, slots=True)
class _Pen:
    """What cards are drawn with: each other's numbers, stripes of sections, wishes that lead to them."""

    cards: Mapping[str, Card]
    colours: Mapping[str, str]
    wishes: Mapping[str, str]


def panels(script: Script, cards: Mapping[str, Card], colours: Mapping[str, str]) -> list[Panel]:
    """The script in up to four panels, from above: strangers, then the owner; on the way, then beside it.

    `colours`: of the stripe that tells sections apart, by node.
    """
    where, pen = zones(script), _Pen(cards, colours, c.wishes(script))
    parts = (
        ("确认本人之前：对任何人说的话", where.strangers, True),
        ("确认本人之前：客户随时可能转到这里", where.strangers_beside, True),
        ("确认本人之后", where.owner, False),
        ("确认本人之后：客户随时可能转到这里", where.owner_beside, False),
    )
    return [
        _panel(title, {name: cards[name] for name in names}, strangers, pen)
        for title, names, strangers in parts
        if names
    ]


def _panel(title: str, own: Mapping[str, Card], strangers: bool, pen: _Pen) -> Panel:
    edges = [(name, row.target) for name, card in own.items() for row in card.rows if row.target in own]
    drawn: list[str] = []
    breaks: list[float] = []
    spans: list[Span] = []
    x, y, row_h, width = 0.0, WISH_H, 0.0, 0.0
    for names in components(list(own), edges):
        sizes = {name: (c.WIDTH, own[name].height) for name in names}
        group = place(sizes, [edge for edge in edges if edge[0] in sizes])
        if x and x + group.width > MOST_W:
            x, y, row_h = 0.0, y + row_h + MARGIN * 2, 0.0
            breaks.append(y - MARGIN * 1.5)
        drawn.append(f'<g transform="translate({x:.1f} {y:.1f})">{_group(group, own, pen)}</g>')
        breaks += [y + at for at in group.breaks]
        spans += _spans(group, x, y)
        x, row_h = x + group.width + MARGIN * 2, max(row_h, group.height)
        width = max(width, x - MARGIN * 2)
    return Panel(title, "".join(drawn), width, y + row_h, tuple(sorted(breaks)), tuple(spans), strangers)


def _spans(group: Layout, x: float, y: float) -> list[Span]:
    boxes = [(y + b.y - WISH_H, y + b.y + b.h, x + b.x, x + b.x + b.w) for b in group.boxes.values()]
    free = (place for line in group.lines.values() for place in line)
    return boxes + [(y + top, y + bottom, x + at - 2, x + at + 2) for at, top, bottom in free]


def _group(group: Layout, own: Mapping[str, Card], pen: _Pen) -> str:
    lines = "".join(_lines(name, group, own[name]) for name in group.boxes)
    return lines + "".join(_card(own[name], box, pen) for name, box in group.boxes.items())


def _lines(name: str, group: Layout, card: Card) -> str:
    """The lines that leave a card, from left to right as their targets stand."""
    box = group.boxes[name]
    ends = [edge for edge in group.lines if edge[0] == name]
    ends.sort(
        key=lambda edge: group.lines[edge][0][0] if group.lines[edge] else _middle(group.boxes[edge[1]])
    )
    step = box.w / (len(ends) + 1)
    several = len({row.target for row in card.rows}) > 1
    drawn = []
    for n, edge in enumerate(ends, start=1):
        port = box.x + n * step
        drawn.append(_line(port, box.y + box.h, group.lines[edge], group.boxes[edge[1]]))
        if several:
            drawn.append(_tag(port, box.y + box.h, card, edge[1], min(step, 150.0)))
    return "".join(drawn)


def _line(x: float, y: float, free: Sequence[tuple[float, float, float]], target: Box) -> str:
    path = [f"M{x:.1f} {y:.1f}"]
    for at, top, bottom in free:
        path += [_bend(x, y, at, top), f"L{at:.1f} {bottom:.1f}"]
        x, y = at, bottom
    end_x, end_y = _middle(target), target.y
    path.append(_bend(x, y, end_x, end_y - ARROW))
    tip = f"M{end_x:.1f} {end_y:.1f}l-4.5 -{ARROW + 1}h9z"
    return f'<path class="line" d="{"".join(path)}"/><path class="tip" d="{tip}"/>'


def _bend(x: float, y: float, to_x: float, to_y: float) -> str:
    half = (y + to_y) / 2
    return f"C{x:.1f} {half:.1f} {to_x:.1f} {half:.1f} {to_x:.1f} {to_y:.1f}"


def _tag(x: float, y: float, card: Card, target: str, room: float) -> str:
    """Which answers take this line."""
    words = c.clipped("/".join(row.label for row in card.rows if row.target == target), room / 11 - 0.5)
    w = c.width_em(words) * 11 + 4
    return (
        f'<rect class="tag" x="{x - w / 2:.1f}" y="{y + 2:.1f}" width="{w:.1f}" height="14"/>'
        f'<text class="n m" x="{x:.1f}" y="{y + 13:.1f}">{escape(words)}</text>'
    )


def _card(card: Card, box: Box, pen: _Pen) -> str:
    """Head, wording, and a row for each way out with its key and the number of the card it leads to."""
    kinds = " ".join(kind for kind in ("public", "ends", "mute") if getattr(card, kind))
    colour, wish = pen.colours.get(card.name, ""), pen.wishes.get(card.name, "")
    room = (c.WIDTH - c.width_em(f"{card.number} {card.head}") * c.SMALL - 3 * c.PAD) / 6.7
    parts = [
        f'<g id="n{card.number}" class="{kinds}" transform="translate({box.x:.1f} {box.y:.1f})">',
        f"<title>{escape(card.name)}</title>",
        f'<rect class="card" width="{box.w:g}" height="{box.h:g}" rx="6"/>',
        f'<path class="head" d="M1 6q0 -5 5 -5h{box.w - 12:g}q5 0 5 5v{c.HEAD - 6:g}h-{box.w - 2:g}z"/>',
        f'<rect fill="{colour}" x="1" y="{c.HEAD:g}" width="5" height="{box.h - c.HEAD - 6:g}"/>'
        if colour
        else "",
        f'<text class="h" x="{c.PAD:g}" y="18">{card.number} {escape(card.head)}</text>',
        f'<text class="n r" x="{box.w - c.PAD:g}" y="18">{escape(_short(card.name, room))}</text>',
    ]
    if wish:
        parts.append(f'<text class="n" x="2" y="-4">↳ {escape(c.clipped(wish, c.WIDTH / 11 - 2))}</text>')
    y = c.HEAD + c.PAD / 2
    for line in card.lines:
        parts.append(f'<text class="w" x="{c.PAD:g}" y="{y + 15:g}">{escape(line)}</text>')
        y += c.LINE
    if card.rows:
        y += c.PAD / 2
        parts.append(f'<path class="rule" d="M{c.PAD:g} {y:g}h{box.w - 2 * c.PAD:g}"/>')
        y += c.PAD / 2
    for row in card.rows:
        parts.append(_row(row, y, pen.cards[row.target].number))
        y += c.ROW
    return "".join(parts) + "</g>"


def _row(row: c.Row, y: float, number: int) -> str:
    key = (
        f'<rect class="key" x="{c.PAD:g}" y="{y:g}" width="15" height="15" rx="3"/>'
        f'<text class="s m" x="{c.PAD + 7.5:g}" y="{y + 12:g}">{escape(row.key)}</text>'
        if row.key
        else ""
    )
    left = c.PAD + (21 if row.key else 0)
    look = "s a2" if row.confirms_owner else "s"
    label = c.clipped(
        row.label + ("：确认本人" if row.confirms_owner else ""), (c.WIDTH - left - 50) / c.SMALL
    )
    at = f'x="{c.WIDTH - c.PAD:g}" y="{y + 12:g}"'
    return (
        f'{key}<text class="{look}" x="{left:g}" y="{y + 12:g}">{escape(label)}</text>'
        f'<a href="#n{number}"><text class="{look} r" {at}>→ {number}</text></a>'
    )


def _short(name: str, letters: float) -> str:
    return name if len(name) <= letters else name[: max(0, int(letters) - 1)] + "…"


def _middle(box: Box) -> float:
    return box.x + box.w / 2
