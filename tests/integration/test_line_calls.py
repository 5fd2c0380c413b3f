"""Two worker pools call each other on the loopback: what each side sees, hears and records."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from base.audio import read_wav, seconds, write_wav
from dialer.line.protocol import (
    EndedBy,
    Hangup,
    Invited,
    Key,
    Listen,
    NoInput,
    Originate,
    Play,
    Played,
    Provisional,
    Refused,
    Respond,
    SendKeys,
    SpeechBegan,
    StopPlay,
    Utterance,
)
from dialer.line.workers import WorkerPool
from tests.linekit import Pair, Watched, found_at, hang_up, track_names
from tests.speechlike import silence, speech, tone

pytestmark = [pytest.mark.sip, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair() -> AsyncIterator[Pair]:
    async with await WorkerPool.start(workers=1) as caller, await WorkerPool.start(workers=1) as phone:
        yield Pair(caller, phone)
    assert caller.exit_statuses + phone.exit_statuses == (0, 0)


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("some sounds")
    made = {
        "low": tone(500, 0.6),
        "high": tone(1300, 0.37),
        "long": tone(500, 8.0),
        "speech": np.concatenate([silence(0.4), speech(1.5), silence(1.5)]),
    }
    for name, sound in made.items():
        write_wav(folder / f"{name}.wav", sound)
    return {name: str(folder / f"{name}.wav") for name in made}


async def test_a_call_with_prompts_both_ways_is_recorded_on_two_aligned_tracks(
    pair: Pair, sounds: dict[str, str], tmp_path: Path
) -> None:
    """R1: the whole call, both sides, and `Played` points into the audio."""
    ours, theirs = await pair.talk(tmp_path)
    await asyncio.sleep(0.5)
    ours.leg.send(Play(ours.id, "greeting", (sounds["low"], sounds["high"], sounds["low"])))
    played = await ours.until(Played)
    theirs.leg.send(Play(theirs.id, "reply", (sounds["high"],)))
    replied = await theirs.until(Played)
    ended, _ = await hang_up(ours, theirs)

    assert (played.play, played.whole) == ("greeting", True)
    system, customer = (read_wav(Path(name)) for name in track_names(tmp_path)["ours"])
    assert abs(seconds(system) - seconds(customer)) <= 0.04
    assert ended.answered_at is not None
    assert abs(seconds(system) - (ended.ended_at - ended.answered_at)) < 0.15
    said = found_at(system, 500)
    assert said[0] == pytest.approx(played.start_s, abs=0.08)
    assert said[-1] == pytest.approx(played.end_s, abs=0.12)
    assert found_at(customer, 500) == []
    assert found_at(customer, 1300)[0] == pytest.approx(replied.start_s, abs=0.25)
    heard = read_wav(Path(track_names(tmp_path)["theirs"][1]))
    assert len(found_at(heard, 500)) * 0.02 == pytest.approx(1.2, abs=0.1)
    assert ended.rx_packets > 50
    assert ended.rx_lost == 0


async def test_both_sides_agree_on_how_the_call_went(pair: Pair) -> None:
    ours, theirs = await pair.talk()
    invited, provisional = ours.all(Invited)[0], ours.all(Provisional)[0]
    incoming = theirs.leg.incoming
    assert incoming is not None
    assert (incoming.number, incoming.caller) == ("13800000000", "huifang")
    assert incoming.call_id == invited.call_id
    assert (provisional.status, provisional.rings, provisional.early_media) == (180, True, False)
    by_us, by_them = await hang_up(ours, theirs)
    assert (by_us.by, by_us.status, by_us.late_answer) == (EndedBy.US, 200, False)
    assert (by_them.by, by_them.status) == (EndedBy.THEM, 200)
    rungs = [line.split(" ", 1)[1] for line in by_us.ladder]
    assert rungs == ["> INVITE", "< 100 Trying", "< 180 Ringing", "< 200 OK", "> ACK", "> BYE", "< 200 OK"]
    assert pair.caller.free == 4


async def test_caller_id_and_headers_reach_the_far_end(pair: Pair) -> None:
    ours = pair.dial(
        from_uri='"Service" <sip:95000@127.0.0.1>', headers={"P-Asserted-Identity": "<sip:95000@a>"}
    )
    incoming = await pair.phone.next_incoming()
    assert incoming.incoming is not None
    assert incoming.incoming.caller == "95000"
    incoming.send(Respond(incoming.id, 486))
    await asyncio.gather(ours.over(), Watched(incoming).over())


async def test_keys_go_both_ways(pair: Pair) -> None:
    ours, theirs = await pair.talk()
    theirs.leg.send(SendKeys(theirs.id, "1*"))
    assert [(await ours.until(Key)).key for _ in range(2)] == ["1", "*"]
    ours.leg.send(SendKeys(ours.id, "#"))
    assert (await theirs.until(Key)).key == "#"
    await hang_up(ours, theirs)


@pytest.mark.parametrize("status", [404, 480, 486, 503, 603])
async def test_refusals_arrive_as_they_were_given(pair: Pair, status: int) -> None:
    ours = pair.dial()
    incoming = await pair.phone.next_incoming()
    theirs = Watched(incoming)
    incoming.send(Respond(incoming.id, status))
    refused, refuser = await asyncio.gather(ours.over(), theirs.over())
    assert (refused.status, refused.by) == (status, EndedBy.THEM)
    assert (refuser.status, refuser.by) == (status, EndedBy.US)
    assert (refused.answered_at, refused.late_answer) == (None, False)


async def test_nobody_answers_and_the_phone_rang_the_whole_limit(pair: Pair) -> None:
    """D1: measured at the phone's side, from its 180 to our CANCEL."""
    ours, theirs, _ = await pair.ring(ring_limit_s=1.5)
    rang, missed = await asyncio.gather(ours.over(), theirs.over())
    assert (rang.by, rang.status, rang.late_answer) == (EndedBy.RING_LIMIT, 487, False)
    assert (missed.by, missed.status) == (EndedBy.THEM, 487)
    assert missed.ringing_at is not None
    assert missed.ended_at - missed.ringing_at >= 1.5


