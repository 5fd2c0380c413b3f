"""Who is on which channel, and who speaks when two voices share one."""

from __future__ import annotations

import numpy as np
import pytest

from base.audio import RATE, Samples
from base.errors import InputError
from tests.soundscapes import to_samples
from transcribe import elsewhere, speakers
from transcribe.segments import Span

LOW, HIGH = (120, (500, 1200, 2400)), (210, (800, 1700, 3000))
"""Voices: pitch and formants in Hz."""


def voice(kind: tuple[int, tuple[int, int, int]], seconds: float, seed: int) -> Samples:
    """A buzz through formants that wander a little, as vowels do."""
    random = np.random.default_rng(seed)
    pitch, formants = kind
    parts = []
    for _ in range(round(seconds / 0.15)):
        t = np.arange(round(0.15 * RATE)) / RATE
        peaks = np.array(formants) * random.uniform(0.8, 1.25, 3)
        hz = pitch * random.uniform(0.9, 1.1) * np.arange(1, 30)
        gain = sum(1 / (1 + ((hz - peak) / 120) ** 2) for peak in peaks)
        parts.append((np.sin(2 * np.pi * np.outer(t, hz)) * gain).sum(axis=1))
    sound = np.concatenate(parts)
    noisy = 0.2 * sound / np.abs(sound).max() + random.normal(0, 0.002, len(sound))
    return to_samples(noisy)


def talk(*turns: tuple[tuple[int, tuple[int, int, int]], float]) -> tuple[Samples, list[Span]]:
    """Turns of voices with pauses, and where they are."""
    parts, spans, at = [], [], 0.0
    for n, (kind, length) in enumerate(turns):
        sound = voice(kind, length, n)
        parts += [sound, np.zeros(RATE // 2, np.int16)]
        spans.append(Span(at, at + len(sound) / RATE))
        at += len(sound) / RATE + 0.5
    return np.concatenate(parts), spans


def test_two_voices_are_told_apart() -> None:
    track, spans = talk((LOW, 2.1), (HIGH, 0.9), (LOW, 1.5), (HIGH, 1.8), (LOW, 0.3), (HIGH, 0.3))
    assert speakers.apart(track, spans) == (0, 1, 0, 1, 0, 1)


def test_one_voice_stays_one() -> None:
    said = voice(LOW, 3.0, 1)
    spans = [Span(3.0 * n, 3.0 * n + 3.0) for n in range(4)]
    assert speakers.apart(np.tile(said, 4), spans) == (0, 0, 0, 0)


@pytest.mark.parametrize("spans", [[], [Span(0.0, 0.3)], [Span(0.0, 2.0)], [Span(0.5, 0.5)] * 2])
def test_too_little_for_two_voices(spans: list[Span]) -> None:
    assert speakers.apart(np.zeros(3 * RATE, np.int16), spans) == (0,) * len(spans)


def test_who_speaks_longer_is_taken_for_the_agent_and_turns_are_joined() -> None:
    track, spans = talk((HIGH, 0.9), (LOW, 2.1), (LOW, 1.5), (HIGH, 1.2))
    found = elsewhere.guessed(track, spans)
    assert [len(found[party]) for party in ("agent", "customer")] == [1, 2]
    (agent,) = found["agent"]
    assert agent.start_s < spans[1].start_s < spans[2].end_s < agent.end_s
    assert found["customer"][0].end_s <= agent.start_s
    assert found["customer"][1].end_s <= len(track) / RATE


def test_nothing_said_is_nothing_guessed() -> None:
    assert elsewhere.guessed(np.zeros(RATE, np.int16), ()) == {"customer": (), "agent": ()}


def test_sides_are_mapped() -> None:
    assert elsewhere.channel_map("left=customer,right=agent") == ("customer", "agent")
    assert elsewhere.channel_map("right=customer, left=agent") == ("agent", "customer")


@pytest.mark.parametrize("written", ["", "left", "left=customer", "left=agent,right=agent", "left=a,right=b"])
def test_a_map_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="who is on which side"):
        elsewhere.channel_map(written)


def test_tracks_of_the_parties() -> None:
    left, right = voice(LOW, 1.0, 1), voice(HIGH, 1.0, 2)
    assert list(elsewhere.tracks((left,), ("customer", "agent"))) == [""]
    assert list(elsewhere.tracks((left, left), None)) == [""]
    assert list(elsewhere.tracks((left * 0, left * 0), None)) == [""]
    found = elsewhere.tracks((left, right), ("agent", "customer"))
    assert found["agent"] is left
    assert found["customer"] is right
    with pytest.raises(InputError, match="is stereo"):
        elsewhere.tracks((left, right * 0), None)
