"""Where a conversation stands, as a frozen value; small changes of it. Nothing here has a clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from ivr import lines
from ivr.script import Appoint, Ask, Node, Script, Ways
from ivr.values import Action, Answer, Hangup, Line, Outcome, Play, Unwilling

ENOUGH, ENOUGH_PER_NODE = 120, 2
"""Moves after which a conversation is brought to its end, and more for each node: an ordinary one has 50."""
MOST_MISSES = 3
"""Failures after which nothing more is said back for a yes: a person finds out."""

NOT_UNDERSTOOD, NO_ANSWER, DECLINED = "not_understood", "no_answer", "declined"
"""Values of a question that stayed unanswered."""
OPEN = {NOT_UNDERSTOOD: "没有听懂", NO_ANSWER: "没有回答", DECLINED: "不愿回答"}
"""The same, as people read them."""


class Phase(StrEnum):
    """What is going on at the present node."""

    SAYING = "saying"
    ASKING = "asking"
    LISTENING = "listening"
    HOLDING = "holding"
    TRANSFERRING = "transferring"
    STANDING_BY = "standing_by"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class State:
    """A conversation between two happenings.

    Attributes:
        values: slots that have a text.
        now: business time when the conversation began.
        open_windows: gives the first time, not before a wished one, at which calling is allowed.
        misses, silences: how often at this node nothing fitting, nothing came.
        asides: how often what does not answer it: a counter-question, a `#` that ends nothing.
        proposed: the appointment that waits for the customer's yes.
        denied, ruled_out: those that the customer said no to; those to which by key.
        doubted: the one to which something was said that was no clear yes or no.
        day: the day that was named for it, whose hour is not known yet.
        pending: the answer that does.
        keyed: keys pressed so far for one answer; the one by which the proposed time was chosen.
        owner: the right party is confirmed (A2).
        asked: mandatory questions asked so far.
        passed: kinds of follow-up whose questions are over (D7).
        moves: nodes entered and prompts said so far.
        transfers: groups of people of whom somebody could take the call.
    """

    script: Script
    values: Mapping[str, str]
    now: datetime
    landline: bool
    apologise: bool
    open_windows: Callable[[datetime], datetime] | None
    node: str = ""
    phase: Phase = Phase.SAYING
    misses: int = 0
    silences: int = 0
    asides: int = 0
    proposed: datetime | None = None
    denied: tuple[datetime, ...] = ()
    ruled_out: tuple[datetime, ...] = ()
    doubted: datetime | None = None
    day: date | None = None
    pending: Answer | None = None
    keyed: str = ""
    owner: bool = False
    asked: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    notes: tuple[str, ...] = ()
    unwilling: Unwilling | None = None
    appointment: datetime | None = None
    outcome: Outcome | None = None
    moves: int = 0
    transfers: frozenset[str] = frozenset()

    @property
    def at(self) -> Node:
        """The present node."""
        return self.script.nodes[self.node]

    @property
    def ways(self) -> Ways:
        """The ways that hold now, by whether the owner is confirmed."""
        return self.script.ways.with_owner if self.owner else self.script.ways.before_owner

    @property
    def goes_round(self) -> bool:
        """Whether more has happened than a conversation can take."""
        return self.moves > ENOUGH + ENOUGH_PER_NODE * len(self.script.nodes)

    def clock(self, at_s: float) -> datetime:
        """Business time at a second of the recording."""
        return self.now + timedelta(seconds=at_s)

    def line(self, variant: str, wording: str) -> Line:
        """A prompt of the present node."""
        return lines.line(self.script, self.values, self.node, variant, wording, public=self.at.public)

    def at_node(self, name: str) -> State:
        """At the beginning of a node; some kinds' questions may be over there.

        Where it is asked (again) who speaks, that is open until it is answered (A2).
        """
        node = self.script.nodes[name]
        over = [kind for kind, end in self.script.section_ends.items() if end == name and self.owner]
        return replace(
            self,
            node=name,
            misses=0,
            silences=0,
            asides=0,
            proposed=None,
            denied=(),
            ruled_out=(),
            doubted=None,
            day=None,
            pending=None,
            keyed="",
            owner=self.owner and not (isinstance(node, Ask) and node.confirms_owner),
            passed=tuple(dict.fromkeys((*self.passed, *over))),
            moves=self.moves + 1,
        )

    def put_aside(self) -> State:
        """With one more happening that neither answers the question nor misses it."""
        return replace(self, asides=self.asides + 1)

    def filed(self, answer: Answer) -> State:
        """With an answer; an earlier one to the same question goes."""
        kept = tuple(other for other in self.answers if other.question != answer.question)
        return replace(self, answers=(*kept, answer))

    def noted(self, *notes: str) -> State:
        """With notes for people, each once."""
        return replace(self, notes=tuple(dict.fromkeys((*self.notes, *notes))))


def said_back(state: State, node: Appoint | Ask, pieces: tuple[Line, ...]) -> tuple[Line, ...]:
    """A time or answer said back; where something was not understood, before it which keys agree."""
    words = lines.around(state.script, state.values, state.node, node, pieces)
    return (state.line("agree", node.agree), *words) if node.agree and state.misses else words


Move = tuple[State, tuple[Action, ...]]
"""What a happening leads to: the next state, and at most one thing to do."""


def play(state: State, said: tuple[Line, ...], phase: Phase, *, barge_in: bool = False) -> Move:
    """Say lines; nothing private before the owner is confirmed, whatever the script says (A2)."""
    if not state.owner and any(line.private for line in said):
        return hang_up(replace(state, outcome=Outcome.WRONG_PARTY))
    return replace(state, phase=phase, moves=state.moves + 1), (Play(state.node, said, barge_in),)


def hang_up(state: State) -> Move:
    """End the call."""
    return replace(state, phase=Phase.OVER, outcome=state.outcome or Outcome.HUNG_UP), (Hangup(),)
