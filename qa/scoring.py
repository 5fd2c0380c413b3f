"""From a form to a score. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from base.errors import InputError
from plans.scorecards import Answer, Scorecard, meant_for, result
from qa import asking
from records.scored import FiledCard, NewScore, Score, Violation

_MOST_WORDS = 2000


def by_form(
    form: Mapping[str, str], cards: Sequence[Scorecard], call: int, check: int | None, by: str, now: datetime
) -> tuple[NewScore, FiledCard]:
    """A score, and the card that it was given by.

    Raises:
        InputError: something is missing or cannot be.
    """
    card = next((one for one in cards if one.name == form.get("card", "")), None)
    if card is None:
        raise InputError("there is no such scorecard", where=form.get("card", ""))
    violation = asking.one_of(Violation, form.get("violation", ""))
    if violation is None:
        raise InputError("is not answered", where="whether there is a violation", remedy="choose one")
    words = form.get("words", "").strip()
    if len(words) > _MOST_WORDS:
        raise InputError(f"are more than {_MOST_WORDS} characters", where="the words")
    answers = {one.key: asking.one_of(Answer, form.get(f"item.{one.key}", "")) for one in card.items}
    told = {key: answer for key, answer in answers.items() if answer is not None}
    found = result(card, told)
    kept = {key: answer.value for key, answer in told.items()}
    score = NewScore(call, check, kept, found.total, found.passed, violation, words, by, now)
    return score, FiledCard(card.name, card.version, card.sha256, card.content)


def card_of(score: Score) -> Scorecard:
    """The card as it was when the score was given."""
    return Scorecard.model_validate(score.card.content)


def cards_for(cards: Sequence[Scorecard], kind: str, name: str) -> list[Scorecard]:
    """Cards that a call may be scored by, the most fitting first; that of one name, where it is told.

    Raises:
        InputError: there is none.
    """
    found = [one for one in cards if one.name == name] if name else meant_for(cards, kind)
    if not found:
        raise InputError("there is no scorecard for it", where=name or kind, remedy="huifang scorecard list")
    return found
