"""What a reviewer sees of what a machine heard: how far it is believed, what else it may have been. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from base.pinyin import syllables
from qa.players import Mark, around
from records.lead_order import Precision, Precisions, of_tier
from records.leads import Lead
from records.post_call import Utterance

SURE, FAIR = 0.8, 0.5
"""Confidence from which a text is not shaded, and shaded lightly."""
UNCLEAR = 0.3
"""Below this a text is rather not read than read."""
MOST_OTHERS = 3
TELLS = 20
"""Verdicts from which a rule's own precision is told; with fewer that of the tier."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript.

    Attributes:
        n: the how manieth.
        sureness: "sure", "fair" or "faint": how it is shaded.
        unclear: whether 听不清 stands in place of the text.
        chars: each character with its second, where it is known.
        leads: those that lie in it.
    """

    n: int
    said: Utterance
    sureness: str
    unclear: bool
    chars: tuple[tuple[str, float], ...]
    leads: tuple[Lead, ...]

    @property
    def around(self) -> str:
        """For `data-loop`."""
        return around(self.said.start_s, self.said.end_s)


@dataclass(frozen=True, slots=True)
class Told:
    """A lead with all that helps to judge it.

    Attributes:
        question: what was asked before it; "" where nothing was.
        heard: the line it lies in; others: what else was held possible, each with its pinyin.
        precision: what such leads were worth here; None where too few were judged.
        per_hundred: the same, of a hundred.
    """

    lead: Lead
    question: str
    heard: str
    others: tuple[tuple[str, str], ...]
    precision: Precision | None

    @property
    def around(self) -> str:
        """For `data-loop`."""
        return around(self.lead.flag.start_s, self.lead.flag.end_s)

    @property
    def per_hundred(self) -> int:
        """Of a hundred such leads, so many were right."""
        return round(100 * self.precision.right / self.precision.judged) if self.precision else 0


def sureness(confidence: float) -> str:
    """Three steps of shading."""
    return "sure" if confidence >= SURE else "fair" if confidence >= FAIR else "faint"


def lines(said: Sequence[Utterance], leads: Sequence[Lead]) -> tuple[Line, ...]:
    """A transcript line by line; `said` by its seconds."""
    return tuple(
        Line(
            n,
            one,
            "sure" if one.party == "system" else sureness(one.confidence),
            one.party != "system" and (not one.text.strip() or one.confidence < UNCLEAR),
            tuple(zip(one.text, one.chars, strict=True)) if len(one.text) == len(one.chars) else (),
            tuple(lead for lead in leads if _lies_in(lead, one)),
        )
        for n, one in enumerate(said)
    )


def told(leads: Sequence[Lead], said: Sequence[Utterance], precisions: Precisions) -> tuple[Told, ...]:
    """Each lead with its surroundings."""
    return tuple(_told(lead, said, precisions) for lead in leads)


def marks(leads: Sequence[Lead]) -> tuple[Mark, ...]:
    """Those that stand, for the outline of the sound."""
    return tuple(
        Mark(
            one.flag.start_s,
            one.flag.end_s,
            one.flag.severity,
            one.flag.category,
            one.flag.why or one.flag.text,
        )
        for one in leads
        if not one.withdrawn_by
    )


def measured(precisions: Precisions, rule: str, tier: str) -> Precision | None:
    """What leads of a rule and tier were worth; of the tier where those are few; None where all are."""
    own = precisions.get((rule, tier), Precision(0, 0))
    whole = of_tier(precisions, tier)
    return next((one for one in (own, whole) if one.judged >= TELLS), None)


def others(one: Utterance) -> tuple[tuple[str, str], ...]:
    """What else may have been said, the likeliest first, with how it sounds."""
    found = sorted(one.held, key=lambda held: held[1], reverse=True)
    texts = list(dict.fromkeys(text for text, _ in found if text and text != one.text))
    return tuple((text, " ".join(syllables(text))) for text in texts[:MOST_OTHERS])


def _told(lead: Lead, said: Sequence[Utterance], precisions: Precisions) -> Told:
    own = next((one for one in said if _lies_in(lead, one)), None)
    asked = [one.text for one in said if one.party != lead.flag.party and one.start_s < lead.flag.start_s]
    return Told(
        lead,
        asked[-1] if asked else "",
        own.text if own else lead.flag.text,
        others(own) if own else (),
        None if lead.by else measured(precisions, lead.flag.rule, lead.flag.tier),
    )


def _lies_in(lead: Lead, one: Utterance) -> bool:
    flag = lead.flag
    return one.party == flag.party and one.start_s < flag.end_s and flag.start_s < one.end_s


def near(found: Sequence[Line], second: float, most: int = 3) -> tuple[Line, ...]:
    """The line at a second with some before and behind it."""
    at = max((line.n for line in found if line.said.start_s <= second), default=0)
    return tuple(line for line in found if abs(line.n - at) <= most)
