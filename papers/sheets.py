"""Papers as XLSX, by openpyxl: the form as it is printed on the first sheet, long tables on their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from papers.charts import GOOD
from papers.layout import (
    Block,
    Form,
    apportioned,
    blocks,
    footnotes,
    is_across,
    line_count,
    printable,
    shares,
    width,
)
from papers.paper import Box, Chart, Grid, Paper, Signature

_COLUMNS = 24
"""Narrow columns of the first sheet; every field spans some."""
_ROOM, _ROOM_ACROSS = 88.0, 128.0
"""Half-width characters on a line of A4."""
_LONG = 30
"""Tables of more rows get a sheet of their own, with a header on each page and a filter."""
_FONT = "微软雅黑"
_THIN = Side(style="thin", color="555555")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="F0F2F5")
_FORM = (4, 8, 4, 8)
_SIGN = (5, 8, 6, 5)
_NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?")
_PERCENT = re.compile(r"(-?\d+)(\.\d+)?%")
_NAME = re.compile(r"[\[\]:*?/\\']")
_DATA = "图表数据"


def xlsx(paper: Paper) -> bytes:
    """The file's bytes."""
    book = Workbook()
    first = book.worksheets[0]
    first.title = _sheet_name(book, paper.annex or "表")
    page = _Page(book, first, _ROOM_ACROSS if is_across(paper) else _ROOM)
    page.head(paper)
    for block in blocks(paper):
        page.add(block)
    page.sign(paper.signatures)
    for note in footnotes(paper):
        page.line(note, size=8)
    _print_set_up(first, f"A1:{get_column_letter(_COLUMNS)}{page.row - 1}", across=is_across(paper))
    made = BytesIO()
    book.save(made)
    return made.getvalue()


class _Page:
    """The first sheet, filled from the top; `row` is the next free one."""

    def __init__(self, book: Workbook, sheet: Worksheet, room: float) -> None:
        self.book, self.sheet, self.room, self.row = book, sheet, room, 1
        for n in range(1, _COLUMNS + 1):
            sheet.column_dimensions[get_column_letter(n)].width = room / _COLUMNS

    def head(self, paper: Paper) -> None:
        if paper.annex:
            self.line(paper.annex)
        self.line(paper.title, size=16, bold=True, align="center")
        if paper.number:
            self.line(f"编号：{paper.number}", align="right")

    def add(self, block: Block) -> None:
        match block:
            case Form():
                for facts in block.lines:
                    texts = [text for fact in facts for text in (fact.name, fact.value)]
                    self.fields(texts, _FORM if len(facts) == 2 else (4, 20), names=(0, 2), least=21)
                for box in block.boxes:
                    self.box(box)
            case Grid():
                self.line(block.heading, size=11, bold=True, above=8)
                self.grid(block)
            case _:
                self.line(block.heading, size=11, bold=True, above=8)
                self.chart(block)

    def box(self, box: Box) -> None:
        lines = [
            f"{one.line}：{one.done or '　' * 5}　签名：{'　' * 5}　　年　月　日" for one in box.signatures
        ]
        self.fields([box.heading, "\n".join([box.words, *lines])], (4, 20), names=(0,), least=44)

    def grid(self, grid: Grid) -> None:
        if not grid.rows:
            self.line(grid.without)
        elif len(grid.rows) > _LONG:
            name = _long_sheet(self.book, grid)
            self.line(f"共 {len(grid.rows)} 行，见工作表“{name}”。")
        else:
            spans = apportioned(shares(grid), _COLUMNS)
            self.fields(grid.columns, spans, names=range(len(spans)))
            for row in grid.rows:
                self.fields(row, spans, numbers=grid.numbers)

    def chart(self, chart: Chart) -> None:
        """A native one over rows kept free; its figures stand on a sheet of their own."""
        drawn = _native(self.book, chart)
        drawn.width, drawn.height = 17, 3 + len(chart.bars) * 3 // 4
        self.sheet.add_chart(drawn, f"A{self.row}")
        self.row += int(drawn.height / 0.53) + 2

    def sign(self, signatures: Sequence[Signature]) -> None:
        if signatures:
            self.line("")
        for one in signatures:
            texts = (f"{one.line}：", one.done, "签名：", "　　　年　　月　　日")
            self.fields(texts, _SIGN, names=(0,), least=30)

    def line(
        self, text: str, *, size: int = 10, bold: bool = False, align: str = "left", above: int = 0
    ) -> None:
        """Words over the whole width, without a border."""
        self._merge(1, _COLUMNS)
        cell = self.sheet.cell(self.row, 1)
        _say(cell, text)
        cell.font = Font(_FONT, size, bold=bold)
        cell.alignment = Alignment(align, "bottom" if above else "center", wrap_text=True)
        lines = line_count(printable(text), self.room * 10 / size)
        self.sheet.row_dimensions[self.row].height = round(lines * size * 1.6) + above
        self.row += 1

    def fields(
        self,
        texts: Sequence[str],
        spans: Sequence[int],
        *,
        names: Iterable[int] = (),
        numbers: Iterable[int] = (),
        least: int = 17,
    ) -> None:
        """One row of bordered fields; those in `names` head the others."""
        heads, counted, begin, lines = frozenset(names), frozenset(numbers), 1, 1
        for n, (text, span) in enumerate(zip(texts, spans, strict=True)):
            self._merge(begin, begin + span - 1)
            self._field(begin, span, text, head=n in heads, number=n in counted and n not in heads)
            lines = max(lines, line_count(printable(text), span * self.room / _COLUMNS * 0.92))
            begin += span
        self.sheet.row_dimensions[self.row].height = max(least, lines * 16 + 3)
        self.row += 1

    def _field(self, begin: int, span: int, text: str, *, head: bool, number: bool) -> None:
        for column in range(begin, begin + span):
            self.sheet.cell(self.row, column).border = _BORDER
        cell = self.sheet.cell(self.row, begin)
        _dress(cell, text, head=head, number=number)

    def _merge(self, first: int, last: int) -> None:
        if last > first:
            self.sheet.merge_cells(start_row=self.row, end_row=self.row, start_column=first, end_column=last)


