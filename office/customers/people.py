"""From what a row's cells say to a customer, an event, a relation, one of the firm's people. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from base.phones import Phone
from office.customers.fields import DETAILS
from office.customers.rows import RowReader, Said
from papers.words import PHONE_KINDS
from records.customer_rows import Contact, CustomerRow, FurtherPhone
from records.people import ClientKind, Event, EventKind, Staff

T = TypeVar("T")

Making = Callable[[RowReader, Said], T]
"""Puts a row together, adding to `wrong` what is wrong with it as a whole: then its value does not count."""

Key = tuple[object, ...]
"""Of what two rows of one file must not both speak."""

_STAFF = ("introducer", "opened_by", "signed_by")


@dataclass(frozen=True, slots=True)
class EventRow:
    """What happened to a customer, who is known by `who`: account, or name and phone."""

    who: CustomerRow
    kind: EventKind
    on: date
    by_on: date | None
    by: str
    words: str

    def event(self, customer_id: int) -> Event:
        """The event, of the customer that it was found to be."""
        return Event(0, customer_id, self.kind, self.on, self.by_on, self.by, self.words)


@dataclass(frozen=True, slots=True)
class Names:
    """Staff numbers by names that only one of the firm's people has."""

    numbers: Mapping[str, str]

    def number(self, written: str) -> str:
        """The number of who is written by name; else what is written."""
        return self.numbers.get(written, written)


def customer_of(names: Names, today: date) -> Making[CustomerRow]:
    """Rows of customers."""

    def make(reader: RowReader, said: Said) -> CustomerRow:
        contacts = _contacts(reader, said)
        values = _who(reader, said, contacts)
        values |= _staff_of(reader, said, names)
        if reader.has_slots:
            values["words"] = said.words
        _check_days(reader, values, said, today)
        further = _further(said) if reader.has("phone") and said.phones else None
        return CustomerRow(values, further, contacts if reader.has("contact", "contact_phone") else None)

    return make


def _staff_of(reader: RowReader, said: Said, names: Names) -> dict[str, str]:
    """Staff numbers, of names too where only one of the firm's people has them."""
    found = {key: names.number(said.values[key]) for key in _STAFF if key in said.values}
    if reader.has("manager", "manager_no"):
        number = said.values.get("manager_no", "")
        found["manager_no"] = names.number(number) or names.numbers.get(said.values.get("manager", ""), "")
    return found


def strangers(rows: Iterable[CustomerRow], firm: frozenset[str]) -> frozenset[str]:
    """Whom A1 would keep off a customer in vain: named as of the firm, and none of its people.

    Introducers need not be of the firm. `firm`: its staff numbers.
    """
    return frozenset(one for row in rows for one in _of_the_firm(row) if one and one not in firm)


def _of_the_firm(row: CustomerRow) -> Iterator[str]:
    values = row.values
    yield values.get("manager_no") or values.get("manager", "")
    yield values.get("opened_by", "")
    yield values.get("signed_by", "")


def customer_key(row: CustomerRow) -> Key:
    """The account, or name and phone."""
    account = row.values.get("account")
    return (account,) if account else (row.values.get("name"), row.values.get("phone"))


def event_of(today: date) -> Making[EventRow]:
    """Rows of events; what is still to come has not happened."""

    def make(reader: RowReader, said: Said) -> EventRow:
        values = said.values
        who = {key: value for key, value in _who(reader, said, ()).items() if key in _IDENTITY}
        if values["on"] is None:
            said.wrong.append(reader.wrong("日期为空", "on"))
        elif values["on"] > today:
            said.wrong.append(reader.wrong(f"{values['on']} 在今天之后", "on"))
        elif values.get("by_on") and values["by_on"] < values["on"]:
            said.wrong.append(reader.wrong("完成期限早于日期", "by_on"))
        more = values.get("by_on"), values.get("by", ""), values.get("words", "")
        return EventRow(CustomerRow(who), values["event"], values["on"], *more)

    return make


_IDENTITY = frozenset({"account", "name", "phone"})


