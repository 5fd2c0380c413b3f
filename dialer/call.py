"""One call as a table-driven state machine. Pure: events in, commands out, no clock, no line, no store.

Theory of operation
===================
A call begins when a follow-up was claimed: its attempt row is committed, nothing was dialed. Whoever carries
the call (`dialer.attempt`) does the I/O, puts what happened into one of the events below, asks

    state, commands = advance(state, event)

and carries the commands out in order. Five thoughts shape the table:

* *Nothing is dialed without a permit.* The permit is the ledger's compare-and-set right before the INVITE;
  where it is refused (the lease was lost), the claim is given back and leaves no trace in the count (D10).
* *Once the INVITE may have left, there is one way out*: the leg's end. Then the attempt is filed, exactly
  once, when the line has released its slot: only then can the phone no longer ring because of us. Where that
  does not come in time, `OVERDUE` files the attempt and the number is held.
* *Hanging up is a wish, not an end.* The state HANGING_UP waits for the real end; an answer or a ringing that
  crosses our CANCEL is legal there and asks for another hang-up at most.
* *An announcement ends the attempt.* Whoever hears that the phone is off need not wait for the carrier's end.
* *The conversation belongs to TALKING.* It starts once, at the answer, and ends by itself (`TALKED`) or by
  the leg's end.

What the table does not have is illegal: `IllegalTransition` is raised and nothing has changed.

The picture in docs/one-call.md is drawn from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from base.errors import IllegalTransition


class State(StrEnum):
    """Where a call is."""

    CLAIMED = "claimed"
    DIALING = "dialing"
    RINGING = "ringing"
    TALKING = "talking"
    HANGING_UP = "hanging_up"
    RELEASING = "releasing"
    GIVEN_BACK = "given_back"
    FILED = "filed"


class Event(StrEnum):
    """What happened to it."""

    PERMITTED = "permitted"
    DENIED = "denied"
    INVITED = "invited"
    PROGRESS = "progress"
    RANG = "rang"
    ANNOUNCED = "announced"
    ANSWERED = "answered"
    TALKED = "talked"
    STOP = "stop"
    ENDED = "ended"
    SLOT_FREE = "slot_free"
    OVERDUE = "overdue"


class Do(StrEnum):
    """What is to be done."""

    ORIGINATE = "originate"
    CONVERSE = "converse"
    HANG_UP = "hang_up"
    GIVE_BACK = "give_back"
    FILE = "file"


Step = tuple[State, tuple[Do, ...]]

TABLE: Mapping[tuple[State, Event], Step] = MappingProxyType(
    {
        (State.CLAIMED, Event.PERMITTED): (State.DIALING, (Do.ORIGINATE,)),
        (State.CLAIMED, Event.DENIED): (State.GIVEN_BACK, (Do.GIVE_BACK,)),
        (State.CLAIMED, Event.STOP): (State.GIVEN_BACK, (Do.GIVE_BACK,)),
        (State.DIALING, Event.INVITED): (State.DIALING, ()),
        (State.DIALING, Event.PROGRESS): (State.DIALING, ()),
        (State.DIALING, Event.RANG): (State.RINGING, ()),
        (State.DIALING, Event.ANNOUNCED): (State.HANGING_UP, (Do.HANG_UP,)),
        (State.DIALING, Event.ANSWERED): (State.TALKING, (Do.CONVERSE,)),
        (State.DIALING, Event.STOP): (State.HANGING_UP, (Do.HANG_UP,)),
        (State.DIALING, Event.ENDED): (State.RELEASING, ()),
        (State.RINGING, Event.PROGRESS): (State.RINGING, ()),
        (State.RINGING, Event.RANG): (State.RINGING, ()),
        (State.RINGING, Event.ANNOUNCED): (State.HANGING_UP, (Do.HANG_UP,)),
        (State.RINGING, Event.ANSWERED): (State.TALKING, (Do.CONVERSE,)),
        (State.RINGING, Event.STOP): (State.HANGING_UP, (Do.HANG_UP,)),
        (State.RINGING, Event.ENDED): (State.RELEASING, ()),
        (State.TALKING, Event.TALKED): (State.HANGING_UP, (Do.HANG_UP,)),
        (State.TALKING, Event.STOP): (State.HANGING_UP, (Do.HANG_UP,)),
        (State.TALKING, Event.ENDED): (State.RELEASING, ()),
        (State.HANGING_UP, Event.INVITED): (State.HANGING_UP, ()),
        (State.HANGING_UP, Event.PROGRESS): (State.HANGING_UP, ()),
        (State.HANGING_UP, Event.RANG): (State.HANGING_UP, ()),
        (State.HANGING_UP, Event.ANSWERED): (State.HANGING_UP, (Do.HANG_UP,)),
        (State.HANGING_UP, Event.TALKED): (State.HANGING_UP, ()),
        (State.HANGING_UP, Event.STOP): (State.HANGING_UP, ()),
        (State.HANGING_UP, Event.ENDED): (State.RELEASING, ()),
        (State.HANGING_UP, Event.OVERDUE): (State.FILED, (Do.FILE,)),
        (State.RELEASING, Event.STOP): (State.RELEASING, ()),
        (State.RELEASING, Event.SLOT_FREE): (State.FILED, (Do.FILE,)),
        (State.RELEASING, Event.OVERDUE): (State.FILED, (Do.FILE,)),
        (State.FILED, Event.STOP): (State.FILED, ()),
        (State.GIVEN_BACK, Event.STOP): (State.GIVEN_BACK, ()),
    }
)
"""(state, event) to the following state and what is to be done, in order."""

OVER = frozenset({State.GIVEN_BACK, State.FILED})
"""Nothing follows but a late wish to stop."""


def advance(state: State, event: Event) -> Step:
    """The following state and the commands.

    Raises:
        IllegalTransition: the state does not allow the event.
    """
    step = TABLE.get((state, event))
    if step is None:
        raise IllegalTransition(f"a call that is {state.value} cannot take {event.value}")
    return step


def picture() -> str:
    """The table as a Mermaid state diagram; events that change nothing are left out."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.CLAIMED.value}"]
    for (state, event), (following, commands) in TABLE.items():
        if following is not state or commands:
            does = f" / {', '.join(command.value for command in commands)}" if commands else ""
            lines.append(f"    {state.value} --> {following.value}: {event.value}{does}")
    lines += [f"    {state.value} --> [*]" for state in State if state in OVER]
    return "\n".join(lines)
