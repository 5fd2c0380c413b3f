"""What a conversation leaves behind: answers, outcome, points, and which kinds are done (P9, D7)."""

from __future__ import annotations

from ivr import scoring
from ivr.state import OPEN, State
from ivr.values import Outcome, Result


def result(state: State) -> Result:
    """The result; before the conversation's end, as if it broke off here."""
    outcome = state.outcome or Outcome.HUNG_UP
    points = scoring.score(state.script, state.answers)
    return Result(
        outcome=outcome,
        owner_confirmed=state.owner,
        answers=state.answers,
        appointment=state.appointment,
        unwilling=state.unwilling,
        notes=state.notes,
        mandatory_done=outcome is Outcome.COMPLETED and state.owner and not _open(state),
        kinds_done=tuple(kind for kind in state.script.sections if _done(state, kind)),
        score=points,
        band=scoring.band(state.script, points),
    )


def _open(state: State) -> set[str]:
    """Mandatory questions that were asked and have no answer (P9)."""
    answered = {answer.question for answer in state.answers if answer.value not in OPEN}
    return set(state.asked) - answered


def _done(state: State, kind: str) -> bool:
    """The owner was asked all of a kind's questions, and answered the mandatory ones."""
    ends = state.script.section_ends
    over = kind in state.passed if kind in ends else state.outcome is Outcome.COMPLETED
    return over and state.owner and _open(state).isdisjoint(state.script.sections[kind])
