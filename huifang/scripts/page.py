"""A script on paper, for who approves it: one SVG file, or an HTML page with every wording. Pure.

Both hold all that they need: no network, no script, readable as printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import cycle, pairwise

from huifang.scripts import cards as c
from huifang.scripts.cards import Card
from huifang.scripts.drawing import MARGIN, MOST_W, STYLE, Panel, panels
from ivr.script import Script, prompts

VARIANTS = {
    "": "第一次",
    "again": "再问",
    "hint": "提示怎么说",
    "keys": "按键提示",
    "after_silence": "上次无声",
    "confirm": "确认",
}
STRIP_H = 940.0
"""Most of a panel that stays together on a printed page, in pixels."""

COLOURS = ("#3f7cac", "#c08a2d", "#5f8f4e", "#8a5a9e", "#b5524b", "#3d8f8a")
"""Stripes of a script's sections, in their order."""

BORDER = "A2 边界：以下内容只对已确认的本人说"


def svg(script: Script) -> str:
    """The picture alone, with the table of ways at its foot."""
    cards = c.cards(script)
    drawn = panels(script, cards, colours(script))
    width = max([MOST_W / 2, *(panel.width for panel in drawn)]) + 2 * MARGIN
    parts, y = list(_title(script)), 78.0
    for panel, bordered in _bordered(drawn):
        if bordered:
            parts.append(f'<path class="border" d="M0 {y + 14:g}H{width:g}"/>')
            parts.append(f'<text class="a2" x="{MARGIN:g}" y="{y + 6:g}">{BORDER}</text>')
            y += 24
        height = panel.height + 34 + MARGIN
        side = "strangers" if panel.strangers else "owner"
        parts.append(f'<rect class="{side}" y="{y:g}" width="{width:g}" height="{height:g}"/>')
        parts.append(f'<text class="h" x="{MARGIN:g}" y="{y + 20:g}">{panel.title}</text>')
        at = (width - panel.width) / 2
        parts.append(f'<g transform="translate({at:.1f} {y + 34:g})">{panel.svg}</g>')
        y += height + 10
    for line in _ways_lines(script, cards):
        y += 20
        parts.append(f'<text class="s" x="{MARGIN:g}" y="{y:g}">{escape(line)}</text>')
    size = f'viewBox="0 0 {width:.0f} {y + 20:.0f}" width="{width:.0f}" height="{y + 20:.0f}"'
    style = f"<style>{STYLE}</style>"
    back = '<rect width="100%" height="100%" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{style}{back}{"".join(parts)}</svg>\n'


def html(script: Script) -> str:
    """The page: the picture in pieces that fit a printed page, the ways, all wordings."""
    cards = c.cards(script)
    drawn = panels(script, cards, colours(script))
    body = [*_head(script), _legend(script)]
    for n, (panel, bordered) in enumerate(_bordered(drawn)):
        body += [f'<p class="border">{BORDER}</p>'] if bordered else []
        body.append(_section(panel, n))
    body += [_ways_table(script, cards), _asides_table(script), _wordings_table(script, cards)]
    title = f"{script.title} {script.version}"
    return PAGE.format(title=escape(title), style=STYLE, body="\n".join(body))


def colours(script: Script) -> dict[str, str]:
    """A stripe for each node of a section; what comes from a frame has none."""
    if not script.section_ends:
        return {}
    stripes = zip(script.sections.values(), cycle(COLOURS), strict=False)
    return {name: colour for names, colour in stripes for name in names}


def _bordered(drawn: Sequence[Panel]) -> Iterator[tuple[Panel, bool]]:
    """Each panel, and whether the border of A2 runs above it."""
    before = [None, *drawn]
    for last, panel in zip(before, drawn, strict=False):
        yield panel, last is not None and last.strangers and not panel.strangers


def _identity(script: Script) -> str:
    return f"{script.name} 版本 {script.version} · SHA-256 {script.sha256[:16]}…"


def _title(script: Script) -> Iterator[str]:
    yield f'<text class="t" x="{MARGIN:g}" y="30">{escape(script.title)}</text>'
    yield f'<text class="s" x="{MARGIN:g}" y="52">{escape(_identity(script))}</text>'


def _head(script: Script) -> Iterator[str]:
    yield f"<h1>{escape(script.title)}</h1>"
    known = f"{script.name} · 版本 {script.version} · 类型 {script.kind}"
    yield f'<p class="id">{escape(known)}<br>'
    yield f"SHA-256 <code>{script.sha256}</code></p>"


def _legend(script: Script) -> str:
    slots = "、".join(
        f"{{{escape(name)}}}（如“{escape(slot.example)}”{'，可缺' if slot.optional else ''}）"
        for name, slot in script.slots.items()
    )
    return (
        '<p class="legend"><b class="k p">绿框</b> 可对任何人说　<b class="k q">蓝框</b> 只对本人说　'
        '<b class="k e">粗框</b> 通话到此结束　方格里是按键，“→ 12”指第 12 张卡片。'
        f"每一问还听得懂的其他意思，见后面的“随时可去”表。{_sections(script)}</p>"
        f"<p>填入的内容：{slots or '无'}</p>"
    )


