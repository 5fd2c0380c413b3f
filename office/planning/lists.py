"""Files that go to the platform for messages, and come back from it: CSV or XLSX (C1)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook

from base.errors import ContactsError, InputError
from base.files import save
from base.phones import normalise
from office.tables import Cell, tables_of
from records.notices import Told

COLUMNS = ("批号", "资金账号", "姓名", "手机号", "事由", "内容")
"""Of a list that goes out."""

_PHONE = ("手机号", "手机号码", "手机", "电话", "号码", "phone", "mobile")
_STATE = ("状态", "结果", "发送结果", "发送状态", "送达", "status", "result")
_REPLY = ("回复", "回复内容", "上行", "reply")
_DELIVERED = {"成功", "发送成功", "已送达", "送达", "是", "1", "delivered", "delivrd", "success", "ok", "yes"}
_FAILED = {"失败", "发送失败", "未送达", "否", "0", "failed", "undeliv", "expired", "rejectd", "error", "no"}

BadRow = tuple[int, str]
"""Row number as a spreadsheet shows it, and why the row was left out."""


def write_list(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a list as CSV (UTF-8 with the mark that Excel wants) or XLSX, by the name's ending.

    Raises:
        InputError: another ending, a file that is there, or it cannot be written. A message is listed once: a
            list that is written over is lost.
    """
    writers = {".csv": _csv, ".xlsx": _workbook}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise InputError("is neither .csv nor .xlsx", where=str(path))
    if path.exists():
        raise InputError("is there already", where=str(path), remedy="name another file")
    save(path, write([COLUMNS, *rows]))


def results_of(path: Path) -> tuple[list[Told], list[BadRow]]:
    """What the platform says became of its messages: number, state, reply.

    Raises:
        ContactsError: it cannot be read, or has no column of numbers or of states.
    """
    rows = tables_of(path)[0].rows()
    _, header = next(rows, (0, ()))
    titles = [_plain(cell).lower() for cell in header]
    phone, state = _column(titles, _PHONE, path), _column(titles, _STATE, path)
    reply = next((n for n, title in enumerate(titles) if title in _REPLY), None)
    told: list[Told] = []
    bad: list[BadRow] = []
    for number, cells in rows:
        try:
            told.append(_told(cells, phone, state, reply))
        except ValueError as error:
            bad.append((number, str(error)))
    return told, bad


def _told(cells: Sequence[Cell], phone: int, state: int, reply: int | None) -> Told:
    """One row. Raises ValueError with a reason in plain words."""
    said = _cell(cells, state).lower()
    if said not in _DELIVERED | _FAILED:
        raise ValueError(f"{said!r} is no state: write 成功 or 失败")
    number = normalise(_cell(cells, phone)).e164
    return Told(number, said in _DELIVERED, _cell(cells, reply) if reply is not None else "")


def _column(titles: Sequence[str], known: Sequence[str], path: Path) -> int:
    found = next((n for n, title in enumerate(titles) if title in known), None)
    if found is None:
        raise ContactsError(
            "a column is missing", where=str(path), remedy=f"head one with one of: {', '.join(known)}"
        )
    return found


def _cell(cells: Sequence[Cell], column: int) -> str:
    return _plain(cells[column]) if column < len(cells) else ""


def _plain(cell: Cell) -> str:
    """As people read it: a number of a spreadsheet has no decimals."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _workbook(rows: Iterable[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("短信名单")
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
