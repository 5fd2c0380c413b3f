"""What a far end saw and did: the messages that passed there, with its own clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Seen:
    """One message at the far end: `what` is a method or a status, `mark` tells retransmissions apart."""

    at: float
    received: bool
    what: str
    mark: str


class Standing(Protocol):
    """A far end that can be called now."""

    @property
    def port(self) -> int:
        """Its SIP port on 127.0.0.1."""
        ...

    def seen(self) -> list[Seen]:
        """All messages so far; empty for one that does not tell."""
        ...


def story(seen: list[Seen]) -> str:
    """What came in, in order: "INVITE ACK BYE". Without retransmissions and provisional responses."""
    marks: set[tuple[str, str]] = set()
    words: list[str] = []
    for one in seen:
        if one.received and not one.what.startswith("1") and (one.what, one.mark) not in marks:
            marks.add((one.what, one.mark))
            words.append(one.what)
    return " ".join(words)


def seconds_between(seen: list[Seen], first: str, last: str) -> float:
    """From the first message `first` that was sent to the first `last` that came in.

    Raises:
        StopIteration: one of them never passed.
    """
    start = next(one.at for one in seen if not one.received and one.what == first)
    return next(one.at for one in seen if one.received and one.what == last) - start
