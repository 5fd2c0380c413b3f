"""A file of contacts as people keep it (CSV or XLSX): good rows, and bad ones with their reason.

A bad row is a value; only a file that cannot be read as a whole is an error. Row numbers are those that a
spreadsheet shows: the header is row 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from base.errors import ContactsError
from base.phones import Phone, normalise
from huifang.slots import FILLED
from huifang.tables import Cell, read_table
from records.model import NewCustomer, PhoneKind

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "客户姓名", "客户名称", "name", "customer", "customer name"),
    "phone": ("电话", "手机", "手机号", "手机号码", "电话号码", "联系电话", "phone", "mobile", "telephone"),
    "kind": ("类型", "电话类型", "号码类型", "kind", "type", "phone kind", "phone type"),
    "opened": ("开户日期", "开户时间", "开户日", "opened", "opened on", "account opened", "open date"),
    "manager": ("客户经理", "经理", "manager", "account manager"),
    "branch": ("营业部", "分支机构", "branch"),
}
"""What a column may be called. Case, spaces, dashes and underscores don't matter."""

REQUIRED = ("name", "phone")

SLOT = re.compile(r"^\{([a-z][a-z0-9_]*)\}$")
"""A column headed `{matter}` holds each customer's words for that slot of a script."""

KINDS: Mapping[str, PhoneKind] = {
    **dict.fromkeys(("手机", "移动", "移动电话", "mobile", "cell"), PhoneKind.MOBILE),
    **dict.fromkeys(("座机", "固话", "固定电话", "landline", "fixed"), PhoneKind.LANDLINE),
}

LONGEST = 80
"""Characters that a name, a manager or a branch may have."""

_DATE = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]+[\d:.]+)?$")
_PLAIN_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_EXCEL_DAY_0 = date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out: where in the file, the column as its header says it, and why."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContactsFile:
    """What a file holds. `ignored`: headers of columns that mean nothing to us."""

    good: tuple[NewCustomer, ...]
    bad: tuple[BadRow, ...]
    ignored: tuple[str, ...]


