"""Whether a conversation ended as it should: what was filed against what was meant. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huifang.drill.talk_plan import Talk
from ivr.state import OPEN
from ivr.values import Outcome
from records.report import AttemptReport, CustomerReport
from softphone.call_log import CallRecord
from softphone.intents import ONCE, STRANGERS

UNHEARD = Outcome.UNHEARD.value


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that was filed and not meant."""

    question: str
    meant: str
    filed: str
    heard: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one conversation.

    Attributes:
        expected, got: dispositions of its answered calls, one after the other.
        right: answers filed as meant; open: questions that stayed unanswered against the customer's will; not
            those about who is speaking, if the next one found that out, nor what a stranger did not know.
        again: how often the customer had to say something once more; not in a call that was given up.
        unlike: what else was to come of it and did not: an appointment, a note.
        seconds: how long was talked.
    """

    script: str
    persona: str
    intent: str
    at: str
    noise: str
    expected: tuple[str, ...]
    got: tuple[str, ...]
    right: int
    open: tuple[str, ...]
    again: int
    wrong: tuple[Wrong, ...]
    unlike: tuple[str, ...]
    seconds: float
    recordings: tuple[str, ...]

    @property
    def ended_well(self) -> bool:
        """Whether it ended as it should; a call amid noise may be given up, if the next one is not."""
        got = self.got
        if self.noise and UNHEARD in got:
            at = got.index(UNHEARD)
            got = got[:at] + got[at + 1 :]
        return self.expected == got and not self.unlike

    @property
    def alone(self) -> bool:
        """Whether no person is needed because somebody was not understood."""
        return self.ended_well and not self.open


def judge(talk: Talk, customer: CustomerReport | None, calls: Sequence[CallRecord]) -> Verdict:
    """One conversation: what was planned, what is on record, what the phone did."""
    attempts = tuple(one for one in customer.attempts if one.talked_s > 0) if customer else ()
    last = attempts[-1] if attempts else None
    meant = {**talk.beside, **{one.question: one.value for one in talk.walk.expected.answers}}
    filed = {one.question: one for one in last.answers} if last else {}
    made_up_for = _made_up_for(talk, last)
    return Verdict(
        script=talk.script,
        persona=talk.persona.id,
        intent=talk.walk.intent,
        at=talk.walk.at,
        noise=talk.persona.noise.name if talk.persona.noise else "",
        expected=talk.dispositions,
        got=tuple(one.disposition for one in customer.attempts) if customer else (),
        right=sum(meant.get(question) == one.value for question, one in filed.items()),
        open=tuple(
            question
            for question, one in filed.items()
            if one.value in OPEN and meant.get(question) != one.value and question not in made_up_for
        ),
        again=max(0, _turns(calls[-len(talk.dispositions) :]) - talk.walk.turns),
        wrong=tuple(
            Wrong(question, meant.get(question, ""), one.value, one.heard)
            for question, one in filed.items()
            if one.value not in ("", *OPEN) and meant.get(question) != one.value
        ),
        unlike=tuple(_unlike(talk, customer, last)),
        seconds=round(sum(one.talked_s for one in attempts), 1),
        recordings=tuple(one.recording for one in attempts),
    )


def _made_up_for(talk: Talk, last: AttemptReport | None) -> frozenset[str]:
    """Questions that may stay open: who is speaking, once that is known; what a stranger did not know."""
    if last is None:
        return frozenset()
    if talk.walk.intent in STRANGERS and last.disposition == Outcome.WRONG_PARTY:
        return frozenset(answer.question for answer in last.answers)
    return talk.owning if last.owner_confirmed else frozenset()


def _unlike(talk: Talk, customer: CustomerReport | None, last: AttemptReport | None) -> list[str]:
    expected = talk.walk.expected
    unlike = []
    if last is None or customer is None:
        return ["no call"]
    if expected.appointment and (not customer.appointment or customer.due_at != expected.appointment):
        unlike.append(f"appointment {customer.due_at}, meant {expected.appointment:%m-%d %H:%M}")
    if talk.walk.intent not in ONCE:
        unlike += [f"no note {note}" for note in sorted(set(expected.notes) - set(last.notes))]
    return unlike


def _turns(calls: Sequence[CallRecord]) -> int:
    """How often the phone said or pressed something."""
    return sum(bool(turn.said or turn.pressed) for call in calls for turn in call.turns)
