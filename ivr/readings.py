"""What is said at a question that asks for a number, a day or a time; and how it is said back."""

from __future__ import annotations

from datetime import date, datetime

from ivr import digits
from ivr.hearing import Heard
from ivr.keying import ANY
from ivr.meaning import likeliest
from ivr.proposing import allowed
from ivr.script import Ask
from ivr.state import State
from ivr.times import Clear, parse, parse_date
from ivr.times_spoken import day_phrases, spoken, spoken_date, time_phrases
from ivr.values import Answer, Line, Said

SURE = 1.0


def read(state: State, node: Ask, said: Said) -> Answer | None:
    """The answer that was named; None when there is none, or more than one."""
    text, now = said.heard.text, state.clock(said.end_s)
    match node.answer:
        case "number":
            wanted = node.digits or ANY
            number = digits.digits(text, wanted.least, wanted.most)
            return _answer(state, said, number, number) if number is not None else None
        case "date":
            day = _day(text, now) or likeliest_day(said.heard, now)
            return _answer(state, said, day.isoformat(), _dated(day)) if day else None
        case "date_time":
            wish = parse(text, now)
            at = wish.at if isinstance(wish, Clear) else likeliest_time(said.heard, now)
            return _time(state, said, allowed(state, at) if node.appoints else at) if at else None
        case _:
            return None


def likeliest_time(heard: Heard, now: datetime, on: date | None = None) -> datetime | None:
    """The time that fits the sound, where the words name none clearly. `on`: as in `parse`."""

    def named(phrase: str) -> datetime | None:
        wish = parse(phrase, now, on)
        return wish.at if isinstance(wish, Clear) else None

    return likeliest(heard, named)


def likeliest_day(heard: Heard, now: datetime) -> date | None:
    """The day that fits the sound, where the words name none clearly."""
    return likeliest(heard, lambda phrase: _day(phrase, now))


def phrases(kind: str) -> tuple[str, ...]:
    """What may be said at a question that asks for a day or a time, as far as it can be listed."""
    return {"date": day_phrases, "date_time": time_phrases}.get(kind, tuple)()


def pieces(node: Ask, answer: Answer, now: datetime) -> tuple[Line, ...] | None:
    """An answer to say back, in pieces that are rendered once; None when it lies beyond what can be said."""
    match node.answer:
        case "number":
            return digits.pieces(answer.value)
        case "date":
            return spoken_date(date.fromisoformat(answer.value), now)
        case _:
            return spoken(datetime.fromisoformat(answer.value), now)


def _day(text: str, now: datetime) -> date | None:
    day = parse_date(text, now)
    return day if isinstance(day, date) else None


def _time(state: State, said: Said, at: datetime) -> Answer:
    words = spoken(at, state.now)
    label = "".join(piece.wording for piece in words) if words else f"{_dated(at)}{at:%H:%M}"
    return _answer(state, said, at.isoformat(), label)


def _dated(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _answer(state: State, said: Said, value: str, label: str) -> Answer:
    return Answer(state.node, value, label, "speech", said.heard.text, SURE, said.start_s, said.end_s)