def event_key(row: EventRow) -> Key:
    """Customer, kind, day and who ordered it."""
    return (*customer_key(row.who), row.kind, row.on, row.by)


def staff(reader: RowReader, said: Said) -> Staff:
    """Rows of the firm's people."""
    for key, title in (("number", "工号"), ("name", "姓名")):
        if not said.values[key]:
            said.wrong.append(reader.wrong(f"{title}为空", key))
    return Staff(**said.values)


def staff_key(row: Staff) -> Key:
    """The number."""
    return (row.number,)


def _who(reader: RowReader, said: Said, contacts: tuple[Contact, ...]) -> dict[str, Any]:
    """All that the cells say, with the phone that is called first; who it is must be said."""
    values = {key: value for key, value in said.values.items() if key not in DETAILS}
    if reader.has(*_DETAIL_FIELDS):
        values["details"] = {key: said.values[key] for key in DETAILS if key in said.values}
    for key in ("account", "name"):
        if not values.get(key):
            values.pop(key, None)
    values |= _first(values, said, contacts)
    if "account" not in values:
        if "name" not in values:
            said.wrong.append(reader.wrong("姓名为空", "name", "account"))
        if "phone" not in values:
            said.wrong.append(reader.wrong("电话为空", "phone", "account"))
    _check_kind(reader, values, said)
    return values


_DETAIL_FIELDS = ("id_number", *DETAILS)


def _first(values: Mapping[str, Any], said: Said, contacts: tuple[Contact, ...]) -> dict[str, Any]:
    """The phone that is called first: the customer's own, else an institution's contact's."""
    if said.phones:
        return _phone(said.phones[0][0])
    if contacts and values.get("client") == ClientKind.INSTITUTION:
        one = contacts[0]
        return {"phone": one.phone, "phone_kind": one.phone_kind, "extension": one.extension}
    return {}


def _phone(phone: Phone) -> dict[str, Any]:
    return {"phone": phone.e164, "phone_kind": phone.kind, "extension": phone.extension}


def _further(said: Said) -> tuple[FurtherPhone, ...]:
    """Numbers beside the first, each once."""
    first = said.phones[0][0].e164
    others = {
        phone.e164: FurtherPhone(phone.e164, phone.kind, phone.extension, title)
        for phone, title in reversed(said.phones[1:])
        if phone.e164 != first
    }
    return tuple(reversed(others.values()))


def _check_kind(reader: RowReader, values: dict[str, Any], said: Said) -> None:
    """What the file says of the number must be so; of no number it says nothing."""
    claimed = said.values.get("phone_kind")
    if "phone" not in values:
        values.pop("phone_kind", None)
    elif claimed and claimed != values["phone_kind"]:
        what = f"写的是{PHONE_KINDS[claimed]}，号码却是{PHONE_KINDS[values['phone_kind']]}"
        said.wrong.append(reader.wrong(what, "type"))


def _contacts(reader: RowReader, said: Said) -> tuple[Contact, ...]:
    found: dict[tuple[str, str], Contact] = {}
    for one in said.contacts.values():
        name, phones = one.get("name", ""), one.get("phones", ())
        if phones and not name:
            said.wrong.append(reader.wrong("有电话的联系人没有姓名", "contact", "contact_phone"))
        for phone in phones:
            contact = Contact(name, phone.e164, phone.kind, phone.extension, one.get("post", ""))
            found.setdefault((name, phone.e164), contact)
    return tuple(found.values())


def _check_days(reader: RowReader, values: Mapping[str, Any], said: Said, today: date) -> None:
    opened, closed = values.get("opened_on"), values.get("closed_on")
    since, until = values.get("adviser_since"), values.get("adviser_until")
    if opened and opened > today:
        said.wrong.append(reader.wrong(f"{opened} 在今天之后", "opened_on"))
    if opened and closed and closed < opened:
        said.wrong.append(reader.wrong("销户早于开户", "closed_on"))
    if since and until and until < since:
        said.wrong.append(reader.wrong("合同到期早于签约", "adviser_until", "contract"))
