"""Our own prompt, coming back, is no speech; who talks over it is heard."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from base.audio import RATE, Samples, read_wav
from dialer.line.echo import FRAME, FRAME_S, EchoGuard
from dialer.line.endpointing import Began, Endpointer, Finding, Spoke
from dialer.line.vad import GatedVad
from tests.echoing import coming_back
from tests.speech_kit import recorded
from tests.speechlike import silence, speech

ECHOES = [(-20.0, 0.12), (-12.0, 0.04), (-12.0, 0.12), (-12.0, 0.3), (-20.0, 0.3), (-30.0, 0.06)]
"""Level in dB against the prompt's, and seconds of delay."""


SHIPPED = ("abnormal.aside.why.to_owner", "new_account.form.again", "new_account.thanks")
"""Of 3 to 6 s; what they say is in the prompts' own directory."""


@cache
def shipped(name: str) -> Samples:
    """A prompt that the product ships, by the name of what it says."""
    path, *_ = sorted((Path(__file__).parents[2] / "prompts").glob(f"{name}-*.wav"))
    return read_wav(path)


@cache
def prompts() -> tuple[Samples, ...]:
    """Three shipped prompts, and babble with a pause that no synthesiser made."""
    return *map(shipped, SHIPPED), np.concatenate([speech(2.0), silence(0.4), speech(1.0)])


