"""Wording to pinyin to the model's symbols."""

from __future__ import annotations

import itertools

import pytest

from base.errors import PromptError
from ivr.voice.numbers import spelled
from ivr.voice.phonemes import FINALS, HANZI, INITIALS, PAUSES, TONES, ipa, phonemes, pieces, spoken_words
from ivr.voice.readings import LETTERS

# The symbols of Kokoro v1.0 that Mandarin uses, as its package lists them (vocab.json).
SYMBOLS = set(" ;:,.!?—…AIOWYʣʤʧʦʨˈˌabdefhijklmnopstuvwxyzæçðŋœɑɐɒɔɕəɚɛɜɡɣɤɥɨɪɯɲɹɻʂʃʊʌʎʒʰꭧ→↓↗↘")


def tones(hanzi: str) -> str:
    """The tone digits of a text's syllables as said."""
    words = itertools.chain.from_iterable(spoken_words(run) for run in HANZI.findall(hanzi))
    return "".join(syllable[-1] for _, own in words for syllable in own)


@pytest.mark.parametrize(
    ("syllable", "symbols"),
    [
        ("zhi1", "ꭧɨ→"),
        ("zi3", "ʦɨ↓"),
        ("ri4", "ɻɨ↘"),
        ("qing3", "ʨʰi↓ŋ"),
        ("xian1", "ɕjɛ→n"),
        ("zhuang4", "ꭧwa↘ŋ"),
        ("hui2", "xwei↗"),
        ("liu4", "ljou↘"),
        ("wen4", "wə↘n"),
        ("chun1", "ꭧʰwə→n"),
        ("nv3", "ny↓"),
        ("xue2", "ɕɥe↗"),
        ("yuan4", "ɥɛ↘n"),
        ("jun1", "ʨy→n"),
        ("yong4", "jʊ↘ŋ"),
        ("bo1", "pwo→"),
        ("er4", "ɚ↘"),
        ("de5", "tɤ"),
        ("an4", "a↘n"),
        ("you3", "jou↓"),
    ],
)
def test_syllables_are_said_with_the_tone_behind_the_vowel(syllable: str, symbols: str) -> None:
    assert ipa(syllable) == symbols


def test_every_symbol_is_one_the_model_knows() -> None:
    finals = "".join(before + after for before, after in FINALS.values())
    used = set(
        "".join([*INITIALS.values(), finals, *TONES.values(), *PAUSES.values(), *LETTERS.values(), "ɨ"])
    )
    assert used <= SYMBOLS


@pytest.mark.parametrize(
    ("hanzi", "expected"),
    [
        ("你好", "23"),
        ("我很好", "323"),
        ("可以理解", "2323"),
        ("不是", "24"),
        ("不能", "42"),
        ("一个", "24"),
        ("一般", "41"),
        ("一起", "43"),
        ("第一", "41"),
        ("请按一", "341"),
        ("十一月", "214"),
        ("一月一号", "1414"),
        ("一点半", "134"),
        ("星期一", "111"),
        ("二十一", "421"),
    ],
)
def test_tones_change_as_they_are_spoken(hanzi: str, expected: str) -> None:
    assert tones(hanzi) == expected


@pytest.mark.parametrize(
    ("hanzi", "readings"),
    [
        ("三七分成", "san1 qi1 fen1 cheng2"),
        ("银行", "yin2 hang2"),
        ("还有", "hai2 you3"),
        ("重置密码", "chong2 zhi4 mi4 ma3"),
        ("您是曾国华本人", "nin2 shi4 zeng1 guo2 hua2 ben3 ren2"),
        ("经理是任芳", "jing1 li3 shi4 ren2 fang1"),
        ("任何人", "ren4 he2 ren2"),
        ("就是解决", "jiu4 shi4 jie3 jue2"),
        ("嗯", "en5"),
    ],
)
def test_words_and_names_have_their_own_readings(hanzi: str, readings: str) -> None:
    assert " ".join(syllable for _, own in spoken_words(hanzi) for syllable in own) == readings


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("请按1", "请按一"),
        ("2026年11月26日", "二零二六年十一月二十六日"),
        ("15:30", "十五点三十分"),
        ("9:05", "九点零五分"),
        ("14:00", "十四点"),
        ("热线95000", "热线九五零零零"),
        ("拨打02161234567", "拨打零二幺六幺二三四五六七"),
        ("工号8012", "工号八千零一十二"),
        ("100000元", "十万元"),
        ("1050", "一千零五十"),
        ("20300股", "两万零三百股"),
        ("0", "零"),
        ("10%", "百分之十"),
        ("3.5%", "百分之三点五"),
        ("110", "一百一十"),
    ],
)
def test_figures_are_said_in_words(written: str, said: str) -> None:
    assert spelled(written) == said


def test_punctuation_becomes_pauses() -> None:
    assert phonemes("您好，再见。") == "ni↗n xau↓, ʦai↘ʨjɛ↘n."


def test_a_character_that_cannot_be_spoken_is_named_with_its_wording() -> None:
    with pytest.raises(PromptError, match="金额是€五"):
        phonemes("金额是€五")
    with pytest.raises(PromptError, match="'€'"):
        phonemes("金额是€五")


def test_a_hanzi_without_a_reading_is_named() -> None:
    with pytest.raises(PromptError, match="'㐂' has no reading"):
        phonemes("您好㐂")


@pytest.mark.parametrize(
    ("symbols", "cut"),
    [
        ("ab. cd. ef.", ["ab. cd.", "ef."]),
        ("ab, cd, ef gh.", ["ab, cd,", "ef gh."]),
        ("abcdefghijk", ["abcdefgh", "ijk"]),
        ("ab? cd!", ["ab? cd!"]),
        ("", []),
    ],
)
def test_long_wordings_are_cut_at_sentences_then_commas(symbols: str, cut: list[str]) -> None:
    assert pieces(symbols, 8) == cut
