"""What was said as subtitles: SubRip (SRT) and WebVTT, with speakers. Pure.

Long turns are cut where a line would grow too long, at the seconds of their characters where those are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from papers.telling import party
from records.post_call import Utterance

LONGEST = 30
"""Characters of one subtitle."""
SHORTEST_S = 0.5


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle; seconds."""

    start_s: float
    end_s: float
    speaker: str
    text: str


def cues(said: Iterable[Utterance]) -> tuple[Cue, ...]:
    """Subtitles in the order of their seconds."""
    cut = (one for utterance in said if utterance.text for one in _cut(utterance))
    return tuple(sorted(cut, key=lambda one: (one.start_s, one.end_s)))


def srt(said: Iterable[Utterance]) -> str:
    """SubRip: numbered, with a comma before the milliseconds."""
    return "\n".join(
        f"{n}\n{_clock(one.start_s, ',')} --> {_clock(one.end_s, ',')}\n{one.speaker}：{_line(one.text)}\n"
        for n, one in enumerate(cues(said), 1)
    )


def vtt(said: Iterable[Utterance]) -> str:
    """WebVTT (W3C): speakers are voice spans."""
    return "WEBVTT\n" + "".join(
        f"\n{_clock(one.start_s, '.')} --> {_clock(one.end_s, '.')}\n"
        f"<v {escape(one.speaker, quote=False)}>{escape(_line(one.text), quote=False)}</v>\n"
        for one in cues(said)
    )


def _cut(said: Utterance) -> Iterator[Cue]:
    """Pieces of about the same length."""
    size = len(said.text)
    count = -(-size // LONGEST)
    bounds = [round(n * size / count) for n in range(count + 1)]
    for start, end in pairwise(bounds):
        begun, over = _at(said, start), _at(said, end)
        yield Cue(begun, max(over, begun + SHORTEST_S), party(said.party), said.text[start:end])


def _at(said: Utterance, char: int) -> float:
    """The second of a character; by its share of the turn where that is not known."""
    if char == 0:
        return said.start_s
    if char < len(said.chars) == len(said.text):
        return said.chars[char]
    return said.start_s + (said.end_s - said.start_s) * char / len(said.text)


def _clock(at_s: float, point: str) -> str:
    millis = round(max(0.0, at_s) * 1000)
    seconds, millis = divmod(millis, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{millis:03d}"


def _line(text: str) -> str:
    """On one line: an empty one would end the subtitle."""
    return " ".join(text.split())
