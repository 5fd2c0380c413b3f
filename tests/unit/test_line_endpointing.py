"""When somebody began to speak and when they were done: frames and decisions only, no sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.attention import preview_s
from dialer.line.endpointing import FRAME_S, PREROLL_S, Began, Endpointer, Finding, Nothing, Paused, Spoke
from ivr.asking import PATIENCE_S
from ivr.values import Listen


def frame(n: int) -> bytes:
    return n.to_bytes(4, "little") * 80


def run(
    speech: str,
    *,
    patience_s: float = 0.6,
    no_input_s: float = 5.0,
    longest_s: float = 12.0,
    prompt: int = 0,
    preview_s: float = 0.0,
    barge_in: bool = False,
    lingers: bool = False,
) -> list[Finding]:
    """Feed one frame per character: "x" is speech, "." none; a prompt runs over the first `prompt` frames."""
    ends = Endpointer(
        patience_s=patience_s,
        no_input_s=no_input_s,
        longest_s=longest_s,
        since_s=0.0,
        preview_s=preview_s,
        barge_in=barge_in,
        lingers=lingers,
    )
    found: list[Finding] = []
    for n, mark in enumerate(speech):
        found += ends.feed(frame(n), speech=mark == "x", at_s=n * FRAME_S, playing=n < prompt)
    return found


def spoken(found: list[Finding]) -> Spoke:
    (only,) = [finding for finding in found if isinstance(finding, Spoke)]
    return only


def test_an_utterance_has_its_beginning_and_the_sound_before_it() -> None:
    found = run("." * 50 + "x" * 40 + "." * 60)
    assert isinstance(found[0], Began)
    assert abs(found[0].at_s - 1.0) < 0.001
    answer = spoken(found)
    assert abs(answer.start_s - (1.0 - PREROLL_S)) < 0.001
    assert abs(answer.end_s - (1.8 + 0.3)) < 0.001
    assert answer.pcm[:320] == frame(35)


@pytest.mark.parametrize("patience_s", [0.44, 0.45, 0.9])
def test_a_pause_shows_what_the_utterance_will_be(patience_s: float) -> None:
    pause, end = "." * round(patience_s * 40), "." * 60
    found = run("." * 20 + "x" * 20 + pause + "x" * 20 + end, patience_s=patience_s, preview_s=patience_s / 2)
    first, last = [finding.so_far for finding in found if isinstance(finding, Paused)]
    whole = spoken(found)
    assert last.pcm == whole.pcm
    assert abs(last.start_s - whole.start_s) < 0.001
    assert last.pcm.startswith(first.pcm)
    assert abs(last.quiet_s - patience_s / 2) < FRAME_S


@pytest.mark.parametrize(
    ("kind", "said_s", "told"),
    [
        ("closed", [0.6], [("Began", 0.1), ("Paused", 0.74), ("Spoke", 1.04)]),
        ("closed", [0.6, 0.12, 0.4], [("Began", 0.1), ("Paused", 1.26), ("Spoke", 1.56)]),
        (
            "closed",
            [0.6, 0.3, 0.4],
            [("Began", 0.1), ("Paused", 0.74), ("Began", 0.92), ("Paused", 1.44), ("Spoke", 1.74)],
        ),
        (
            "closed",
            [0.6, 0.6, 0.4],
            [
                ("Began", 0.1),
                ("Paused", 0.74),
                ("Spoke", 1.04),
                ("Began", 1.3),
                ("Paused", 1.74),
                ("Spoke", 2.04),
            ],
        ),
        ("date", [0.6], [("Began", 0.1), ("Paused", 0.82), ("Spoke", 1.5)]),
        ("date", [0.6, 0.2, 0.4], [("Began", 0.1), ("Paused", 1.42), ("Spoke", 2.1)]),
    ],
)
def test_when_an_answer_is_recognised_and_when_it_has_ended(
    kind: str, said_s: list[float], told: list[tuple[str, float]]
) -> None:
    """Seconds of speech, quiet, speech; what is told then, in seconds from the first word on."""
    marks = "".join(mark * round(s / FRAME_S) for mark, s in zip("x.x.x", said_s, strict=False))
    asked = Listen("", PATIENCE_S[kind])
    ends = Endpointer(
        patience_s=asked.patience_s,
        no_input_s=9,
        longest_s=12,
        since_s=0,
        preview_s=preview_s(asked),
        lingers=True,
    )
    found = [
        (type(finding).__name__, round((n + 1) * FRAME_S, 2))
        for n, mark in enumerate(marks + "." * 100)
        for finding in ends.feed(frame(n), speech=mark == "x", at_s=n * FRAME_S, playing=False)
    ]
    assert found == told


def test_silence_ends_in_nothing_at_its_second() -> None:
    (only,) = run("." * 400, no_input_s=5.0)
    assert isinstance(only, Nothing)
    assert abs(only.at_s - 5.0) < 0.03


def test_a_click_is_no_speech() -> None:
    assert run(("xx" + "." * 20) * 15, no_input_s=5.0)[0] == Nothing(5.0)


def test_a_pause_shorter_than_the_patience_does_not_cut() -> None:
    answer = spoken(run("." * 20 + "x" * 20 + "." * 25 + "x" * 20 + "." * 60, patience_s=0.6))
    assert answer.end_s > (20 + 20 + 25 + 20) * FRAME_S


def test_an_endless_talker_is_cut() -> None:
    answer = spoken(run("." * 20 + "x" * 1000, longest_s=4.0))
    assert abs(answer.end_s - answer.start_s - 4.0) < 0.001


def test_no_input_counts_from_the_end_of_the_prompt() -> None:
    (only,) = run("." * 500, no_input_s=2.0, prompt=200)
    assert abs(only.at_s - 6.0) < 0.03 if isinstance(only, Nothing) else False


def test_no_input_counts_from_the_end_of_a_prompt_that_talk_would_stop() -> None:
    (only,) = run("." * 500, no_input_s=2.0, prompt=200, barge_in=True)
    assert abs(only.at_s - 6.0) < 0.03 if isinstance(only, Nothing) else False


def test_talk_that_stops_the_prompt_counts_at_once() -> None:
    answer = spoken(run("." * 50 + "x" * 30 + "." * 100, prompt=200, barge_in=True))
    assert abs(answer.end_s - (1.6 + 0.3)) < 0.001


def test_early_talk_counts_when_the_prompt_has_ended() -> None:
    found = run("." * 50 + "x" * 30 + "." * 220, prompt=200)
    answer = spoken(found)
    assert abs(answer.start_s - 0.7) < 0.001
    assert [type(finding) for finding in found] == [Began, Spoke]


def test_of_several_early_pieces_the_last_counts() -> None:
    answer = spoken(run("." * 30 + "x" * 20 + "." * 60 + "x" * 20 + "." * 150, prompt=200))
    assert abs(answer.start_s - (110 * FRAME_S - PREROLL_S)) < 0.001


def test_talk_across_the_end_of_the_prompt_stays_whole() -> None:
    answer = spoken(run("." * 180 + "x" * 50 + "." * 60, prompt=200))
    assert abs(answer.start_s - (3.6 - PREROLL_S)) < 0.001
    assert abs(answer.end_s - (4.6 + 0.3)) < 0.001


@given(
    st.text(alphabet="x.", max_size=600),
    st.floats(0.2, 2.0),
    st.floats(0.5, 6.0),
    st.floats(1.0, 8.0),
    st.integers(0, 300),
)
def test_every_listening_ends_once_and_says_true_times(
    speech: str, patience_s: float, no_input_s: float, longest_s: float, prompt: int
) -> None:
    """Whatever is heard: one end, in bounded time, and the sound is that of the seconds given."""
    quiet = "." * (prompt + 900)
    found = run(
        speech + quiet, patience_s=patience_s, no_input_s=no_input_s, longest_s=longest_s, prompt=prompt
    )
    ends = [finding for finding in found if not isinstance(finding, Began)]
    assert len(ends) == 1
    assert found[-1] is ends[0]
    if isinstance(ends[0], Spoke):
        first = round(ends[0].start_s / FRAME_S)
        count = round((ends[0].end_s - ends[0].start_s) / FRAME_S)
        assert ends[0].pcm == b"".join(frame(n) for n in range(first, first + count))
        assert count * FRAME_S <= longest_s + FRAME_S


def test_who_speaks_on_is_followed_and_heard_whole() -> None:
    """嗯…… 还行吧: the pause is longer than the patience, and nothing was said meanwhile."""
    found = run("." * 20 + "x" * 15 + "." * 30 + "x" * 25 + "." * 300, patience_s=0.44, lingers=True)
    assert [type(finding) for finding in found] == [Began, Spoke, Began, Spoke]
    first, whole = [finding for finding in found if isinstance(finding, Spoke)]
    assert whole.start_s == first.start_s
    assert whole.pcm.startswith(first.pcm)
    assert abs(whole.end_s - ((20 + 15 + 30 + 25) * FRAME_S + 0.3)) < 0.03


def test_who_does_not_speak_on_is_not_followed_for_ever() -> None:
    ends = Endpointer(patience_s=0.44, no_input_s=5, longest_s=12, since_s=0, lingers=True)
    for n in range(70):
        ends.feed(frame(n), speech=20 <= n < 40, at_s=n * FRAME_S, playing=False)
    assert ends.lingering
    assert ends.cut_off(2.0) is None
    for n in range(70, 400):
        ends.feed(frame(n), speech=False, at_s=n * FRAME_S, playing=False)
    assert ends.done
