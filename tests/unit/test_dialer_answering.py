"""Who answered, by what is heard in the first seconds (A2: a machine hears nothing)."""

from __future__ import annotations

import pytest

from dialer.answering import Judge, Limits, Who, endless_talk, tone_says
from dialer.disposition import Announced, Disposition
from dialer.line.protocol import ToneKind

START = Judge(Limits())
VOICEMAIL = Announced(Disposition.VOICEMAIL, "请留言", 0.9)


def test_a_short_word_and_a_pause_are_a_person_at_once() -> None:
    """No words are needed: nobody waits for the recogniser."""
    assert not START.needs_words(0.6)
    judge = START.said(0.6, ended=True, text="", announced=None)
    assert (judge.who, judge.spoke) == (Who.PERSON, True)


def test_silence_and_keys_are_a_persons() -> None:
    assert START.silence().who is Who.PERSON
    assert not START.silence().spoke
    assert START.key().who is Who.PERSON


def test_long_talk_is_recognised_and_a_persons_ends_in_a_pause() -> None:
    assert START.needs_words(2.5)
    judge = START.said(3.0, ended=False, text="喂你好这里是", announced=None)
    assert judge.who is Who.UNKNOWN
    assert judge.needs_words(0.5)
    assert judge.said(0.5, ended=True, text="请问您找谁", announced=None).who is Who.PERSON


def test_a_machines_words_are_enough() -> None:
    judge = START.said(3.0, ended=False, text="请留言", announced=VOICEMAIL)
    assert (judge.who, judge.announced) == (Who.MACHINE, VOICEMAIL)


def test_who_talks_on_without_a_pause_is_a_machine() -> None:
    judge = START
    for _ in range(3):
        assert judge.who is Who.UNKNOWN
        judge = judge.said(3.0, ended=False, text="", announced=None)
    assert judge.who is Who.MACHINE
    assert judge.announced is not None
    assert judge.announced.disposition is Disposition.VOICEMAIL


@pytest.mark.parametrize(
    ("kind", "disposition"),
    [(ToneKind.BEEP, "voicemail"), (ToneKind.BUSY, "busy"), (ToneKind.CONGESTION, "network_busy")],
)
def test_tones_that_decide(kind: ToneKind, disposition: str) -> None:
    judge = START.tone(kind)
    assert judge.who is Who.MACHINE
    assert judge.announced is not None
    assert judge.announced.disposition == disposition


@pytest.mark.parametrize("kind", [ToneKind.RINGBACK, ToneKind.MUSIC, ToneKind.INFORMATION])
def test_what_rings_on_is_waited_for_once(kind: ToneKind) -> None:
    judge = START.tone(kind).silence()
    assert judge.who is Who.UNKNOWN
    assert judge.silence().who is Who.PERSON
    assert START.tone(kind).out_of_time().who is Who.PERSON


@pytest.mark.parametrize(
    ("kind", "spoke", "answered", "disposition"),
    [
        (ToneKind.BUSY, False, False, "busy"),
        (ToneKind.BUSY, True, False, "hung_up"),
        (ToneKind.CONGESTION, True, True, "hung_up"),
        (ToneKind.BEEP, True, False, "voicemail"),
        (ToneKind.BEEP, True, True, None),
        (ToneKind.MUSIC, True, False, None),
    ],
)
def test_tones_amid_a_conversation(
    kind: ToneKind, spoke: bool, answered: bool, disposition: str | None
) -> None:
    found = tone_says(kind, spoke=spoke, answered=answered)
    assert (found.disposition if found else None) == disposition


def test_only_endless_answers_are_a_machines() -> None:
    assert endless_talk(6.0) is None
    assert endless_talk(11.5) is not None
