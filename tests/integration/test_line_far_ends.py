"""Far ends that are not ours: SIPp, and one that breaks the rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from base.audio import read_wav, seconds, write_wav
from dialer.line.protocol import Answered, Ended, EndedBy, Hangup, Originate, Play, Played, Provisional
from dialer.line.settings import SipSettings
from dialer.line.workers import WorkerPool
from tests.linekit import Watched, found_at, track_names
from tests.matrix.scripted import RINGING, UP, Answer, Ask, Peer, Scripted
from tests.sipp import answer, bye, invited, receive, sipp, wait
from tests.speechlike import tone

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def caller() -> AsyncIterator[WorkerPool]:
    async with await WorkerPool.start(workers=1) as pool:
        yield pool
    assert pool.exit_statuses == (0,)


def dial(caller: WorkerPool, name: str, port: int, **more: object) -> Watched:
    return Watched(caller.originate(Originate(name, f"sip:100@127.0.0.1:{port}", **more)))  # type: ignore[arg-type]


def received(far: Peer) -> list[str]:
    """What came, in its order; what was sent again only once."""
    return list(dict.fromkeys(one.what for one in far.seen() if one.received))


async def test_a_session_description_that_changes_at_the_answer_loses_no_sound(
    caller: WorkerPool, tmp_path: Path
) -> None:
    """183 with one SDP, 200 with another: prompt and recorders move to the new port."""
    write_wav(tmp_path / "tone.wav", tone(700, 0.8))
    system, customer = track_names(tmp_path)["ours"]
    steps = (
        invited(), answer("183 Session Progress", rtp_port=40010), wait(0.3),
        answer("200 OK", rtp_port=40020), receive("ACK"), receive("BYE"), answer("200 OK"),
    )  # fmt: skip
    async with sipp(tmp_path, *steps) as port:
        leg = dial(caller, "changing", port, record_system=system, record_customer=customer)
        early = await leg.until(Provisional)
        await leg.until(Answered)
        leg.leg.send(Play(leg.id, "tone", (str(tmp_path / "tone.wav"),)))
        played = await leg.until(Played)
        leg.leg.send(Hangup(leg.id))
        ended = await leg.over()
    assert (early.status, early.early_media, early.rings) == (183, True, True)
    assert played.whole
    assert ended.answered_at is not None
    track = read_wav(Path(system))
    assert seconds(track) == pytest.approx(ended.ended_at - ended.answered_at, abs=0.15)
    assert len(found_at(track, 700)) * 0.02 == pytest.approx(0.8, abs=0.08)


async def test_hold_by_the_far_end_leaves_no_gap_in_the_recording(caller: WorkerPool, tmp_path: Path) -> None:
    """R1: sendonly, inactive and back; what is played afterwards is in its place on our track."""
    write_wav(tmp_path / "tone.wav", tone(700, 0.4))
    system, customer = track_names(tmp_path)["ours"]
    held = (Ask("INVITE", "sendonly"), 0.4, Ask("INVITE", "inactive"), 0.4, Ask("INVITE", "sendrecv"), 0.4)
    async with Scripted((*UP, 0.3, *held, 1.0, Ask("BYE"))).open(tmp_path) as far:
        leg = dial(caller, "held", far.port, record_system=system, record_customer=customer)
        await leg.until(Answered)
        await asyncio.sleep(1.7)
        leg.leg.send(Play(leg.id, "tone", (str(tmp_path / "tone.wav"),)))
        played = await leg.until(Played)
        ended = await leg.over()
    assert ended.answered_at is not None
    assert ended.by is EndedBy.THEM
    whole = ended.ended_at - ended.answered_at
    tracks = [read_wav(Path(name)) for name in (system, customer)]
    assert [seconds(track) for track in tracks] == pytest.approx([whole, whole], abs=0.15)
    heard = found_at(tracks[0], 700)
    assert heard[0] == pytest.approx(played.start_s, abs=0.15)


async def test_ringing_counts_from_the_180_that_follows_a_183(caller: WorkerPool, tmp_path: Path) -> None:
    """D1: 183 often comes before the phone rings."""
    steps = (Answer("183 Session Progress", "sendrecv"), 0.6, Answer("180 Ringing"))
    async with Scripted(steps).open(tmp_path) as far:
        leg = dial(caller, "early", far.port, ring_limit_s=0.9)
        ended = await leg.over()
    first, second = leg.all(Provisional)
    assert (first.status, second.status, first.rings, second.rings) == (183, 180, True, True)
    assert ended.ringing_at == second.at
    assert ended.by is EndedBy.RING_LIMIT
    assert ended.ended_at - second.at >= 0.9


async def test_an_early_bye_is_theirs_with_its_cause(caller: WorkerPool, tmp_path: Path) -> None:
    steps = (
        invited(), answer("180 Ringing"), answer("200 OK", rtp_port=40010), receive("ACK"), wait(0.1),
        bye('Reason: Q.850;cause=31;text="cut"\n'),
    )  # fmt: skip
    async with sipp(tmp_path, *steps) as port:
        ended = await dial(caller, "cut", port).over()
    assert (ended.by, ended.status, ended.q850) == (EndedBy.THEM, 200, 31)


async def test_a_refusal_carries_its_cause(caller: WorkerPool, tmp_path: Path) -> None:
    steps = (invited(), answer("486 Busy Here", extra="Reason: Q.850;cause=17\n"), receive("ACK"))
    async with sipp(tmp_path, *steps) as port:
        ended = await dial(caller, "busy", port).over()
    assert (ended.by, ended.status, ended.reason, ended.q850) == (EndedBy.THEM, 486, "Busy Here", 17)


async def test_an_answer_that_crosses_our_cancel_is_told(caller: WorkerPool, tmp_path: Path) -> None:
    crossing = (Answer("200 OK", to="CANCEL"), Answer("200 OK", "sendrecv"))
    async with Scripted(RINGING, cancel=crossing).open(tmp_path) as far:
        ended = await dial(caller, "late", far.port, ring_limit_s=0.3).over()
    assert (ended.by, ended.status, ended.late_answer) == (EndedBy.RING_LIMIT, 200, True)
    assert ended.answered_at is None
    assert received(far) == ["INVITE", "CANCEL", "ACK", "BYE"]


async def test_a_cancel_waits_for_a_provisional_response(caller: WorkerPool, tmp_path: Path) -> None:
    """RFC 3261, 9.1: no CANCEL before a 1xx; the INVITE is repeated, never followed by a CANCEL."""
    async with Scripted().open(tmp_path) as far:
        leg = dial(caller, "hole", far.port, setup_limit_s=0.2)
        await asyncio.sleep(1.3)
    assert received(far) == ["INVITE"]
    assert leg.all(Ended) == []


async def test_lines_that_take_no_calls_refuse_them_and_keep_their_room(caller: WorkerPool) -> None:
    """A scanner or a customer calling back must not hold the slots of outgoing calls."""
    async with await WorkerPool.start(workers=1, sip=SipSettings(takes_calls=False)) as lines:
        legs = [dial(caller, f"back-{n}", lines.ports[0]) for n in range(3)]
        ends = [await leg.over() for leg in legs]
        assert [(end.status, end.by, end.ringing_at) for end in ends] == [(480, EndedBy.THEM, None)] * 3
        assert lines.free == 4
        again = [dial(caller, f"again-{n}", lines.ports[0]) for n in range(3)]
        assert [(await leg.over()).status for leg in again] == [480] * 3
    assert lines.exit_statuses == (0,)
