"""The call's state machine: the ways through it, and that nothing else is legal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.errors import IllegalTransition
from dialer.call import OVER, TABLE, Do, Event, State, advance, picture

PAGE = Path(__file__).parents[2] / "docs" / "one-call.md"


def walk(*events: Event) -> tuple[State, list[Do]]:
    state, done = State.CLAIMED, list[Do]()
    for event in events:
        state, commands = advance(state, event)
        done.extend(commands)
    return state, done


WAYS = [
    ("lease lost", (Event.DENIED,), State.GIVEN_BACK, [Do.GIVE_BACK]),
    ("stopped before dialing", (Event.STOP,), State.GIVEN_BACK, [Do.GIVE_BACK]),
    (
        "no answer",
        (Event.PERMITTED, Event.INVITED, Event.PROGRESS, Event.RANG, Event.ENDED, Event.SLOT_FREE),
        State.FILED,
        [Do.ORIGINATE, Do.FILE],
    ),
    ("no room", (Event.PERMITTED, Event.ENDED, Event.SLOT_FREE), State.FILED, [Do.ORIGINATE, Do.FILE]),
    (
        "a talk",
        (Event.PERMITTED, Event.RANG, Event.ANSWERED, Event.TALKED, Event.ENDED, Event.SLOT_FREE),
        State.FILED,
        [Do.ORIGINATE, Do.CONVERSE, Do.HANG_UP, Do.FILE],
    ),
    (
        "the answer crosses our hang-up",
        (Event.PERMITTED, Event.RANG, Event.STOP, Event.ANSWERED, Event.ENDED, Event.SLOT_FREE),
        State.FILED,
        [Do.ORIGINATE, Do.HANG_UP, Do.HANG_UP, Do.FILE],
    ),
    (
        "the end never comes",
        (Event.PERMITTED, Event.INVITED, Event.STOP, Event.OVERDUE),
        State.FILED,
        [Do.ORIGINATE, Do.HANG_UP, Do.FILE],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("events", "state", "done"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS])
def test_ways_through(events: tuple[Event, ...], state: State, done: list[Do]) -> None:
    assert walk(*events) == (state, done)


def test_what_the_table_lacks_is_illegal_and_changes_nothing() -> None:
    refused = 0
    for state in State:
        for event in Event:
            if (state, event) not in TABLE:
                with pytest.raises(IllegalTransition, match=state.value):
                    advance(state, event)
                refused += 1
    assert refused == len(State) * len(Event) - len(TABLE)


@given(st.lists(st.sampled_from(list(Event)), max_size=40))
def test_one_invite_one_conversation_one_filing(events: list[Event]) -> None:
    """D10: whatever happens in whatever order."""
    state, done = State.CLAIMED, list[Do]()
    for event in events:
        if (state, event) in TABLE:
            state, commands = advance(state, event)
            done.extend(commands)
    for once in (Do.ORIGINATE, Do.CONVERSE, Do.FILE, Do.GIVE_BACK):
        assert done.count(once) <= 1
    assert not (Do.GIVE_BACK in done and Do.ORIGINATE in done)
    assert (state in OVER) == (Do.FILE in done or Do.GIVE_BACK in done)


def test_every_state_can_be_stopped() -> None:
    assert all((state, Event.STOP) in TABLE for state in State)


def test_the_page_shows_the_table() -> None:
    assert picture() in PAGE.read_text(encoding="utf-8")