def began_s(sent: Samples, guard: EchoGuard | None, late_s: float = 0.0) -> list[float]:
    """When speech began in what a far end sent; the prompt is said to have begun `late_s` too late."""
    vad = GatedVad()
    ends = Endpointer(patience_s=0.45, no_input_s=30, longest_s=12, since_s=0)
    found: list[Finding] = []
    for n in range(len(sent) // FRAME):
        frame, at_s = sent[n * FRAME : (n + 1) * FRAME].tobytes(), n * FRAME_S
        ours = guard is not None and guard.ours(frame, at_s - late_s)
        speaks = vad.speech(frame) and not ours
        found += ends.feed(frame, speech=speaks, at_s=at_s, playing=False)
    return [one.at_s for one in found if isinstance(one, Began)]


def guarding(prompt: Samples) -> EchoGuard:
    guard = EchoGuard()
    guard.play(prompt, 0.0)
    return guard


@pytest.mark.parametrize(("level_db", "delay_s"), ECHOES)
def test_an_echo_is_no_speech_from_the_first_prompt_on(level_db: float, delay_s: float) -> None:
    for prompt in prompts():
        assert began_s(coming_back(prompt, level_db, delay_s), guarding(prompt), 0.015) == []


@pytest.mark.parametrize("later_s", [-0.04, -0.02, 0.02, 0.04])
@pytest.mark.parametrize("at_s", [0.8, 1.4, 2.0])
def test_an_echo_whose_path_grows_or_shrinks_meanwhile_is_no_speech(later_s: float, at_s: float) -> None:
    """A jitter buffer on its way holds a frame or two more from then on, or less."""
    moves, by = round(at_s * RATE), round(later_s * RATE)
    for prompt in prompts():
        sent = coming_back(prompt, -14, 0.2)
        moved = np.concatenate([sent[:moves], silence(max(0.0, later_s)), sent[moves - min(0, by) :]])
        assert began_s(moved, guarding(prompt), 0.015) == []


def test_without_the_guard_it_would_be() -> None:
    assert began_s(coming_back(prompts()[0], -20, 0.12), None) != []


@pytest.mark.parametrize("customer_db", [0.0, -6.0])
@pytest.mark.parametrize(("level_db", "delay_s"), [(None, 0.0), *ECHOES[:4]])
def test_who_talks_over_the_prompt_is_heard(
    level_db: float | None, delay_s: float, customer_db: float
) -> None:
    """Over a call's first prompt, of which nothing is known yet, even 6 dB below the prompt's own level."""
    for prompt, at_s in zip(prompts()[:3], (0.5, 1.2, 1.9), strict=True):
        sent = coming_back(
            prompt, level_db, delay_s, customer=recorded("myself"), customer_db=customer_db, at_s=at_s
        )
        [first, *_] = began_s(sent, guarding(prompt))
        assert at_s - 0.1 < first < at_s + 0.7


def test_a_call_with_echo_is_known_at_its_next_prompts() -> None:
    first, second, third = prompts()[:3]
    guard = EchoGuard()
    start = 0.0
    for prompt in (first, second, third):
        guard.play(prompt, start)
        assert began_s(coming_back(prompt, -12, 0.2), guard, -start) == []
        start += 20.0


def test_a_stopped_prompt_has_no_echo_later() -> None:
    """What resembles its unsaid part is the customer."""
    prompt = prompts()[0]
    guard = guarding(prompt)
    guard.stop(0.4)
    sent = np.concatenate([silence(1.5), prompt])
    assert began_s(sent, guard) != []


def test_nothing_played_nothing_suspected() -> None:
    guard = EchoGuard()
    frame = speech(0.02).tobytes()
    assert not guard.ours(frame, 0.0)
    guard.stop(1.0)
    assert not guard.ours(frame, 1.0)


def test_an_answer_right_after_the_prompt_is_whole() -> None:
    """The echo's last words end in the answer's first."""
    prompt = prompts()[1]
    end_s = len(prompt) / RATE
    answer = recorded("satisfied")
    sent = coming_back(prompt, -16, 0.25, customer=answer, customer_db=0.0, at_s=end_s + 0.1)
    sent = np.concatenate([sent, silence(1.0)])
    vad, guard = GatedVad(), guarding(prompt)
    ends = Endpointer(patience_s=0.45, no_input_s=30, longest_s=12, since_s=0)
    found: list[Finding] = []
    for n in range(len(sent) // FRAME):
        frame, at_s = sent[n * FRAME : (n + 1) * FRAME].tobytes(), n * FRAME_S
        ours = guard.ours(frame, at_s)
        speaks = vad.speech(frame) and not ours
        found += ends.feed(frame, speech=speaks, at_s=at_s, playing=at_s < end_s)
    [answered] = [one for one in found if isinstance(one, Spoke)]
    assert answered.start_s < end_s + 0.35
    assert answered.end_s > end_s + len(answer) / RATE - 0.3


def spoken_over(
    prompt: Samples, level_db: float | None, guard: EchoGuard, delay_s: float = 0.13, at_s: float = 1.6
) -> tuple[Samples, Samples, Samples]:
    """What somebody said over an echoing prompt: as it was, as it came, and as the guard cleans it."""
    count = 10000
    whole = coming_back(prompt, level_db, delay_s, customer=recorded("myself"), at_s=at_s)
    alone = coming_back(prompt, None, 0.0, customer=recorded("myself"), at_s=at_s)
    for n in range((round(at_s * RATE) + count) // FRAME):
        guard.ours(whole[n * FRAME : (n + 1) * FRAME].tobytes(), n * FRAME_S)
    piece = slice(round(at_s * RATE), round(at_s * RATE) + count)
    cleaned = np.frombuffer(guard.clean(whole[piece].tobytes(), at_s), np.int16)
    return alone[piece], whole[piece], cleaned


TALKED_OVER = (
    *SHIPPED,
    "new_account.is_in.again",
    "new_account.dialect",
    "risk_questionnaire.fall",
    "special_complaint.pleased",
)
"""Of the first and the last four the echo's levels show little, or late, while somebody talks over it."""


@pytest.mark.parametrize("name", TALKED_OVER)
@pytest.mark.parametrize(("level_db", "delay_s"), [(-12.0, 0.04), (-12.0, 0.13), (-20.0, 0.3), (-26.0, 0.13)])
@pytest.mark.parametrize("at_s", [0.6, 1.6])
def test_what_was_said_over_the_prompt_is_given_without_it(
    name: str, level_db: float, delay_s: float, at_s: float
) -> None:
    prompt = shipped(name)
    said = spoken_over(prompt, level_db, guarding(prompt), delay_s, at_s)
    alone, came, cleaned = (one.astype(float) for one in said)
    echo, rest = np.mean((came - alone) ** 2), np.mean((cleaned - alone) ** 2)
    assert 10 * np.log10(echo / rest) > 6


@pytest.mark.parametrize("name", TALKED_OVER)
@pytest.mark.parametrize("at_s", [0.6, 1.6])
def test_what_was_said_without_an_echo_is_given_to_the_sample(name: str, at_s: float) -> None:
    prompt = shipped(name)
    _, came, cleaned = spoken_over(prompt, None, guarding(prompt), at_s=at_s)
    assert np.array_equal(came, cleaned)


def test_the_same_sound_is_cleaned_alike() -> None:
    """Else what was recognised at the pause would be recognised again."""
    prompt = prompts()[0]
    guard = guarding(prompt)
    _, came, cleaned = spoken_over(prompt, -12, guard)
    guard.ours(came[:FRAME].tobytes(), 2.9)
    assert guard.clean(came.tobytes(), 1.6) == cleaned.tobytes()


def test_sound_without_echo_is_left_as_it_is() -> None:
    prompt = prompts()[0]
    guard = guarding(prompt)
    sent = coming_back(prompt, None, 0.0, customer=recorded("myself"), at_s=1.0)
    began_s(sent, guard)
    assert guard.clean(sent.tobytes(), 0.0) == sent.tobytes()