def _dress(cell, text: str, *, head: bool, number: bool) -> None:  # type: ignore[no-untyped-def]
    _say(cell, text, number=number)
    cell.font = Font(_FONT, 10, bold=head)
    cell.border = _BORDER
    cell.alignment = Alignment("center" if head or number else "left", "center", wrap_text=True)
    if head:
        cell.fill = _SHADE


def _say(cell, text: str, *, number: bool = False) -> None:  # type: ignore[no-untyped-def]
    """The words, never a formula; a number as one where the column holds numbers."""
    percent = _PERCENT.fullmatch(text) if number else None
    if percent:
        cell.value = float(text[:-1]) / 100
        cell.number_format = "0" + "." * bool(percent[2]) + "0" * (len(percent[2] or ".") - 1) + "%"
    elif number and _NUMBER.fullmatch(text):
        cell.value = float(text) if "." in text else int(text)
    else:
        cell.value = printable(text)
        cell.data_type = "s"


def _long_sheet(book: Workbook, grid: Grid) -> str:
    """A sheet for one table; gives its name."""
    name = _sheet_name(book, grid.heading)
    sheet = book.create_sheet(name)
    table = (grid.columns, *grid.rows)
    for row, texts in enumerate(table, 1):
        for column, text in enumerate(texts, 1):
            cell, number = sheet.cell(row, column), column - 1 in grid.numbers
            if row < 3 or number:
                _dress(cell, text, head=row == 1, number=number and row > 1)
            else:  # as the cell above: making a style anew takes longer than all the rest
                _say(cell, text)
                cell._style = sheet.cell(2, column)._style
    for n, texts in enumerate(zip(*table, strict=True), 1):
        widest = max(width(line) for text in texts for line in text.split("\n"))
        sheet.column_dimensions[get_column_letter(n)].width = min(50, max(6, widest)) + 2
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    _print_set_up(sheet, sheet.dimensions, across=len(grid.columns) > 6)
    return name


def _native(book: Workbook, chart: Chart) -> BarChart:
    if _DATA not in book.sheetnames:
        book.create_sheet(_DATA).sheet_state = "hidden"
    data = book[_DATA]
    begin = data.max_row + 2 if data.max_row > 1 else 1
    data.cell(begin, 1, printable(chart.heading)).data_type = "s"
    for n, bar in enumerate(chart.bars, begin + 1):
        data.cell(n, 1, printable(bar.label)).data_type = "s"
        value = data.cell(n, 2, bar.value)
        value.number_format = "0.0%" if chart.ratios else "General"
    drawn = BarChart()
    drawn.type, drawn.legend, drawn.gapWidth = "bar", None, 60
    last = begin + len(chart.bars)
    drawn.add_data(Reference(data, min_col=2, min_row=begin + 1, max_row=last))
    drawn.set_categories(Reference(data, min_col=1, min_row=begin + 1, max_row=last))
    drawn.series[0].graphicalProperties.solidFill = GOOD.lstrip("#")
    drawn.x_axis.scaling.orientation = "maxMin"
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.scaling.min = 0
    drawn.y_axis.number_format = "0%" if chart.ratios else "0"
    return drawn


def _print_set_up(sheet: Worksheet, area: str, *, across: bool) -> None:
    """A4, as wide as the page, numbered."""
    sheet.print_area = area
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if across else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.6
    sheet.page_margins.top = sheet.page_margins.bottom = 0.65
    sheet.print_options.horizontalCentered = True
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(right=_HeaderFooterPart("第 &P 页　共 &N 页"))
    sheet.sheet_view.showGridLines = False


def _sheet_name(book: Workbook, text: str) -> str:
    """As programs take it: 31 characters, some forbidden, none twice."""
    name = _NAME.sub(" ", text).strip()[:28] or "表"
    taken = [one for one in book.sheetnames if one == name or one.startswith(f"{name} ")]
    return f"{name} {len(taken) + 1}" if taken and name != book.worksheets[0].title else name
