"""Handing a call over: a second leg in the same worker, joined to the customer's, ended with it (R1, S18)."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from base.audio import read_wav, seconds, write_wav
from base.errors import LineError
from dialer.line.handover import Joined, Parted, Refer, Referred
from dialer.line.protocol import (
    Answered,
    Ended,
    EndedBy,
    Hangup,
    Key,
    Originate,
    Play,
    Played,
    Refused,
    Respond,
    SendKeys,
)
from dialer.line.workers import WorkerPool
from tests.linekit import PATIENCE_S, Pair, Watched, found_at, hang_up, track_names
from tests.matrix.scripted import RINGING, UP, Answer, Ask, Scripted, Sounds, Step, Take, Vanish
from tests.speechlike import tone

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]

AT_ONCE_S = 0.1
"""So soon the other side has its BYE or CANCEL."""

_names = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair() -> AsyncIterator[Pair]:
    """A worker that keeps one of its four slots, and phones for customers and persons."""
    async with (
        await WorkerPool.start(workers=1, kept=1) as caller,
        await WorkerPool.start(workers=2) as phone,
    ):
        yield Pair(caller, phone)
    assert caller.exit_statuses + phone.exit_statuses == (0, 0, 0)


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("sounds")
    for name, hertz in {"customer": 500, "person": 1300, "music": 900}.items():
        write_wav(folder / f"{name}.wav", tone(hertz, 0.6))
    return {name: str(folder / f"{name}.wav") for name in ("customer", "person", "music")}


def beside(ours: Watched, uri: str, **more: object) -> Watched:
    """Call a person for this customer's leg."""
    order = Originate(f"person-{next(_names)}", uri, **more)  # type: ignore[arg-type]
    return Watched(ours.leg.originate_beside(order))


@dataclass
class Three:
    """Our leg to the customer, the customer's phone, our leg to the person, the person's phone."""

    ours: Watched
    customer: Watched
    second: Watched
    person: Watched

    async def all_over(self) -> tuple[Ended, ...]:
        legs = (self.ours, self.customer, self.second, self.person)
        return tuple(await asyncio.gather(*(leg.over() for leg in legs)))


async def called(pair: Pair, ours: Watched, **more: object) -> tuple[Watched, Watched]:
    """Let a person's phone ring."""
    second = beside(ours, f"sip:8001@127.0.0.1:{pair.phone.ports[0]}", **more)
    incoming = await asyncio.wait_for(pair.phone.next_incoming(), PATIENCE_S)
    incoming.send(Respond(incoming.id, 180))
    return second, Watched(incoming)


async def taken_over(pair: Pair, tracks: Path | None = None, **more: object) -> Three:
    """A call that a person has taken over; with `tracks`, the person's phone records there as well."""
    ours, customer = await pair.talk(tracks)
    second, person = await called(pair, ours, **more)
    names = (str(tracks / "person_system.wav"), str(tracks / "person_customer.wav")) if tracks else ("", "")
    person.leg.send(Respond(person.id, 200, *names))
    await asyncio.gather(ours.until(Joined), person.until(Answered))
    return Three(ours, customer, second, person)


async def test_both_hear_each_other_and_the_recording_has_both_apart(
    pair: Pair, sounds: dict[str, str], tmp_path: Path
) -> None:
    """R1: the person's voice follows our prompts on the system's track; the customer's is the customer's."""
    ours, customer = await pair.talk(tmp_path)
    ours.leg.send(Play(ours.id, "waiting", (sounds["music"],) * 20))
    second, person = await called(pair, ours)
    await asyncio.sleep(0.5)
    heard = str(tmp_path / "person_customer.wav")
    person.leg.send(Respond(person.id, 200, str(tmp_path / "person_system.wav"), heard))
    music = await ours.until(Played)
    joined = await ours.until(Joined)
    await person.until(Answered)
    person.leg.send(Play(person.id, "hello", (sounds["person"],)))
    await person.until(Played)
    customer.leg.send(Play(customer.id, "reply", (sounds["customer"],)))
    await customer.until(Played)
    await hang_up(ours, customer)
    await asyncio.gather(second.over(), person.over())

    assert (music.play, music.whole) == ("waiting", False)
    assert joined.other == second.id
    system, theirs = (read_wav(Path(name)) for name in track_names(tmp_path)["ours"])
    assert abs(seconds(system) - seconds(theirs)) <= 0.04
    assert found_at(system, 900)[-1] <= joined.at_s + 0.1
    assert len(found_at(system, 1300)) * 0.02 == pytest.approx(0.6, abs=0.1)
    assert found_at(system, 1300)[0] >= joined.at_s
    assert len(found_at(theirs, 500)) * 0.02 == pytest.approx(0.6, abs=0.1)
    assert found_at(system, 500) == found_at(theirs, 1300) == found_at(theirs, 900) == []
    by_customer = read_wav(Path(track_names(tmp_path)["theirs"][1]))
    assert len(found_at(by_customer, 1300)) * 0.02 == pytest.approx(0.6, abs=0.1)
    by_person = read_wav(Path(heard))
    assert len(found_at(by_person, 500)) * 0.02 == pytest.approx(0.6, abs=0.1)


