"""What is to be kept of customers, as a file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from records.model import NewCustomer


@dataclass(frozen=True, slots=True)
class FurtherPhone:
    """A number beside the one that is called first; `use` says whose or where."""

    phone: str
    phone_kind: str
    extension: str = ""
    use: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who may speak for an institution."""

    name: str
    phone: str
    phone_kind: str
    extension: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """What a file says of one customer: what it says nothing of stays as it is kept.

    Attributes:
        values: by column of the table `customer`. The account says who it is, or else name and phone. Of
            `details` an empty one takes away what was kept, and others stay.
        phones, contacts: in place of those kept; None: the file says nothing of them.
    """

    values: Mapping[str, Any]
    phones: tuple[FurtherPhone, ...] | None = None
    contacts: tuple[Contact, ...] | None = None


def row_of(one: NewCustomer) -> CustomerRow:
    """Somebody known by name and phone."""
    values = {
        "name": one.name,
        "phone": one.phone,
        "phone_kind": one.phone_kind.value,
        "opened_on": one.opened_on,
        "manager": one.manager,
        "branch": one.branch,
        "extension": one.extension,
        "words": [list(pair) for pair in one.words],
    }
    return CustomerRow(values)
