"""Where speech is, from a detector's probabilities to turns worth decoding."""

import pytest

from transcribe.segments import FRAME_S, Cutting, Span, speech, turns, unheard


def frames(*runs: tuple[float, float]) -> list[float]:
    """Probabilities: (seconds, probability) after each other."""
    return [probability for seconds, probability in runs for _ in range(round(seconds / FRAME_S))]


def test_speech_begins_at_the_threshold_and_ends_below_the_release() -> None:
    found = speech(frames((0.96, 0.0), (0.96, 0.9), (0.32, 0.08), (0.96, 0.01)))
    assert [(round(span.start_s, 2), round(span.end_s, 2)) for span in found] == [(0.96, 2.24)]


def test_a_click_is_no_speech_and_speech_may_last_to_the_end() -> None:
    found = speech(frames((0.96, 0.0), (0.064, 0.9), (0.96, 0.0), (0.96, 0.9)))
    assert [round(span.start_s, 2) for span in found] == [1.98]


@pytest.mark.parametrize("probabilities", [[], [0.0] * 50, [0.1] * 50])
def test_silence_and_noise_hold_no_speech(probabilities: list[float]) -> None:
    assert speech(probabilities) == ()


def test_short_pauses_belong_to_a_turn_long_ones_do_not() -> None:
    assert turns([Span(1, 2), Span(3, 4), Span(8, 9)], 20.0) == (Span(0.7, 4.3), Span(7.7, 9.3))


def test_a_turn_is_padded_within_the_recording_and_never_into_its_neighbour() -> None:
    assert turns([Span(0.1, 1), Span(2.9, 3.0)], 3.1, Cutting(gap_s=0.5)) == (Span(0.0, 1.3), Span(2.6, 3.1))
    close = turns([Span(1, 2), Span(2.2, 3)], 9.0, Cutting(gap_s=0.1))
    assert [(round(one.start_s, 2), round(one.end_s, 2)) for one in close] == [(0.7, 2.1), (2.1, 3.3)]


def test_no_turn_is_longer_than_the_recogniser_takes() -> None:
    talk = [Span(n * 3.0, n * 3.0 + 2.5) for n in range(30)] + [Span(100, 170)]
    cut = turns(talk, 200.0)
    assert max(span.length_s for span in cut) <= 25.0 + 1e-9
    assert sum(span.length_s for span in cut) >= 30 * 2.5 + 70


def test_an_answer_in_which_nothing_was_found_is_decoded_whole() -> None:
    windows = [Span(1, 3), Span(10, 12), Span(20, 60), Span(70, 70)]
    assert unheard(windows, [Span(0.5, 2)]) == (Span(10, 12), Span(20, 45))
