"""What early media announce: pieces together, what ringing takes back, how much is recognised (D1)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from dialer.announcements import load
from dialer.line import protocol as line
from dialer.overhearing import PIECES, Listener, Overhearing
from tests.fakes.talk import FakeEar

TABLE = load(Path(__file__).parents[2] / "config" / "announcements.yaml")


def piece(text: str) -> line.Utterance:
    return line.Utterance("a1", line.EARLY, 0.5, 2.5, text.encode())


async def heard(*things: line.Utterance | line.ToneKind) -> tuple[Overhearing, FakeEar]:
    """Early media that have ended."""
    ear = FakeEar()
    early = Overhearing(Listener(ear, TABLE))
    for thing in things:
        if isinstance(thing, line.Utterance):
            early.said(thing)
        else:
            early.tone(thing)
    await early.settle()
    return early, ear


def disposition(early: Overhearing) -> str | None:
    return early.announced.disposition if early.announced else None


async def test_an_announcement_is_recognised() -> None:
    early, _ = await heard(piece("您拨打的用户已停机"))
    assert (disposition(early), early.spoken) == ("suspended", True)


async def test_two_pieces_make_one_announcement() -> None:
    early, _ = await heard(piece("您好您所拨打的号码"), piece("是空号请查证后再拨"))
    assert disposition(early) == "unallocated_number"


async def test_what_says_nothing_decides_nothing() -> None:
    early, _ = await heard(piece("欢迎致电某某公司"), piece("祝您生活愉快"))
    assert (disposition(early), early.spoken) == (None, True)


async def test_ringback_takes_back_what_was_said_before() -> None:
    """It rings: the phone is not off."""
    early, ear = await heard(piece("您拨打的用户已关机"), line.ToneKind.RINGBACK)
    await asyncio.sleep(0)
    assert disposition(early) is None
    early.said(piece("您拨打的用户正在通话中"))
    await early.settle()
    assert (disposition(early), len(ear.asked)) == ("busy", 2)


async def test_a_busy_tone_speaks_for_itself() -> None:
    assert disposition((await heard(line.ToneKind.BUSY))[0]) == "busy"
    assert disposition((await heard(line.ToneKind.CONGESTION))[0]) == "network_busy"
    assert disposition((await heard(line.ToneKind.INFORMATION))[0]) is None


async def test_only_the_first_pieces_are_recognised() -> None:
    """People who talk need the recogniser more."""
    _, ear = await heard(*(piece("彩铃里的歌词") for _ in range(PIECES + 3)))
    assert len(ear.asked) == PIECES


async def test_one_piece_of_all_calls_at_a_time() -> None:
    listener = Listener(FakeEar(), TABLE)
    calls = [Overhearing(listener) for _ in range(3)]
    for call in calls:
        call.said(piece("您拨打的用户已停机"))
    await asyncio.gather(*(call.settle() for call in calls))
    assert [disposition(call) for call in calls] == ["suspended"] * 3
