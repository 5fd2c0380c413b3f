"""Papers as DOCX, by python-docx."""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table

from papers.paper import Grid, Paper

_FONT = "Microsoft YaHei"
"""Chinese characters: where it is missing, the reader's program takes another one."""
_STYLES = ("Normal", "Title", "Heading 1")
_WIDTH_MM = 174
_LEAST, _MOST = 5, 30
"""Characters that a column is made for."""


def docx(paper: Paper) -> bytes:
    """The file's bytes."""
    document = Document()
    _lay_out(document)
    title = document.add_heading(_written(paper.title), level=0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _fill(document.add_table(len(paper.facts), 2, "Table Grid"), paper.facts)
    for grid in paper.grids:
        document.add_heading(_written(grid.heading), level=1)
        _add(document, grid)
    for remark in paper.remarks:
        document.add_paragraph(_written(remark))
    for who in paper.signatures:
        document.add_paragraph(f"{who}：____________________    日期：________________")
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _lay_out(document: Doc) -> None:
    """A4, and one font for Chinese and Latin letters."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    for name in _STYLES:
        style = document.styles[name]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia"):
            fonts.set(qn(kind), _FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(theme), None)
    document.styles["Normal"].font.size = Pt(10)


def _add(document: Doc, grid: Grid) -> None:
    if not grid.rows:
        document.add_paragraph(_written(grid.without))
        return
    table = document.add_table(len(grid.rows) + 1, len(grid.columns), "Table Grid")
    _fill(table, (grid.columns, *grid.rows))
    head = table.rows[0]
    for cell in head.cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # again at the top of each page


def _fill(table: Table, rows: tuple[tuple[str, ...], ...]) -> None:
    table.autofit = False
    widths = _widths(rows)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for line, row in zip(table.rows, rows, strict=True):
        for cell, text, width in zip(line.cells, row, widths, strict=True):
            cell.text = _written(text)
            cell.width = width


def _widths(rows: tuple[tuple[str, ...], ...]) -> list[Mm]:
    """Columns as wide as their longest texts ask for, within bounds, over the whole width."""
    longest = [min(_MOST, max(_LEAST, *map(len, column))) for column in zip(*rows, strict=True)]
    return [Mm(round(_WIDTH_MM * length / sum(longest))) for length in longest]


def _written(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(char for char in text if char in "\t\n" or " " <= char < "\ufffe" or char > "\uffff")
