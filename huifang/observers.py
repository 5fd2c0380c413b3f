"""Views of calls under way: one line per attempt that ended, for people or for machines."""

from __future__ import annotations

import json
from collections.abc import Callable

from base.phones import masked
from dialer.watching import CallEvent, Stage

Write = Callable[[str], None]


class PlainLines:
    """One sentence per ended attempt; the middle of the number is hidden."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def on(self, event: CallEvent) -> None:
        """Say how the attempt ended and what follows."""
        if event.stage is not Stage.ENDED:
            return
        self._write(
            f"{event.at:%H:%M:%S} {event.campaign}: {event.customer} {masked(event.phone)}, "
            f"attempt {event.n} {event.disposition}, {_following(event)}"
        )


class JsonLines:
    """One JSON object per ended attempt and line."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def on(self, event: CallEvent) -> None:
        """Write the facts of an ended attempt."""
        if event.stage is not Stage.ENDED:
            return
        facts = {
            "at": event.at.isoformat(),
            "campaign": event.campaign,
            "customer_id": event.customer_id,
            "attempt_id": event.attempt_id,
            "n": event.n,
            "disposition": event.disposition,
            "outcome": event.outcome,
            "closed": event.closed,
            "next_due": event.next_due.isoformat() if event.next_due else None,
        }
        self._write(json.dumps(facts, ensure_ascii=False))


def _following(event: CallEvent) -> str:
    if event.closed:
        return f"closed as {event.outcome}"
    return f"next at {event.next_due:%Y-%m-%d %H:%M:%S}" if event.next_due else "open"
