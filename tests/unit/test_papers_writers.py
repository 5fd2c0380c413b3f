"""One paper in five forms: the same words in each, numbers as numbers, nothing that runs."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from base.clock import SHANGHAI
from base.errors import InputError
from papers import forms, layout, pdf, sheets, signing
from papers.charts import GOOD, SHORT, svg
from papers.paper import Bar, Box, Chart, Fact, Grid, Paper, Signature
from papers.writing import Format, write
from records.filed_papers import Filed, Signed
from tests.paper_samples import samples

LIST = Grid("名单", ("序号", "姓名", "账号", "比例"), (("1", "=1+1", "0012", "98.5%"),), "无", numbers=(0, 3))
PAPER = Paper(
    "回访工作表",
    (Fact("编号", "SH-1"), Fact("营业部", "上海"), Fact("目的", "核实身份", wide=True)),
    (
        Box("意见", "同意", (Signature("总经理"),)),
        LIST,
        Chart("比例", (Bar("上海", 0.5, "50%"),), 1.0, ratios=True),
    ),
    ("说明。",),
    (Signature("经办人"), Signature("复核人")),
    number="SH-1",
    annex="附件1",
)
LONG = Paper("长表", (), (Grid("名单", ("n",), tuple((str(n),) for n in range(40)), "无", numbers=(0,)),))


@pytest.mark.parametrize("form", [Format.TXT, Format.HTML, Format.DOCX, Format.XLSX])
def test_every_form_says_the_same(form: Format) -> None:
    said = {Format.DOCX: docx_words, Format.XLSX: xlsx_words}.get(form, bytes.decode)(write(PAPER, form))
    words = (
        "回访工作表",
        "附件1",
        "SH-1",
        "核实身份",
        "意见",
        "同意",
        "总经理",
        "=1+1",
        "0012",
        "说明。",
        "复核人",
    )
    assert [one for one in words if one not in said] == []


def test_a_pdf_is_one() -> None:
    assert write(PAPER, Format.PDF).startswith(b"%PDF-")


def test_without_pango_or_a_font_a_pdf_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match=r"apt install .*fontconfig") as refused:
        pdf.pdf(PAPER)
    assert "\n" not in str(refused.value)


def test_cells_are_numbers_where_the_column_counts_and_never_formulas() -> None:
    sheet = openpyxl.load_workbook(BytesIO(sheets.xlsx(PAPER))).worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert cells["=1+1"].data_type == "s"
    assert cells["0012"].data_type == "s"
    assert cells[0.985].number_format == "0.0%"
    assert cells[1].data_type == "n"


def test_a_sheet_is_printed_on_a4_as_wide_as_the_page() -> None:
    sheet: Any = openpyxl.load_workbook(BytesIO(sheets.xlsx(PAPER))).worksheets[0]
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToWidth == 1
    assert sheet.print_area
    assert len(sheet._charts) == 1


def test_a_long_table_gets_a_sheet_with_a_header_on_each_page() -> None:
    book = openpyxl.load_workbook(BytesIO(sheets.xlsx(LONG)))
    assert book.sheetnames == ["表", "名单"]
    assert book["名单"].print_title_rows == "$1:$1"
    assert book["名单"].auto_filter.ref == "A1:A41"


def test_a_chart_marks_what_falls_short() -> None:
    drawn = svg(Chart("比例", (Bar("甲", 0.5, "50%"), Bar("乙", 1.0, "100%")), 0.9, ratios=True))
    assert re.findall(r'fill="(#\w+)"', drawn) == [SHORT, GOOD]
    assert "要求 90%" in drawn


def test_facts_stand_by_twos_and_wide_ones_alone() -> None:
    form = next(layout.blocks(PAPER))
    assert isinstance(form, layout.Form)
    assert [len(line) for line in form.lines] == [2, 1]
    assert [box.heading for box in form.boxes] == ["意见"]


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=20))
def test_columns_fill_the_width_exactly(parts: list[float]) -> None:
    given_ = layout.apportioned([part / sum(parts) for part in parts], 24)
    assert sum(given_) == 24
    assert min(given_) >= 1


def test_a_signature_does_not_change_what_was_signed_and_a_word_does() -> None:
    act = Signed("经办人", "1001", datetime(2026, 7, 1, 9, 0, tzinfo=SHANGHAI), layout.digest(PAPER))
    signed = signing.signed(PAPER, [act], {"1001": "张伟"})
    assert "经办人：张伟（1001） 2026-07-01 09:00" in forms.text(signed)
    assert layout.digest(signed) == layout.digest(PAPER)
    assert layout.digest(PAPER) != layout.digest(Paper("回访工作表", PAPER.facts, (), number="SH-1"))


CHAIN = ("经办人", "复核人")


@pytest.mark.parametrize(
    ("done", "role", "by", "why"),
    [
        ((), "经办人", "1001", ""),
        ((), "复核人", "1002", "signs first"),
        (("经办人",), "复核人", "1002", ""),
        (("经办人",), "复核人", "1001", "never one person"),
        (("经办人",), "经办人", "1002", "already"),
        ((), "总经理", "1001", "does not sign"),
        ((), "经办人", "1003", ""),
        (("经办人",), "复核人", "1003", "checks none of it"),
    ],
)
def test_a_chain_goes_in_order_and_nobody_signs_twice(
    done: tuple[str, ...], role: str, by: str, why: str
) -> None:
    now = datetime(2026, 7, 1, tzinfo=SHANGHAI)
    acts = tuple(Signed(one, "1001", now, "a") for one in done)
    paper = Filed("SH-1", "", "a", CHAIN, "", "", "", now, done_by="1003", signed=acts)
    said = signing.refusal(paper, role, by)
    assert why in said
    assert bool(said) == bool(why)


@pytest.mark.parametrize("name", sorted(samples()))
def test_every_form_has_a_title_that_names_the_firm_and_is_written(name: str) -> None:
    paper = samples()[name]
    assert paper.title.startswith("示例证券")
    assert paper.title in forms.text(paper)


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=60))
def test_whatever_customers_say_can_be_written(said: str) -> None:
    paper = Paper(
        said, (Fact("原话", said),), (Box("意见", said), Grid(said, ("a",), ((said,),), said)), (said,)
    )
    for form in (Format.HTML, Format.DOCX, Format.XLSX):
        assert write(paper, form)


def docx_words(made: bytes) -> str:
    document = Document(BytesIO(made))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def xlsx_words(made: bytes) -> str:
    book = openpyxl.load_workbook(BytesIO(made))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
