"""The phone's own account of its calls: one JSON line per call, the witness of what a dialer did (D1)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing heard or done.

    Attributes:
        at_s: seconds since the answer.
        heard: what the recogniser made of the caller's sentence ("" for a turn of our own).
        question: the question it was taken for, "" for none; distance: how far off by sound (0 to 1).
        said, pressed: what the phone did.
    """

    at_s: float
    heard: str = ""
    question: str = ""
    distance: float | None = None
    said: str = ""
    pressed: str = ""


@dataclass(slots=True)
class CallRecord:
    """One call at the phone. Times are machine time in seconds since 1970; None for what never happened.

    Attributes:
        ringing_at: our 180 left; cancel_at: the caller gave up before an answer (its CANCEL came).
        rang_s: seconds between the two, or until the answer or refusal; None when it never rang.
        ended_by: "phone", "caller" or "failure".
    """

    number: str
    persona: str
    call_id: str
    invite_at: float
    ringing_at: float | None = None
    answered_at: float | None = None
    cancel_at: float | None = None
    ended_at: float | None = None
    rang_s: float | None = None
    ended_by: str = ""
    turns: list[Turn] = field(default_factory=list)

    def line(self) -> str:
        """The record as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def append(path: Path, record: CallRecord) -> None:
    """Add a record to the log file; a line is written in one piece."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(record.line() + "\n")


def read(path: Path) -> list[CallRecord]:
    """The records of a log file, oldest first; none when no call has come yet."""
    if not path.exists():
        return []
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [CallRecord(**{**row, "turns": [Turn(**turn) for turn in row["turns"]]}) for row in rows]
