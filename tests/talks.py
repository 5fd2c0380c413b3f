"""Conversations generated from a script: every question is reached once, and talks branch off from there.

A session is a value, so that thousands of talks share their beginnings. Replies: a digit is a key, ""
silence, "/hangs up/" the customer's BYE, anything else is said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from ivr.asking import choices
from ivr.hearing import Heard
from ivr.loader import load
from ivr.script import Ask, Script
from ivr.session import Session
from ivr.understanding import Choice
from ivr.values import (
    Action,
    CustomerHungUp,
    Happening,
    Hold,
    Listen,
    Play,
    PlayEnded,
    Pressed,
    Result,
    Said,
    Silence,
)
from tests.conversations import HANGS_UP, NOW, SILENT, example_slots

SCRIPTS = Path(__file__).parents[1] / "config" / "scripts"
LONGEST = 130
"""Prompts after which a talk that has not ended never will."""


@cache
def script_of(name: str) -> Script:
    """A shipped script."""
    return load(SCRIPTS / f"{name}.yaml")


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation up to a question that listens, or to its end; what was said on the way."""

    session: Session
    actions: tuple[Action, ...]
    said: tuple[tuple[str, str], ...] = ()
    leaked: tuple[str, ...] = ()

    @classmethod
    def begin(
        cls,
        script: Script,
        slots: Mapping[str, str] = MappingProxyType({}),
        *,
        landline: bool = False,
        apologise: bool = False,
        transfers: frozenset[str] = frozenset(),
    ) -> Talk:
        """A talk at its first question; a slot that is "" is missing."""
        given = example_slots(script, **slots)
        session, actions = Session.begin(
            script, given, NOW, landline=landline, apologise=apologise, transfers=transfers
        )
        return cls(session, actions)._on()

    @property
    def result(self) -> Result:
        """How it ended, or stands."""
        return self.session.result()

    @property
    def values(self) -> dict[str, str]:
        """Answers by question."""
        return {answer.question: answer.value for answer in self.result.answers}

    @property
    def nodes(self) -> list[str]:
        """The nodes that spoke, in order."""
        return list(dict.fromkeys(node for node, _ in self.said))

    @property
    def wording(self) -> str:
        """All that was said."""
        return "\n".join(wording for _, wording in self.said)

    def on(self, *replies: str) -> Talk:
        """After these replies; what comes after the end is not heard any more."""
        talk = self
        for reply in replies:
            if talk.session.over:
                break
            talk = talk._step(_happening(reply, float(len(talk.said))))._on()
        return talk

    def to_end(self, replies: Mapping[str, str] | None = None, other: str = SILENT) -> Talk:
        """To the end, answering by question, `other` where nothing is named; what is said back is right."""
        talk = self
        while not talk.session.over and len(talk.said) < LONGEST:
            state = talk.session.state
            agreed = state.proposed is not None or state.pending is not None
            talk = talk.on("对的" if agreed else (replies or {}).get(state.node, other))
        return talk

    def _step(self, happening: Happening) -> Talk:
        session, actions = self.session.step(happening)
        return Talk(session, actions, self.said, self.leaked)

    def _on(self) -> Talk:
        """Through all that is only said, to the next question or the end."""
        talk = self
        while talk.actions and not isinstance(talk.actions[0], Listen):
            (action,) = talk.actions
            at_s = float(len(talk.said))
            if isinstance(action, Play):
                talk = talk._told(action)._step(PlayEnded(at_s))
            elif isinstance(action, Hold):
                talk = talk._step(Silence(at_s))
            else:
                break
        return talk

    def _told(self, play: Play) -> Talk:
        words = "".join(line.wording for line in play.lines)
        private = () if self.result.owner_confirmed else (one.wording for one in play.lines if one.private)
        return Talk(self.session, self.actions, (*self.said, (play.node, words)), (*self.leaked, *private))


def _happening(reply: str, at_s: float) -> Happening:
    if reply == HANGS_UP:
        return CustomerHungUp(at_s)
    if reply == SILENT:
        return Silence(at_s)
    if len(reply) == 1 and reply in "0123456789*#":
        return Pressed(reply, at_s)
    return Said(Heard(reply), at_s, at_s + 1)


@dataclass(frozen=True, slots=True)
class Case:
    """A question as some call comes to it. `talk`: up to there."""

    script: str
    question: str
    talk: Talk = field(repr=False)

    @property
    def node(self) -> Ask:
        """The question."""
        node = self.talk.session.state.at
        assert isinstance(node, Ask)
        return node

    @property
    def owner(self) -> bool:
        """Whether it is the confirmed owner who is asked."""
        return self.talk.result.owner_confirmed

    def __str__(self) -> str:
        """For the list of tests."""
        return f"{self.script}-{self.question}"

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All that may be meant here."""
        state = self.talk.session.state
        return choices(state.script, self.question, state.values)

    def phrases(self, option: str) -> tuple[str, ...]:
        """What is heard for an option, as it is said."""
        heard = next(one for one in self.choices if one.name == option)
        return tuple(phrase.lstrip("=") for phrase in heard.phrases)

    def replies(self) -> Iterator[str]:
        """One reply for every way on: a key where there is one."""
        for name, option in self.node.options.items():
            yield option.key or self.phrases(name)[0]
        yield "请讲"


@cache
def cases(name: str) -> tuple[Case, ...]:
    """Every question of a script that answers lead to, each once, on a shortest way."""
    found: dict[str, Case] = {}
    queue = deque(Talk.begin(script_of(name), landline=landline) for landline in (False, True))
    while queue:
        talk = queue.popleft()
        question = talk.session.node
        if talk.session.over or question in found or not isinstance(talk.session.state.at, Ask):
            continue
        case = found[question] = Case(name, question, talk)
        queue += [talk.on(reply) for reply in case.replies()]
    return tuple(found.values())
