"""Logs of other ways (C1): from the messages that are kept, or from a table that people keep themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from base.clock import SHANGHAI
from base.errors import ContactsError
from office.tables import Cell, Row, tables_of
from papers.channels import DELIVERED, Sent
from records.notices import SentNotice

_AT, _CUSTOMER, _TO, _ABOUT = "时间", "客户姓名", "地址", "内容"
_HEADS = {
    "at": (_AT, "发送时间", "寄出时间", "日期"),
    "customer": (_CUSTOMER, "姓名", "客户"),
    "to": (_TO, "收件地址", "手机号码", "号码", "地点"),
    "about": (_ABOUT, "主题及内容", "短信内容", "主题"),
    "by": ("专用邮箱", "寄送方式", "面访人员"),
    "kept": ("保管人及刻录", "底稿及存根", "签字表保存", "保存"),
    "number": ("单号",),
    "result": ("结果", "发送结果", "投递结果"),
    "reply": ("客户回复", "回复", "客户意见"),
}
"""Columns of a table by the field that they fill: those of the form, so that what was written can be read."""
_NEEDED = ("at", "customer")
_TITLES = 12
"""Rows above the data at most."""
_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y/%m/%d")


def of_notices(notices: Iterable[SentNotice]) -> list[Sent]:
    """Messages that a platform sent for us, with what it says became of them."""
    states = {"delivered": DELIVERED, "failed": "失败", "listed": "未知"}
    return [
        Sent(one.at, one.customer, one.phone, one.words, result=states[one.state], reply=one.reply)
        for one in notices
    ]


def of_table(path: Path) -> list[Sent]:
    """What a table says, CSV or XLSX.

    Raises:
        ContactsError: it cannot be read, or lacks a column or a time.
    """
    rows = tables_of(path)[0].rows()
    columns = _columns(rows, path)
    return [sent for row in rows if (sent := _sent(row, columns, path))]


def _columns(rows: Iterator[Row], path: Path) -> dict[str, int]:
    """Where each field stands, by the heading; titles may stand above it."""
    names = {name: field for field, known in _HEADS.items() for name in known}
    for _, heads in islice(rows, _TITLES):
        texts = [str(head).strip() for head in heads]
        found = {names[text]: n for n, text in enumerate(texts) if text in names}
        if all(field in found for field in _NEEDED):
            return found
    needed = "、".join(_HEADS[field][0] for field in _NEEDED)
    raise ContactsError(f"has no row that heads columns as {needed}", where=str(path))


def _sent(row: Row, columns: dict[str, int], path: Path) -> Sent | None:
    number, cells = row
    values = {field: cells[n] if n < len(cells) else None for field, n in columns.items()}
    if all(value in (None, "") for value in values.values()):
        return None
    at = _moment(values.pop("at"))
    if at is None:
        raise ContactsError(
            "has no time that can be read", where=f"{path}, row {number}", remedy="2026-07-01 10:30"
        )
    return Sent(at, **{field: "" if value is None else str(value) for field, value in values.items()})


def _moment(cell: Cell) -> datetime | None:
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=SHANGHAI)
    return next(_parsed(str(cell or "").strip()), None)


def _parsed(text: str) -> Iterator[datetime]:
    for form in _FORMS:
        try:
            yield datetime.strptime(text, form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