async def test_a_phone_that_never_rings_is_given_up(pair: Pair) -> None:
    ours = pair.dial(setup_limit_s=0.6, ring_limit_s=30)
    theirs = Watched(await pair.phone.next_incoming())
    ended, _ = await asyncio.gather(ours.over(), theirs.over())
    assert (ended.by, ended.ringing_at) == (EndedBy.SETUP_LIMIT, None)


async def test_we_hang_up_while_it_rings(pair: Pair) -> None:
    ours, theirs, _ = await pair.ring()
    await ours.until(Provisional)
    ended, missed = await hang_up(ours, theirs)
    assert (ended.by, ended.status) == (EndedBy.US, 487)
    assert (missed.by, missed.status, missed.answered_at) == (EndedBy.THEM, 487, None)


async def test_a_hangup_at_once_neither_aborts_nor_leaks(pair: Pair) -> None:
    ours = pair.dial()
    ours.leg.send(Hangup(ours.id))
    theirs = Watched(await pair.phone.next_incoming())
    ended, missed = await asyncio.gather(ours.over(), theirs.over())
    assert (ended.by, missed.by) == (EndedBy.US, EndedBy.THEM)
    assert (pair.caller.free, pair.phone.free) == (4, 4)


async def test_hangup_and_answer_cross(pair: Pair) -> None:
    """A 200 that crosses our CANCEL is an answered call, or it lost the race; either way both sides end."""
    late = 0
    for _ in range(5):
        ours, theirs, phone = await pair.ring()
        await ours.until(Provisional)
        phone.send(Respond(phone.id, 200))
        ours.leg.send(Hangup(ours.id))
        ended, _missed = await asyncio.gather(ours.over(), theirs.over())
        assert ended.by is EndedBy.US
        assert ended.late_answer == (ended.status == 200 and ended.answered_at is None)
        late += ended.late_answer
    assert (pair.caller.free, pair.phone.free) == (4, 4)


async def test_the_far_end_hangs_up_in_mid_prompt(pair: Pair, sounds: dict[str, str], tmp_path: Path) -> None:
    ours, theirs = await pair.talk(tmp_path)
    ours.leg.send(Play(ours.id, "long", (sounds["long"],)))
    ours.leg.send(Listen(ours.id, "early"))
    await asyncio.sleep(0.7)
    theirs.leg.send(Hangup(theirs.id))
    ended, _ = await asyncio.gather(ours.over(), theirs.over())
    (played,) = ours.all(Played)
    assert ended.by is EndedBy.THEM
    assert not played.whole
    assert played.end_s == pytest.approx(played.start_s + 0.7, abs=0.3)
    system = read_wav(Path(track_names(tmp_path)["ours"][0]))
    assert len(found_at(system, 500)) * 0.02 == pytest.approx(0.7, abs=0.3)