async def test_the_customer_hangs_up_and_the_person_has_a_bye_at_once(pair: Pair) -> None:
    three = await taken_over(pair)
    three.customer.leg.send(Hangup(three.customer.id))
    ours, customer, second, person = await three.all_over()
    assert (ours.by, second.by, person.by) == (EndedBy.THEM, EndedBy.US, EndedBy.THEM)
    assert person.ended_at - customer.ended_at < AT_ONCE_S
    assert three.ours.all(Parted) == []
    assert pair.caller.free == 3


async def test_the_person_hangs_up_and_the_customer_hears_last_words(
    pair: Pair, sounds: dict[str, str], tmp_path: Path
) -> None:
    three = await taken_over(pair, tmp_path)
    three.person.leg.send(Hangup(three.person.id))
    parted = await three.ours.until(Parted)
    three.ours.leg.send(Play(three.ours.id, "bye", (sounds["music"],)))
    assert (await three.ours.until(Played)).whole
    three.ours.leg.send(Hangup(three.ours.id))
    ours, *_ = await three.all_over()
    assert (parted.other, parted.status, parted.by) == (three.second.id, 200, EndedBy.THEM)
    assert ours.by is EndedBy.US
    heard = read_wav(Path(track_names(tmp_path)["theirs"][1]))
    assert len(found_at(heard, 900)) * 0.02 == pytest.approx(0.6, abs=0.1)


@pytest.mark.parametrize(
    ("status", "reason"), [(486, "Busy Here"), (603, "Decline"), (480, "Temporarily Unavailable")]
)
async def test_a_person_who_does_not_take_it_is_told_and_the_customer_stays(
    pair: Pair, status: int, reason: str
) -> None:
    ours, customer = await pair.talk()
    second, person = await called(pair, ours)
    person.leg.send(Respond(person.id, status))
    parted = await ours.until(Parted)
    assert (parted.other, parted.status, parted.reason, parted.by) == (
        second.id,
        status,
        reason,
        EndedBy.THEM,
    )
    second, person = await called(pair, ours)
    person.leg.send(Respond(person.id, 200))
    await ours.until(Joined)
    await hang_up(ours, customer)
    await person.over()


async def test_a_person_who_does_not_answer_is_rung_for_the_set_time(pair: Pair) -> None:
    ours, customer = await pair.talk()
    second, person = await called(pair, ours, ring_limit_s=0.5)
    parted = await ours.until(Parted)
    ended, theirs = await asyncio.gather(second.over(), person.over())
    assert parted.by is EndedBy.RING_LIMIT
    assert (ended.status, theirs.by) == (487, EndedBy.THEM)
    assert ended.invited_at is not None
    assert ended.ended_at - ended.invited_at == pytest.approx(0.5, abs=0.2)
    await hang_up(ours, customer)


async def test_the_customer_hangs_up_while_the_person_is_rung(pair: Pair, sounds: dict[str, str]) -> None:
    ours, customer = await pair.talk()
    ours.leg.send(Play(ours.id, "waiting", (sounds["music"],) * 20))
    second, person = await called(pair, ours)
    customer.leg.send(SendKeys(customer.id, "#"))
    assert (await ours.until(Key)).key == "#"
    customer.leg.send(Hangup(customer.id))
    _, left, ended, missed = await asyncio.gather(ours.over(), customer.over(), second.over(), person.over())
    assert (ended.status, ended.answered_at, missed.by) == (487, None, EndedBy.THEM)
    assert missed.ended_at - left.ended_at < AT_ONCE_S


