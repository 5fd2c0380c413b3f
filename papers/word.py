"""Papers as DOCX, by python-docx."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row

from papers.charts import colour, scale
from papers.layout import Block, Form, blocks, footnotes, is_across, printable, shares
from papers.paper import Box, Chart, Grid, Paper, Signature

_FONT = "Microsoft YaHei"
"""Chinese characters: where it is missing, the reader's program takes another one."""
_STYLES = ("Normal", "Title", "Heading 1")
_MARGIN_MM = 16
_FORM = (0.17, 0.33, 0.17, 0.33)
_SIGN = (0.19, 0.35, 0.23, 0.23)
_CHART = (0.26, 0.56, 0.18)
_BAR = "█"
_LONGEST_BAR = 34
_BLANK = "　" * 5


def docx(paper: Paper) -> bytes:
    """The file's bytes."""
    document = Document()
    wide = _lay_out(document, across=is_across(paper))
    _number_pages(document)
    if paper.annex:
        document.add_paragraph(paper.annex)
    title = document.add_heading(printable(paper.title), level=0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if paper.number:
        document.add_paragraph(f"编号：{printable(paper.number)}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for block in blocks(paper):
        _add(document, block, wide)
    _sign(document, paper.signatures, wide)
    for note in footnotes(paper):
        _small(document, note)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _lay_out(document: Doc, *, across: bool) -> float:
    """A4, and one font for Chinese and Latin letters; gives the width to write on in mm."""
    section = document.sections[0]
    width, height = (297, 210) if across else (210, 297)
    section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    for name in _STYLES:
        _in_one_font(document, name)
    normal = document.styles["Normal"]
    normal.font.size = Pt(10)
    normal.paragraph_format.space_after = Pt(2)
    document.styles["Title"].font.size = Pt(17)
    document.styles["Title"].font.bold = True
    document.styles["Heading 1"].font.size = Pt(11.5)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(10)
    return width - 2 * _MARGIN_MM


def _in_one_font(document: Doc, name: str) -> None:
    style = document.styles[name]
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(kind), _FONT)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)
    style.font.color.rgb = RGBColor(0, 0, 0)
    for line in style.element.iter(qn("w:pBdr")):
        line.getparent().remove(line)  # the template's blue rule below a title


def _number_pages(document: Doc) -> None:
    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for before, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES")):
        foot.add_run(before).font.size = Pt(8.5)
        code = OxmlElement("w:fldSimple")
        code.set(qn("w:instr"), field)
        foot._p.append(code)
    foot.add_run(" 页").font.size = Pt(8.5)


def _add(document: Doc, block: Block, wide: float) -> None:
    match block:
        case Form():
            _add_form(document, block, wide)
        case Grid():
            document.add_heading(printable(block.heading), level=1)
            _add_grid(document, block, wide)
        case _:
            document.add_heading(printable(block.heading), level=1)
            _add_chart(document, block, wide)


def _add_form(document: Doc, form: Form, wide: float) -> None:
    if not form.lines:
        document.add_paragraph()  # tables that touch would become one
    table = _table(document, len(form.lines) + len(form.boxes), _FORM, wide)
    for row, facts in zip(table.rows, form.lines, strict=False):
        cells = row.cells
        _least_height(row, 7)
        for place, fact in zip((0, 2), facts, strict=False):
            _name(cells[place], fact.name)
            cells[place + 1].text = printable(fact.value)
        if len(facts) == 1:
            cells[1].merge(cells[3])
    for row, box in zip(list(table.rows)[len(form.lines) :], form.boxes, strict=True):
        _add_box(row, box)


def _add_box(row: _Row, box: Box) -> None:
    _name(row.cells[0], box.heading)
    room = row.cells[1].merge(row.cells[3])
    room.text = printable(box.words)
    for one in box.signatures:
        room.add_paragraph()
        line = room.add_paragraph(f"{one.line}：{one.done or _BLANK}　签名：{_BLANK}　　年　月　日")
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _least_height(row, 14)


def _add_grid(document: Doc, grid: Grid, wide: float) -> None:
    if not grid.rows:
        document.add_paragraph(printable(grid.without))
        return
    table = _table(document, len(grid.rows) + 1, shares(grid), wide)
    head = table.rows[0]
    for cell, name in zip(head.cells, grid.columns, strict=True):
        _name(cell, name)
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # again at the top of each page
    cells = iter(table._cells[len(grid.columns) :])  # cells of each row anew would be slow
    for row in grid.rows:
        for n, (text, cell) in enumerate(zip(row, cells, strict=False)):
            cell.paragraphs[0].add_run(printable(text)).font.size = Pt(9)
            if n in grid.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _add_chart(document: Doc, chart: Chart, wide: float) -> None:
    """Bars of blocks: any program shows and prints them."""
    table = document.add_table(len(chart.bars), 3)
    _size(table, _CHART, wide)
    full = scale(chart)
    for row, bar in zip(table.rows, chart.bars, strict=True):
        label, drawn, shown = row.cells
        label.text = printable(bar.label)
        label.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = drawn.paragraphs[0].add_run(_BAR * max(1, round(_LONGEST_BAR * bar.value / full)))
        run.font.size = Pt(8)
        run.font.color.rgb = RGBColor.from_string(colour(chart, bar).lstrip("#").upper())
        shown.text = printable(bar.shown)
    if chart.wanted is not None:
        _small(document, f"要求 {chart.wanted:.0%}，未达到的为红色。")


def _sign(document: Doc, signatures: Sequence[Signature], wide: float) -> None:
    if not signatures:
        return
    document.add_paragraph()
    table = _table(document, len(signatures), _SIGN, wide)
    for row, one in zip(table.rows, signatures, strict=True):
        _least_height(row, 10)
        name, done, sign, day = row.cells
        name.paragraphs[0].paragraph_format.keep_with_next = True
        _name(name, f"{one.line}：")
        done.text = one.done
        sign.text = "签名："
        day.text = "　　　年　　月　　日"
        day.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _table(document: Doc, rows: int, columns: Sequence[float], wide: float) -> Table:
    table: Table = document.add_table(rows, len(columns), "Table Grid")
    _size(table, columns, wide)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return table


def _size(table: Table, columns: Iterable[float], wide: float) -> None:
    table.autofit = False
    widths = [Mm(round(wide * share, 1)) for share in columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for n, cell in enumerate(table._cells):
        cell.width = widths[n % len(widths)]
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        around = cell.paragraphs[0].paragraph_format
        around.space_before = around.space_after = Pt(1.5)


def _name(cell: _Cell, text: str) -> None:
    """A cell that names what is beside or below it."""
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(printable(text)).bold = True
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "F0F2F5")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _least_height(row: _Row, mm: float) -> None:
    row.height = Mm(mm)


def _small(document: Doc, text: str) -> None:
    document.add_paragraph().add_run(printable(text)).font.size = Pt(8.5)
