"""Papers as text and as an HTML page that prints on A4. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from papers import charts
from papers.layout import Block, Form, blocks, footnotes, is_across, shares
from papers.paper import Box, Fact, Grid, Paper, Signature

FONTS = (
    *("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei"),
)
_FAMILY = ", ".join(f'"{name}"' for name in FONTS)
STYLE = f"""
body {{ font: 10.5pt/1.5 {_FAMILY}, sans-serif; max-width: var(--width); margin: 1em auto; color: #111 }}
h1 {{ font-size: 17pt; text-align: center; letter-spacing: .06em; margin: .2em 0 .4em }}
h2 {{ font-size: 11pt; margin: .8em 0 .3em; break-after: avoid }}
.annex {{ margin: 0 }} .number {{ text-align: right; margin: 0 0 .3em }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed; border: 1.2pt solid #222 }}
thead {{ display: table-header-group }}
th, td {{ border: .6pt solid #555; padding: 3px 6px; text-align: left; vertical-align: middle;
  overflow-wrap: anywhere; white-space: pre-line }}
th {{ background: #f0f2f5; font-weight: 600; text-align: center }} tr {{ break-inside: avoid }}
.form td {{ height: 6.5mm }} table + .form {{ margin-top: 3mm }}
.grid {{ font-size: 9pt }} .grid th, .grid td {{ padding: 2px 4px; height: 5mm }}
td.n {{ text-align: center; font-variant-numeric: tabular-nums }}
.words {{ min-height: 11mm; vertical-align: top }}
.by {{ text-align: right; margin: .7em 0 0; white-space: nowrap }}
.remark {{ color: #444; font-size: 8.5pt; margin: .5em 0 0; overflow-wrap: anywhere }}
.sign {{ margin-top: 1.1em; break-inside: avoid }}
.sign td {{ height: 9mm }} .sign td:last-child {{ text-align: right }}
svg {{ display: block; width: 170mm; height: auto }}
""".strip()
_BLANK = "　" * 5
_BLANK_DAY = "　　　年　　月　　日"


def text(paper: Paper) -> str:
    """Lines for any editor."""
    lines = [line for line in (paper.annex, paper.title) if line] + [""]
    lines += [f"编号：{paper.number}"] if paper.number else []
    for block in blocks(paper):
        lines += _text_of(block)
    notes = footnotes(paper)
    lines += ["", *notes] if notes else []
    lines += [""] if paper.signatures else []
    lines += [_line_to_sign(one) for one in paper.signatures]
    return "\n".join(lines).rstrip() + "\n"


def style(paper: Paper) -> str:
    """All the style of its page, in one element: whoever serves it may allow just this."""
    size, width = ("A4 landscape", "267mm") if is_across(paper) else ("A4", "180mm")
    return (
        f"@page {{ size: {size}; margin: 13mm 15mm; @bottom-right {{ content: '第 ' counter(page) ' 页　共 ' "
        f"counter(pages) ' 页'; font: 8.5pt {_FAMILY} }} }}\n:root {{ --width: {width} }}\n{STYLE}"
    )


def html(paper: Paper) -> str:
    """A page that holds all it needs: no network, no script."""
    title = escape(paper.title)
    annex = f'<p class="annex">{escape(paper.annex)}</p>' if paper.annex else ""
    number = f'<p class="number">编号：{escape(paper.number)}</p>' if paper.number else ""
    body = "\n".join(_html_of(block) for block in blocks(paper))
    remarks = "\n".join(f'<p class="remark">{escape(one)}</p>' for one in footnotes(paper))
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"<style>{style(paper)}</style></head>\n<body>{annex}<h1>{title}</h1>\n{number}\n"
        f"{body}\n{_signatures_html(paper)}\n{remarks}\n</body></html>\n"
    )


def _text_of(block: Block) -> Iterator[str]:
    match block:
        case Form():
            yield from (f"{fact.name}：{fact.value}" for line in block.lines for fact in line)
            for box in block.boxes:
                yield from ("", f"【{box.heading}】", *([box.words] if box.words else []))
                yield from map(_line_to_sign, box.signatures)
        case Grid():
            yield from ("", f"【{block.heading}】", *_grid_lines(block))
        case _:
            yield from ("", f"【{block.heading}】", *(f"{bar.label}：{bar.shown}" for bar in block.bars))


def _grid_lines(grid: Grid) -> Iterator[str]:
    if not grid.rows:
        yield grid.without
        return
    yield " | ".join(grid.columns)
    for row in grid.rows:
        yield " | ".join(cell.replace("\n", " ") for cell in row)


def _line_to_sign(one: Signature) -> str:
    done = f"{one.done}  " if one.done else ""
    return f"{one.line}：{done}____________  日期：____________"


def _html_of(block: Block) -> str:
    match block:
        case Form():
            lines = "\n".join(map(_line_html, block.lines))
            boxes = "\n".join(map(_box_html, block.boxes))
            columns = '<colgroup><col width="17%"><col><col width="17%"><col></colgroup>'
            return f'<table class="form">{columns}\n{lines}\n{boxes}</table>'
        case Grid():
            return f"<h2>{escape(block.heading)}</h2>\n{_grid_html(block)}"
        case _:
            return f"<h2>{escape(block.heading)}</h2>\n{charts.svg(block)}"


def _line_html(facts: tuple[Fact, ...]) -> str:
    span = "" if len(facts) == 2 else ' colspan="3"'
    cells = "".join(f"<th>{escape(one.name)}</th><td{span}>{escape(one.value)}</td>" for one in facts)
    return f"<tr>{cells}</tr>"


def _box_html(box: Box) -> str:
    signed = "".join(
        f'<p class="by">{escape(one.line)}：{escape(one.done) or _BLANK}　签名：{_BLANK}　{_BLANK_DAY}</p>'
        for one in box.signatures
    )
    words = f'<div class="words">{escape(box.words)}</div>'
    return f'<tr><th>{escape(box.heading)}</th><td colspan="3">{words}{signed}</td></tr>'


def _signatures_html(paper: Paper) -> str:
    """A line for each: who signed in the system, and room to sign on paper."""
    if not paper.signatures:
        return ""
    rows = "\n".join(
        f"<tr><th>{escape(one.line)}：</th><td>{escape(one.done)}</td><td>签名：</td><td>{_BLANK_DAY}</td></tr>"
        for one in paper.signatures
    )
    widths = "".join(f'<col width="{share}%">' for share in (19, 35, 23, 23))
    return f'<table class="sign"><colgroup>{widths}</colgroup>{rows}</table>'


def _grid_html(grid: Grid) -> str:
    if not grid.rows:
        return f"<p>{escape(grid.without)}</p>"
    widths = "".join(f'<col width="{share:.1%}">' for share in shares(grid))
    head = "".join(f"<th>{escape(name)}</th>" for name in grid.columns)
    rows = "\n".join(f"<tr>{_cells(grid, row)}</tr>" for row in grid.rows)
    return (
        f'<table class="grid"><colgroup>{widths}</colgroup><thead><tr>{head}</tr></thead>'
        f"<tbody>\n{rows}\n</tbody></table>"
    )


def _cells(grid: Grid, row: tuple[str, ...]) -> str:
    numbers = (' class="n"' if n in grid.numbers else "" for n in range(len(row)))
    return "".join(f"<td{kind}>{escape(cell)}</td>" for kind, cell in zip(numbers, row, strict=True))