def _sections(script: Script) -> str:
    """Which stripe belongs to which kind of follow-up (D7)."""
    striped = colours(script)
    told = "".join(
        f'　<b class="k" style="border-color: {striped[names[0]]}">{escape(kind)}</b>'
        for kind, names in script.sections.items()
        if names and names[0] in striped
    )
    return f"<br>左边的色条：{told}　没有色条的属于公共框架。" if told else ""


def _section(panel: Panel, n: int) -> str:
    side = "strangers" if panel.strangers else "owner"
    content = f'<svg width="0" height="0" class="defs"><defs><g id="p{n}">{panel.svg}</g></defs></svg>'
    middle = panel.width / 2
    pieces = "".join(
        f'<svg class="strip" viewBox="{middle - half:.1f} {top:.1f} {2 * half:.1f} {bottom - top:.1f}" '
        f'style="width:{2 * half:.0f}px"><use href="#p{n}"/></svg>'
        for top, bottom, half in strips(panel)
    )
    return f'<section class="{side}" id="s{n}"><h2>{panel.title}</h2>{content}{pieces}</section>'


def strips(panel: Panel) -> list[tuple[float, float, float]]:
    """(top, bottom, half the width) of pieces that fit a page, cut between layers, all about one middle."""
    cuts = [-2.0]
    for last, at in pairwise([*panel.breaks, panel.height + 2]):
        if at - cuts[-1] > STRIP_H and last > cuts[-1]:
            cuts.append(last)
    return [(*cut, _half(panel, *cut)) for cut in pairwise([*cuts, panel.height + 2])]


def _half(panel: Panel, top: float, bottom: float) -> float:
    """How far a piece reaches from the panel's middle, and a little more."""
    middle = panel.width / 2
    within = [span for span in panel.spans if span[0] < bottom and span[1] > top]
    return 8 + max((max(middle - left, right - middle) for _, _, left, right in within), default=middle)


def _ways_lines(script: Script, cards: dict[str, Card]) -> Iterator[str]:
    yield "随时可去（每一问都听得懂的其他意思）："
    for way, sides in c.ways_of(script).items():
        before, with_owner = (_named(cards, name) for name in sides)
        yield f"{c.WAYS.get(way, way)}：确认本人之前 {before}；之后 {with_owner}"


def _named(cards: dict[str, Card], name: str) -> str:
    return f"→ {cards[name].number} {name}"


def _ways_table(script: Script, cards: dict[str, Card]) -> str:
    rows = [
        (c.WAYS.get(way, way), _named(cards, before), _named(cards, with_owner))
        for way, (before, with_owner) in c.ways_of(script).items()
    ]
    return _table("随时可去", ("客户的意思", "确认本人之前", "确认本人之后"), rows)


def _asides_table(script: Script) -> str:
    rows = [
        (name, aside.say or "（把问题再问一遍）", aside.to_owner or "")
        for name, aside in script.asides.items()
    ]
    rows += [(f"听不到声音时的问候 {n}", wording, "") for n, wording in enumerate(script.hello, start=1)]
    return _table("客户插问的回答，以及问候", ("插问", "对任何人说", "对本人说"), rows) if rows else ""


def _wordings_table(script: Script, cards: dict[str, Card]) -> str:
    rows = [
        (
            str(cards[name].number),
            name,
            "公开" if node.public else "本人",
            VARIANTS.get(variant, variant),
            wording,
        )
        for name, node in script.nodes.items()
        for variant, wording in prompts(node)
    ]
    return _table("全部话术", ("卡片", "节点", "对谁", "何时", "原话"), rows)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{column}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<h2>{title}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title><style>
{style}
body {{ font: 14px/1.6 "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
  "WenQuanYi Micro Hei", sans-serif; color: #1c2733;
  margin: 24px auto; max-width: 1380px; padding: 0 16px; }}
h1 {{ margin: 0; }} h2 {{ font-size: 16px; margin: 12px 0 8px; }}
.id {{ color: #55606c; margin: 4px 0 12px; }}
section {{ padding: 4px 14px 14px; margin: 0 0 10px; }}
section.strangers {{ background: #f6f4e6; }} section.owner {{ background: #edf3f9; }}
.strip {{ display: block; margin: 0 auto; max-width: 100%; height: auto; break-inside: avoid; }}
.defs {{ position: absolute; }}
p.border {{ color: #b3261e; font-weight: bold; border-top: 3px dashed #b3261e; margin: 14px 0 6px;
  padding-top: 4px; }}
.k {{ border: 2px solid; padding: 0 6px; border-radius: 4px; background: #fff; }}
.p {{ border-color: #6b7d34; }} .q {{ border-color: #35618e; }} .e {{ border: 3px solid #1c2733; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid #c4ccd4; padding: 3px 8px; text-align: left; vertical-align: top; }}
th {{ background: #e9eef3; }} td {{ overflow-wrap: anywhere; }}
tr {{ break-inside: avoid; }} thead {{ display: table-header-group; }}
@media print {{ body {{ margin: 0; max-width: none; font-size: 11px; }}
  * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact; }} }}
@page {{ margin: 12mm; }}
</style></head><body>
{body}
</body></html>
"""
