"""Papers as text and as an HTML page that prints on A4. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from papers.paper import Grid, Paper

STYLE = """
@page { size: A4; margin: 18mm }
body { font: 11pt/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif;
  max-width: 190mm; margin: 1em auto; color: #111 }
h1 { font-size: 16pt; text-align: center } h2 { font-size: 12pt; margin: 1.2em 0 .3em }
table { border-collapse: collapse; width: 100% } thead { display: table-header-group }
th, td { border: 1px solid #888; padding: 2px 6px; text-align: left; vertical-align: top;
  overflow-wrap: anywhere }
th { background: #eee; font-weight: 600; white-space: nowrap } tr { break-inside: avoid }
.remark { color: #444; font-size: 9.5pt }
.sign { margin-top: 2.2em; display: flex; gap: 2em; flex-wrap: wrap }
.sign span { flex: 1; border-bottom: 1px solid #111; white-space: nowrap; min-width: 50mm }
""".strip()


def text(paper: Paper) -> str:
    """Lines for any editor."""
    lines = [paper.title, ""]
    lines += [f"{name}：{value}" for name, value in paper.facts]
    for grid in paper.grids:
        lines += ["", f"【{grid.heading}】", *_grid_lines(grid)]
    lines += ["", *paper.remarks] if paper.remarks else []
    lines += ["", *(f"{who}：____________  日期：____________" for who in paper.signatures)]
    return "\n".join(lines).rstrip() + "\n"


def _grid_lines(grid: Grid) -> Iterator[str]:
    if not grid.rows:
        yield grid.without
        return
    yield " | ".join(grid.columns)
    for row in grid.rows:
        yield " | ".join(cell.replace("\n", " ") for cell in row)


def html(paper: Paper) -> str:
    """A page that holds all it needs: no network, no script."""
    title = escape(paper.title)
    facts = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in paper.facts
    )
    grids = "\n".join(f"<h2>{escape(grid.heading)}</h2>\n{_grid_html(grid)}" for grid in paper.grids)
    remarks = "\n".join(f'<p class="remark">{escape(one)}</p>' for one in paper.remarks)
    signed = "".join(f"<span>{escape(who)}：</span><span>日期：</span>" for who in paper.signatures)
    signs = f'<div class="sign">{signed}</div>' if signed else ""
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"<style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n<table>{facts}</table>\n"
        f"{grids}\n{remarks}\n{signs}\n</body></html>\n"
    )


def _grid_html(grid: Grid) -> str:
    if not grid.rows:
        return f"<p>{escape(grid.without)}</p>"
    head = "".join(f"<th>{escape(name)}</th>" for name in grid.columns)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in grid.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>"