async def test_an_utterance_is_captured_with_its_seconds(
    pair: Pair, sounds: dict[str, str], tmp_path: Path
) -> None:
    ours, theirs = await pair.talk(tmp_path)
    ours.leg.send(Listen(ours.id, "answer", patience_s=0.5))
    theirs.leg.send(Play(theirs.id, "answer", (sounds["speech"],)))
    began, spoken = await ours.until(SpeechBegan), await ours.until(Utterance)
    said = await theirs.until(Played)
    await hang_up(ours, theirs)
    assert spoken.listen == "answer"
    assert began.at_s == pytest.approx(said.start_s + 0.4, abs=0.4)
    assert spoken.start_s < began.at_s
    assert len(spoken.pcm) == round((spoken.end_s - spoken.start_s) * 50) * 320
    customer = read_wav(Path(track_names(tmp_path)["ours"][1])).astype(float)
    heard = np.frombuffer(spoken.pcm, dtype="<i2").astype(float)
    lag = int(np.argmax(np.correlate(customer, heard, mode="valid"))) / 8000
    assert lag == pytest.approx(spoken.start_s, abs=0.1)


async def test_silence_is_reported_after_the_prompt(pair: Pair, sounds: dict[str, str]) -> None:
    ours, theirs = await pair.talk()
    ours.leg.send(Play(ours.id, "ask", (sounds["low"],)))
    ours.leg.send(Listen(ours.id, "answer", no_input_s=0.8))
    played, quiet = await ours.until(Played), await ours.until(NoInput)
    assert quiet.at_s == pytest.approx(played.end_s + 0.8, abs=0.25)
    await hang_up(ours, theirs)


async def test_speech_stops_a_prompt_that_may_be_interrupted(pair: Pair, sounds: dict[str, str]) -> None:
    ours, theirs = await pair.talk()
    ours.leg.send(Play(ours.id, "ask", (sounds["long"],)))
    ours.leg.send(Listen(ours.id, "answer", barge_in=True))
    theirs.leg.send(Play(theirs.id, "answer", (sounds["speech"],)))
    assert not (await ours.until(Played)).whole
    await ours.until(Utterance)
    await hang_up(ours, theirs)


async def test_a_stopped_prompt_says_so_and_the_next_one_replaces_it(
    pair: Pair, sounds: dict[str, str]
) -> None:
    ours, theirs = await pair.talk()
    ours.leg.send(Play(ours.id, "one", (sounds["long"],)))
    ours.leg.send(Play(ours.id, "two", (sounds["long"],)))
    ours.leg.send(StopPlay(ours.id))
    ends = [await ours.until(Played) for _ in range(2)]
    assert [(played.play, played.whole) for played in ends] == [("one", False), ("two", False)]
    await hang_up(ours, theirs)


async def test_what_cannot_be_done_is_refused(pair: Pair, tmp_path: Path) -> None:
    ours, theirs = await pair.talk()
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF")
    for files in ((str(broken),), (str(tmp_path / "missing.wav"),), ()):
        ours.leg.send(Play(ours.id, "bad", files))
        assert (await ours.until(Refused)).command == "Play"
    await hang_up(ours, theirs)


async def test_nothing_is_played_or_heard_before_the_answer(pair: Pair, sounds: dict[str, str]) -> None:
    ours, theirs, _ = await pair.ring()
    ours.leg.send(Play(ours.id, "early", (sounds["low"],)))
    ours.leg.send(Listen(ours.id, "early"))
    assert [(await ours.until(Refused)).why for _ in range(2)] == ["not answered yet"] * 2
    await hang_up(ours, theirs)


async def test_a_bad_address_ends_the_leg(pair: Pair) -> None:
    bad = Watched(pair.caller.originate(Originate("bad", "no address at all")))
    ended = await bad.over()
    assert [(one.command, one.late) for one in bad.all(Refused)] == [("Originate", False)]
    assert (ended.by, ended.status, ended.invited_at) == (EndedBy.FAILURE, 0, None)
    assert pair.caller.free == 4


async def test_an_order_that_comes_too_late_is_refused(pair: Pair) -> None:
    """D10: whoever gave it has slept; nothing leaves."""
    late = pair.dial(not_after=time.time() - 0.001)
    ended = await late.over()
    assert [(one.command, one.late) for one in late.all(Refused)] == [("Originate", True)]
    assert (ended.by, ended.invited_at, ended.ladder) == (EndedBy.FAILURE, None, ())
    ours, theirs = await pair.talk(not_after=time.time() + 60)
    await hang_up(ours, theirs)


async def test_the_talk_limit_ends_a_call(pair: Pair) -> None:
    ours, theirs = await pair.talk(talk_limit_s=0.5)
    ended, _ = await asyncio.gather(ours.over(), theirs.over())
    assert ended.by is EndedBy.TALK_LIMIT


async def test_four_calls_at_once_and_no_fifth(pair: Pair) -> None:
    talks = [await pair.talk() for _ in range(4)]
    assert pair.caller.free == 0
    with pytest.raises(Exception, match="no line worker has room"):
        pair.dial()
    await asyncio.gather(*(hang_up(*talk) for talk in talks))
    assert pair.caller.free == 4
