"""Calls that cannot be judged by their flags: no flag must never read as no violation. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from records.model import AnswerRow
from records.post_call import Utterance
from transcribe.leads import PEOPLE
from transcribe.text import looped

_UNSURE = 0.4
"""Mean confidence, by seconds, below which noise or dialect has won."""
_LEAST_S = 3.0
"""Seconds of speech from which that can be told."""
_UNHEARD = 0.5
"""Share of the answered questions of whose answer no word was transcribed."""
_LEAST_ANSWERS = 3


def doubt(utterances: Sequence[Utterance], answers: Sequence[AnswerRow]) -> str:
    """Why a call cannot be judged, for people; "" when it can."""
    people = [one for one in utterances if one.party in PEOPLE]
    length_s = sum(one.end_s - one.start_s for one in people)
    circling = sum(one.end_s - one.start_s for one in people if looped(one.text))
    if circling > length_s / 2:
        return "转写内容循环重复，无法判断"
    sure = sum((one.end_s - one.start_s) * one.confidence for one in people)
    if length_s >= _LEAST_S and sure < _UNSURE * length_s:
        return f"听不清（平均置信度 {sure / length_s:.2f}），可能是噪声或方言，无法判断"
    spoken = [one for one in answers if one.how == "speech"]
    unheard = sum(not any(_meet(answer, said) for said in people) for answer in spoken)
    if len(spoken) >= _LEAST_ANSWERS and unheard > _UNHEARD * len(spoken):
        return f"{len(spoken)} 处语音回答有 {unheard} 处没有转写出来，无法判断"
    return ""


def _meet(answer: AnswerRow, said: Utterance) -> bool:
    return answer.start_s < said.end_s and said.start_s < answer.end_s
