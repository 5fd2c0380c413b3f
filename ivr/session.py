"""A conversation, without sound and without a clock: happenings go in, things to do come out.

How a call drives it
--------------------
`Session.begin` gives the first action. Each action asks for one happening; `step` turns it into the next:

    Play    -> PlayEnded; where `barge_in` is set, `Said` or `Pressed` may come instead (the prompt was cut)
    Listen  -> Said, Pressed or Silence
    Hold    -> Silence or CustomerHungUp
    Transfer -> Transferred or NotTransferred
    StandBy -> AgentLeft or CustomerHungUp
    Hangup  -> nothing: the conversation is over

A happening that does not belong to the present action changes nothing and gives no action: go on waiting
for the one that does. `CustomerHungUp` may come at any time and ends it. Between two steps a `Session` is a
frozen value: it may be kept, compared, replayed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from base.errors import ScriptError
from ivr import appointing, asking, flow, handing, results
from ivr.script import Appoint, Ask, Script
from ivr.state import Move, Phase, State, hang_up
from ivr.values import (
    Action,
    AgentLeft,
    CustomerHungUp,
    Happening,
    NotTransferred,
    Outcome,
    PlayEnded,
    Pressed,
    Result,
    Said,
    Silence,
    Slots,
    Transferred,
)


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation; `step` returns the next one and leaves this as it is."""

    state: State

    @classmethod
    def begin(
        cls,
        script: Script,
        slots: Slots,
        now: datetime,
        *,
        landline: bool,
        apologise: bool,
        open_windows: Callable[[datetime], datetime] | None = None,
        transfers: frozenset[str] = frozenset(),
    ) -> tuple[Session, tuple[Action, ...]]:
        """Start at the answer of a call.

        Args:
            script: a loaded script.
            slots: texts by slot name; an empty one counts as missing.
            now: business time (aware) of the answer.
            landline: S2 opens differently there.
            apologise: the last call ended in silence (D8).
            open_windows: gives the first time not before a wished one at which calling is allowed.
            transfers: groups of people of whom somebody could take the call now.

        Raises:
            ScriptError: a slot that is not optional has no text.
        """
        values = {name: text for name, text in slots.values.items() if text}
        lacking = [name for name, slot in script.slots.items() if name not in values and not slot.optional]
        if lacking:
            raise ScriptError(f"no text for {{{lacking[0]}}}", where=script.name)
        state = State(script, values, now, landline, apologise, open_windows, transfers=transfers)
        return _session(flow.enter(state, script.start))

    def step(self, happening: Happening) -> tuple[Session, tuple[Action, ...]]:
        """What to do now that this happened."""
        if isinstance(happening, CustomerHungUp):
            return Session(_hung_up(self.state)), ()
        if isinstance(happening, NotTransferred) and self.state.phase is Phase.TRANSFERRING:
            return _session(handing.not_found(self.state, happening))
        go_on = _GO_ON.get((self.state.phase, type(happening)))
        if go_on is not None:
            return _session(go_on(self.state))
        if self.state.phase in _ANSWERED.get(type(happening), ()):
            return _session(_answer(self.state, happening))
        return self, ()

    @property
    def node(self) -> str:
        """Name of the present node."""
        return self.state.node

    @property
    def over(self) -> bool:
        """Whether nothing more can happen."""
        return self.state.phase is Phase.OVER

    def result(self) -> Result:
        """What the conversation leaves behind; before its end, as if it broke off here."""
        return results.result(self.state)


def _session(move: Move) -> tuple[Session, tuple[Action, ...]]:
    return Session(move[0]), move[1]


def _hung_up(state: State) -> State:
    """The customer went; after the closing words that is as it should be (D9)."""
    if state.phase is Phase.TRANSFERRING:
        state = handing.not_waited(state)
    return replace(state, phase=Phase.OVER, outcome=state.outcome or Outcome.HUNG_UP)


def _listen(state: State) -> Move:
    node = state.at
    return asking.listen(state, node) if isinstance(node, Ask) else appointing.listen(state)


def _answer(state: State, happening: Happening) -> Move:
    """Words, a key or silence at a question."""
    match state.at, happening:
        case Ask() as node, Said():
            return asking.heard(state, node, happening)
        case Ask() as node, Pressed():
            return asking.pressed(state, node, happening)
        case Ask() as node, Silence():
            return asking.silent(state, node, happening)
        case Appoint() as node, Said():
            return appointing.heard(state, node, happening)
        case Appoint() as node, Pressed():
            return appointing.pressed(state, node, happening)
        case Appoint() as node, Silence():
            return appointing.silent(state, node, happening)
        case _:
            return state, ()


_GO_ON: dict[tuple[Phase, type[Happening]], Callable[[State], Move]] = {
    (Phase.SAYING, PlayEnded): flow.said,
    (Phase.ASKING, PlayEnded): _listen,
    (Phase.HOLDING, Silence): hang_up,
    (Phase.TRANSFERRING, Transferred): handing.found,
    (Phase.STANDING_BY, AgentLeft): handing.left,
}
"""What follows when something of ours has ended."""

_ANSWERED: dict[type[Happening], frozenset[Phase]] = {
    Said: frozenset({Phase.ASKING, Phase.LISTENING}),
    Pressed: frozenset({Phase.ASKING, Phase.LISTENING}),
    Silence: frozenset({Phase.LISTENING}),
}
"""When something of the customer's is an answer."""