async def test_three_customers_and_a_slot_for_a_person(pair: Pair) -> None:
    """R1: the kept slot is for whoever is handed over first, and no customer is called by it."""
    talks = [await pair.talk() for _ in range(3)]
    assert pair.caller.free == 0
    with pytest.raises(LineError, match="no line worker has room"):
        pair.dial()
    second, person = await called(pair, talks[0][0])
    with pytest.raises(LineError, match="no slot for a second leg"):
        beside(talks[1][0], "sip:8002@127.0.0.1:9")
    person.leg.send(Respond(person.id, 200))
    await talks[0][0].until(Joined)
    await asyncio.gather(*(hang_up(*talk) for talk in talks))
    await asyncio.gather(second.over(), person.over())
    assert pair.caller.free == 3


async def test_a_leg_that_cannot_be_made_is_told_to_its_host(pair: Pair) -> None:
    ours, customer = await pair.talk()
    second = beside(ours, "no address at all")
    parted = await ours.until(Parted)
    assert (parted.other, parted.status, parted.by) == (second.id, 0, EndedBy.FAILURE)
    assert parted.reason
    ours.leg.send(Hangup(ours.id))
    late = beside(ours, f"sip:8001@127.0.0.1:{pair.phone.ports[0]}")
    assert "no leg to be beside" in (await late.until(Refused)).why
    await asyncio.gather(ours.over(), customer.over(), late.over())


async def test_the_talk_limit_ends_the_persons_leg_and_leaves_the_customer_the_last_words(pair: Pair) -> None:
    three = await taken_over(pair, talk_limit_s=0.5)
    assert (await three.ours.until(Parted)).by is EndedBy.TALK_LIMIT
    await hang_up(three.ours, three.customer)
    await asyncio.gather(three.second.over(), three.person.over())


async def test_a_person_who_holds_and_comes_back_is_heard_again(pair: Pair, tmp_path: Path) -> None:
    """A re-INVITE gives the leg another port on the bridge: the two are joined anew."""
    ours, customer = await pair.talk(tmp_path)
    speaks = Sounds((lambda: tone(1300, 0.6),))
    held = (0.3, Ask("INVITE", "inactive"), 0.4, Ask("INVITE", "sendrecv"), 0.3, speaks, 3.0)
    async with Scripted((*UP, *held)).open(tmp_path) as far:
        second = beside(ours, f"sip:8001@127.0.0.1:{far.port}")
        await ours.until(Joined)
        await asyncio.sleep(2.0)
        ended, _ = await hang_up(ours, customer)
        await second.over()
    assert ended.answered_at is not None
    system, theirs = (read_wav(Path(name)) for name in track_names(tmp_path)["ours"])
    whole = ended.ended_at - ended.answered_at
    assert [seconds(system), seconds(theirs)] == pytest.approx([whole, whole], abs=0.15)
    heard = read_wav(Path(track_names(tmp_path)["theirs"][1]))
    for track in (system, heard):
        assert len(found_at(track, 1300)) * 0.02 == pytest.approx(0.6, abs=0.1)


async def test_a_worker_without_parent_leaves_neither_customer_nor_person_on_the_line(tmp_path: Path) -> None:
    """The parent is killed: both legs get a BYE."""
    async with await WorkerPool.start(workers=1) as phone:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PARENT, f"sip:1@127.0.0.1:{phone.ports[0]}"),
            cwd=Path(__file__).parents[2],
        )
        legs = [await asyncio.wait_for(phone.next_incoming(), PATIENCE_S)]
        legs[0].send(Respond(legs[0].id, 200))
        legs.append(await asyncio.wait_for(phone.next_incoming(), PATIENCE_S))
        legs[1].send(Respond(legs[1].id, 200))
        watched = [Watched(leg) for leg in legs]
        await asyncio.gather(*(leg.until(Answered) for leg in watched))
        os.kill(process.pid, signal.SIGKILL)
        ends = await asyncio.gather(*(leg.over() for leg in watched))
        await process.wait()
    assert [end.by for end in ends] == [EndedBy.THEM, EndedBy.THEM]
    assert abs(ends[0].ended_at - ends[1].ended_at) < AT_ONCE_S


