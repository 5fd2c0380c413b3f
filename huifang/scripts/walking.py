"""Random rehearsals: thousands of conversations, each of which must come to a proper end. Pure."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from huifang.scripts.guests import TEMPERS, Guest, Vocabulary
from ivr.script import Branch, End, HandOver, Note, Script, targets
from ivr.session import Session
from ivr.values import (
    Action,
    AgentLeft,
    CustomerHungUp,
    Happening,
    Hold,
    Listen,
    NotTransferred,
    Play,
    PlayEnded,
    Silence,
    Slots,
    StandBy,
    Transfer,
    Transferred,
)

NOBODY = ("nobody_free", "nobody_took_it")
"""Why nobody takes a call over."""

MOST_TURNS = 600
"""Happenings after which a conversation is taken to go on for ever."""

Progress = Callable[[int, int], None]
"""Called with how many walks are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One conversation. `flaw`: why its end is none; "" for a proper one. `nodes`: all it came through."""

    outcome: str
    nodes: frozenset[str]
    turns: int
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Walks:
    """Many conversations.

    Attributes:
        outcomes: how many ended in each way. flaws: how many ended improperly, by why.
        visits: in how many of them a node was come to. unvisited: nodes that none came to.
    """

    walks: int
    seed: int
    turns: int
    outcomes: dict[str, int]
    flaws: dict[str, int]
    visits: dict[str, int]
    unvisited: tuple[str, ...]

    @property
    def failed(self) -> int:
        """How many came to no proper end."""
        return sum(self.flaws.values())


def walks(
    script: Script, count: int, seed: int, now: datetime, progress: Progress = lambda _done, _all: None
) -> Walks:
    """Go through a script so many times; the same seed gives the same walks. `now`: business time (aware)."""
    chance, words = Random(seed), Vocabulary(script)
    done: list[Walk] = []
    for number in range(1, count + 1):
        done.append(walk(script, words, chance, now))
        progress(number, count)
    visits = Counter(node for one in done for node in one.nodes)
    return Walks(
        walks=count,
        seed=seed,
        turns=sum(one.turns for one in done),
        outcomes=dict(Counter(one.outcome for one in done if not one.flaw).most_common()),
        flaws=dict(Counter(one.flaw for one in done if one.flaw).most_common()),
        visits={name: visits[name] for name in script.nodes},
        unvisited=tuple(name for name in script.nodes if not visits[name]),
    )


def walk(script: Script, words: Vocabulary, chance: Random, now: datetime) -> Walk:
    """One conversation with a made-up customer, from the answer of the call to its end."""
    guest = Guest(words, chance.choice(TEMPERS), chance)
    session, actions = Session.begin(
        script,
        Slots(_given(script, words, chance)),
        now,
        landline=chance.random() < 0.3,
        apologise=chance.random() < 0.1,
        transfers=groups(script) if chance.random() < 0.7 else frozenset(),
    )
    nodes, at_s, turns, happening = {script.start}, 0.0, 0, None
    nodes |= passed(script, script.start, session.node)
    while actions and not session.over and turns < MOST_TURNS:
        at_s, turns, before = at_s + 2.0, turns + 1, session
        happening = _next(actions[-1], guest, at_s)
        session, following = session.step(happening)
        actions = following or actions
        nodes |= came_through(before, session)
    return Walk(session.result().outcome.value, frozenset(nodes), turns, _flaw(session, happening))


def came_through(before: Session, after: Session) -> frozenset[str]:
    """The nodes that one step of a conversation led through, its end included."""
    noted = set(after.state.notes).difference(before.state.notes)
    return passed(after.state.script, before.node, after.node, noted)


def passed(script: Script, before: str, after: str, noted: Collection[str] = ()) -> frozenset[str]:
    """`after`, and the silent nodes (branches, notes) that lie on a shortest way there from `before`.

    `noted`: codes that were noted on this way; it has led through the nodes that note them.
    """
    came_from: dict[str, str | None] = {before: None}
    queue = deque(_ahead(script, before))
    came_from |= dict.fromkeys(queue, before)
    while queue:
        name = queue.popleft()
        if isinstance(script.nodes[name], Branch | Note):
            fresh = [one for one in _ahead(script, name) if one not in came_from]
            came_from |= dict.fromkeys(fresh, name)
            queue.extend(fresh)
    found = {after, *_between(came_from, before, after)}
    for name in came_from:
        node = script.nodes[name]
        if isinstance(node, Note) and node.note in noted:
            found |= {name, *_between(came_from, before, name)}
    return frozenset(found)


def _between(came_from: Mapping[str, str | None], before: str, after: str) -> Iterable[str]:
    """The nodes between these two, backwards."""
    at = came_from.get(after)
    while at is not None and at != before:
        yield at
        at = came_from[at]


def _ahead(script: Script, name: str) -> Iterable[str]:
    """Where a node may lead, with the ways that every question has."""
    sides = (script.ways.before_owner, script.ways.with_owner)
    ways = [target for side in sides for _, target in side]
    silent = isinstance(script.nodes[name], Branch | Note)
    return dict.fromkeys([target for _, target in targets(script.nodes[name])] + ([] if silent else ways))


def groups(script: Script) -> frozenset[str]:
    """Groups of people to whom the script hands calls over (S14)."""
    return frozenset(node.to for node in script.nodes.values() if isinstance(node, HandOver) and node.to)


def _given(script: Script, words: Vocabulary, chance: Random) -> dict[str, str]:
    """Example texts; what a customer's row may lack is lacking now and then."""
    return {
        name: words.examples[name]
        for name, slot in script.slots.items()
        if not slot.optional or chance.random() < 0.75
    }


def _next(action: Action, guest: Guest, at_s: float) -> Happening:
    match action:
        case Play(barge_in=True, node=node) if guest.random.random() < 0.1:
            return guest.reply(node, at_s)
        case Play():
            return PlayEnded(at_s)
        case Listen(node=node):
            return guest.reply(node, at_s)
        case Hold():
            return guest.random.choice((Silence(at_s), CustomerHungUp(at_s)))
        case Transfer():
            nobody = NotTransferred(at_s, guest.random.choice(NOBODY))
            return Transferred(at_s) if guest.random.random() < 0.5 else nobody
        case StandBy():
            return AgentLeft(at_s) if guest.random.random() < 0.5 else CustomerHungUp(at_s)
        case _:
            raise TypeError(f"nobody can answer a {type(action).__name__}")


def _flaw(session: Session, last: Happening | None) -> str:
    """Why this is no proper end: a customer hangs up at any time, we only after the script's last words."""
    if not session.over:
        return f"goes on for ever at {session.node}"
    if isinstance(last, CustomerHungUp) or isinstance(session.state.at, End | HandOver):
        return ""
    return f"breaks off at {session.node}"
