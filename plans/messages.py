"""Messages that are due after an event, such as those to new customers (C5). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from base.calendar import Calendar
from plans.paperwork import Message
from plans.periods import last_day
from records.people import Event


@dataclass(frozen=True, slots=True)
class DueMessage:
    """One message to one customer; `occasion` says which: a customer gets it once."""

    customer_id: int
    occasion: str
    due_by: date
    words: str


def due_messages(
    messages: Iterable[Message], events: Iterable[Event], today: date, calendar: Calendar
) -> Iterator[DueMessage]:
    """What is due, late ones too; of several after an event each waits until the one before was due."""
    wanted = list(messages)
    for event in events:
        before = event.on
        terms = [(last_day(one.within, event.on, calendar), one) for one in wanted if one.upon is event.kind]
        for n, (by, message) in enumerate(sorted(terms, key=lambda term: term[0]), start=1):
            if before <= today:
                yield DueMessage(event.customer_id, f"event {event.id} message {n}", by, message.says)
            before = by