class _BadCell(Exception):
    """One cell cannot be used; carries field and reason."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def read(path: Path, *, today: date) -> ContactsFile:
    """Read a file of contacts.

    Raises:
        ContactsError: it cannot be read, or has no header with a name and a phone column.
    """
    rows = list(read_table(path))
    if not rows:
        raise ContactsError("the file is empty", where=str(path), remedy=_WANTED)
    head_row, header = rows[0]
    where = _columns(header, f"{path}:{head_row}") | _slots(header, f"{path}:{head_row}")
    good, bad = _sorted_out(rows[1:], header, where, today)
    known = set(where.values())
    ignored = tuple(str(cell) for at, cell in enumerate(header) if at not in known and cell not in (None, ""))
    return ContactsFile(good, bad, ignored)


_WANTED = (
    "the first row names the columns: 姓名 (name) and 电话 (phone), further 类型 开户日期 客户经理 营业部"
)


def _plain(text: object) -> str:
    return re.sub(r"[\s_\-*:：]+", "", str(text)).casefold()


_FIELD_OF = {_plain(alias): field for field, aliases in COLUMNS.items() for alias in aliases}


def _columns(header: Sequence[Cell], place: str) -> dict[str, int]:
    """Which field stands in which column."""
    found: dict[str, int] = {}
    for at, cell in enumerate(header):
        field = _FIELD_OF.get(_plain(cell)) if cell is not None else None
        if field is None:
            continue
        if field in found:
            raise ContactsError(
                f"two columns for the {field}: {header[found[field]]} and {cell}",
                where=place,
                remedy="leave one of them",
            )
        found[field] = at
    missing = [COLUMNS[field][0] for field in REQUIRED if field not in found]
    if missing:
        raise ContactsError(f"no column {' and no column '.join(missing)}", where=place, remedy=_WANTED)
    return found


def _slots(header: Sequence[Cell], place: str) -> dict[str, int]:
    """Columns of words for slots, by their heading."""
    found: dict[str, int] = {}
    for at, cell in enumerate(header):
        head = str(cell or "").strip()
        match = SLOT.match(head)
        if match is None:
            continue
        if head in found or match[1] in FILLED:
            why = "stands twice" if head in found else "is filled otherwise"
            raise ContactsError(f"the column {head} {why}", where=place, remedy="leave it out")
        found[head] = at
    return found


def _sorted_out(
    rows: Iterable[tuple[int, Sequence[Cell]]], header: Sequence[Cell], where: Mapping[str, int], today: date
) -> tuple[tuple[NewCustomer, ...], tuple[BadRow, ...]]:
    good: list[NewCustomer] = []
    bad: list[BadRow] = []
    first_row: dict[tuple[str, str], int] = {}
    for number, cells in rows:
        record = {field: cells[at] if at < len(cells) else None for field, at in where.items()}
        if all(cell in (None, "") for cell in cells):
            continue
        try:
            customer = _customer(record, today)
        except _BadCell as error:
            bad.append(BadRow(number, _title(header, where, error.field), error.reason))
            continue
        earlier = first_row.setdefault((customer.name, customer.phone), number)
        if earlier != number:
            bad.append(
                BadRow(number, _title(header, where, "phone"), f"the same customer as in row {earlier}")
            )
            continue
        good.append(customer)
    return tuple(good), tuple(bad)


def _title(header: Sequence[Cell], where: Mapping[str, int], field: str) -> str:
    return str(header[where[field]]).strip()


def _customer(record: Mapping[str, Cell], today: date) -> NewCustomer:
    name = _words(record, "name")
    if not name:
        raise _BadCell("name", "the name is empty")
    phone = _phone(record["phone"])
    return NewCustomer(
        name=name,
        phone=phone.e164,
        phone_kind=_kind(record.get("kind"), phone),
        opened_on=_opened(record.get("opened"), today),
        manager=_words(record, "manager"),
        branch=_words(record, "branch"),
        extension=phone.extension,
        words=tuple(
            (head[1:-1], text) for head in record if SLOT.match(head) and (text := _said(record, head))
        ),
    )


def _said(record: Mapping[str, Cell], head: str) -> str:
    """Words for a slot: no braces, which would be a slot in a slot."""
    text = _words(record, head)
    if set("{}") & set(text):
        raise _BadCell(head, "holds braces")
    return text


def _words(record: Mapping[str, Cell], field: str) -> str:
    text = " ".join(str(record.get(field) or "").split())
    if len(text) > LONGEST:
        raise _BadCell(field, f"longer than {LONGEST} characters")
    if not text.isprintable():
        raise _BadCell(field, "holds characters that cannot be printed")
    return text


def _phone(cell: Cell) -> Phone:
    try:
        return _phone_of_number(cell) if isinstance(cell, int | float) else normalise(str(cell or ""))
    except ValueError as error:
        raise _BadCell("phone", str(error)) from error


def _phone_of_number(number: float) -> Phone:
    """A spreadsheet that took a phone for a number has eaten the 0 of the area code."""
    if not float(number).is_integer():
        raise ValueError(f"{number} is no telephone number")
    digits = int(number)
    try:
        return normalise(str(digits))
    except ValueError:
        return normalise(f"0{digits}")


def _kind(cell: Cell, phone: Phone) -> PhoneKind:
    actual = PhoneKind(phone.kind)
    text = _plain(cell) if cell is not None else ""
    if not text:
        return actual
    said = KINDS.get(text)
    if said is None:
        raise _BadCell("kind", f"{cell} is neither 手机 (mobile) nor 座机 (landline)")
    if said is not actual:
        raise _BadCell("kind", f"says {said}, but the number is a {actual}'s")
    return actual


def _opened(cell: Cell, today: date) -> date | None:
    if cell is None or cell == "":
        return None
    opened = _date(cell)
    if opened is None:
        raise _BadCell("opened", f"{cell} is no date (write 2025-03-08)")
    if opened > today:
        raise _BadCell("opened", f"{opened} lies in the future")
    return opened


def _date(cell: Cell) -> date | None:
    """2025-03-08, 2025/3/8, 2025.3.8, 2025年3月8日, 20250308, a spreadsheet's date or its day number."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and int(cell) in _EXCEL_DAYS:
        return _EXCEL_DAY_0 + timedelta(days=int(cell))
    text = str(cell).strip()
    match = _DATE.match(text) or _PLAIN_DATE.match(text)
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None