PARENT = """
import asyncio, sys
from dialer.line.protocol import Answered, Originate
from dialer.line.workers import WorkerPool

async def main():
    pool = await WorkerPool.start(workers=1, kept=1)
    leg = pool.originate(Originate("leg", sys.argv[1]))
    while not isinstance(await leg.next_event(), Answered):
        pass
    leg.originate_beside(Originate("person", sys.argv[1]))
    await asyncio.sleep(60)

asyncio.run(main())
"""

# --- REFER


def notify(what: str, state: str) -> Ask:
    """Report how the far end's own call goes (RFC 3515, 2.4.5)."""
    return Ask(
        "NOTIFY",
        extra=("Event: refer", f"Subscription-State: {state}"),
        body=("message/sipfrag", f"SIP/2.0 {what}\r\n"),
    )


GOING_ON, OVER = "active;expires=60", "terminated;reason=noresource"


async def referred(caller: WorkerPool, folder: Path, *steps: Step) -> tuple[list[Referred], list[str]]:
    """Ask a far end for a transfer; what it reports, and what came there."""
    async with Scripted((*UP, Take("REFER"), *steps)).open(folder) as far:
        leg = Watched(caller.originate(Originate(f"refer-{next(_names)}", f"sip:1@127.0.0.1:{far.port}")))
        await leg.until(Answered)
        leg.leg.send(Refer(leg.id, "sip:8001@192.0.2.1"))
        while not (await leg.until(Referred)).final:
            pass
        target = far.requests["REFER"]["refer-to"]
        leg.leg.send(Hangup(leg.id))
        await leg.over()
    return leg.all(Referred), [target]


async def test_a_transfer_by_refer_tells_how_it_goes(pair: Pair, tmp_path: Path) -> None:
    told, [target] = await referred(
        pair.caller, tmp_path,
        Answer("202 Accepted", to="REFER"), notify("100 Trying", GOING_ON), Take("200"),
        notify("180 Ringing", GOING_ON), Take("200"), notify("200 OK", OVER), Take("200"), 2.0,
    )  # fmt: skip
    assert "sip:8001@192.0.2.1" in target
    assert [(one.status, one.final) for one in told][-1] == (200, True)
    assert (180, False) in [(one.status, one.final) for one in told]


async def test_a_transfer_by_refer_that_nobody_takes(pair: Pair, tmp_path: Path) -> None:
    told, _ = await referred(
        pair.caller, tmp_path,
        Answer("202 Accepted", to="REFER"), notify("100 Trying", GOING_ON), Take("200"),
        notify("486 Busy Here", OVER), Take("200"), 2.0,
    )  # fmt: skip
    assert (told[-1].status, told[-1].final) == (486, True)


async def test_a_far_end_that_refuses_to_transfer(pair: Pair, tmp_path: Path) -> None:
    told, _ = await referred(pair.caller, tmp_path, Answer("603 Decline", to="REFER"), 2.0)
    assert [(one.status, one.final) for one in told] == [(603, True)]


async def test_nobody_is_referred_before_the_answer(pair: Pair, tmp_path: Path) -> None:
    async with Scripted(RINGING).open(tmp_path) as far:
        leg = Watched(pair.caller.originate(Originate("early", f"sip:1@127.0.0.1:{far.port}")))
        leg.leg.send(Refer(leg.id, "sip:8001@192.0.2.1"))
        assert (await leg.until(Refused)).why == "not answered yet"
        leg.leg.send(Hangup(leg.id))
        await leg.over()


async def test_a_phone_that_is_dead_costs_no_longer_than_one_that_rings(pair: Pair, tmp_path: Path) -> None:
    ours, customer = await pair.talk()
    async with Scripted((Answer("180 Ringing"), Vanish())).open(tmp_path) as far:
        beside(ours, f"sip:8001@127.0.0.1:{far.port}", ring_limit_s=0.4)
        parted = await ours.until(Parted)
        assert (parted.status, parted.by) == (0, EndedBy.RING_LIMIT)
        await hang_up(ours, customer)
    assert pair.caller.free == 3, "the dead phone's slot is not a customer's"
