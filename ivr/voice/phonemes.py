"""Chinese wording → pinyin with tones as spoken → the phonemes that the Kokoro model was trained on (pure).

Three steps: figures into words (`numbers`), words into syllables with tone sandhi, syllables into IPA with an
arrow for the tone. Syllables are pinyin with a tone digit, 5 for the neutral tone: `nin2`, `de5`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pypinyin import Style, lazy_pinyin
from pypinyin.contrib.tone_convert import to_finals, to_initials
from pypinyin.seg.mmseg import seg

from base.errors import PromptError
from ivr.voice.numbers import spelled
from ivr.voice.readings import LETTERS, READINGS, SPOKEN, SURNAME_PLACE, SURNAMES

INITIALS = {
    "": "", "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l",
    "g": "k", "k": "kʰ", "h": "x", "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "r": "ɻ",
    "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip
FINALS = {
    "a": ("a", ""), "ai": ("ai", ""), "an": ("a", "n"), "ang": ("a", "ŋ"), "ao": ("au", ""),
    "e": ("ɤ", ""), "ei": ("ei", ""), "en": ("ə", "n"), "eng": ("ə", "ŋ"), "er": ("ɚ", ""), "ê": ("ɛ", ""),
    "i": ("i", ""), "ia": ("ja", ""), "ian": ("jɛ", "n"), "iang": ("ja", "ŋ"), "iao": ("jau", ""),
    "ie": ("je", ""), "in": ("i", "n"), "ing": ("i", "ŋ"), "iong": ("jʊ", "ŋ"), "iou": ("jou", ""),
    "o": ("wo", ""), "ong": ("ʊ", "ŋ"), "ou": ("ou", ""), "u": ("u", ""), "ua": ("wa", ""),
    "uai": ("wai", ""), "uan": ("wa", "n"), "uang": ("wa", "ŋ"), "uei": ("wei", ""), "uen": ("wə", "n"),
    "ueng": ("wə", "ŋ"), "uo": ("wo", ""),
    "v": ("y", ""), "van": ("ɥɛ", "n"), "ve": ("ɥe", ""), "vn": ("y", "n"),
}  # fmt: skip
"""Each final as what stands before the tone and what stands after it."""

TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
PAUSES = {
    "，": ", ", "、": ", ", ",": ", ", "；": "; ", ";": "; ", "：": ": ", ":": ": ", "。": ". ", ".": ". ",
    "？": "? ", "?": "? ", "！": "! ", "!": "! ", "…": "… ", "—": "— ", "（": ", ", "）": ", ", "(": ", ",
    ")": ", ", "“": "", "”": "", "‘": "", "’": "", '"': "", "'": "", "《": "", "》": "", "「": "", "」": "",
    " ": " ", "\n": " ", "·": "", "-": " ",
}  # fmt: skip
HANZI = re.compile(r"[\u3400-\u9fff〇]+")
_APICAL = {"z", "c", "s", "zh", "ch", "sh", "r"}
_NUMERALS = frozenset("零〇一二三四五六七八九十百千万亿两幺第几")
_DATED = frozenset("月号日零〇二三四五六七八九幺")
"""Behind 一: it is a date or one digit of several."""

Word = tuple[str, tuple[str, ...]]
"""A word and its syllables."""


def phonemes(wording: str) -> str:
    """The wording in the model's symbols: words parted by spaces, punctuation kept as pauses.

    Raises:
        PromptError: a character has no reading.
    """
    text = spelled(unicodedata.normalize("NFKC", wording)).strip()
    said, at = "", 0
    while at < len(text):
        if run := HANZI.match(text, at):
            said += " ".join("".join(map(ipa, syllables)) for _, syllables in spoken_words(run[0]))
            at = run.end()
        else:
            said += _other(text[at], wording)
            at += 1
    return re.sub(r"\s+", " ", said).strip(" ,")


def pieces(symbols: str, longest: int) -> list[str]:
    """Symbols cut at sentence ends, else at commas, else at spaces: no piece is longer than `longest`."""
    joined: list[str] = []
    for sentence in re.findall(r"[^.?!]+[.?!]*\s*", symbols):
        if joined and len(joined[-1]) + len(sentence) <= longest:
            joined[-1] += sentence
        else:
            joined.append(sentence)
    return [cut for piece in joined for cut in _cut(piece.strip(), longest) if cut]


def spoken_words(hanzi: str) -> list[Word]:
    """A run of hanzi as words with the syllables that are said, tone sandhi done.

    Raises:
        PromptError: a character has no reading.
    """
    words = list(_words(hanzi))
    flat = _third_tones(words, _yi_bu(hanzi, [syllable for _, own in words for syllable in own]))
    done: list[Word] = []
    for word, syllables in words:
        done.append((word, tuple(flat[: len(syllables)])))
        flat = flat[len(syllables) :]
    return done


def reading(word: str) -> tuple[str, ...]:
    """The word's syllables as a dictionary has them, one for each character.

    Raises:
        PromptError: a character has no reading.
    """
    if known := READINGS.get(word) or SPOKEN.get(word):
        return tuple(known.split())
    syllables = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, errors="ignore")
    if len(syllables) != len(word):
        odd = next(character for character in word if not lazy_pinyin(character, errors="ignore"))
        raise PromptError(f"the character {odd!r} has no reading", where=word, remedy="write another one")
    return tuple(syllables)


def ipa(syllable: str) -> str:
    """One syllable (`zhuang1`) in the model's symbols."""
    plain, tone = syllable[:-1], TONES[syllable[-1]]
    initial = to_initials(plain, strict=True)
    final = to_finals(plain, strict=True, v_to_u=False).replace("ü", "v")
    if initial in _APICAL and final == "i":
        return f"{INITIALS[initial]}ɨ{tone}"
    if final not in FINALS:
        raise PromptError(f"no phonemes for the syllable {syllable!r}")
    before, after = FINALS[final]
    return f"{INITIALS[initial]}{before}{tone}{after}"


def _other(character: str, wording: str) -> str:
    if (pause := PAUSES.get(character)) is not None:
        return pause
    if letter := LETTERS.get(character.upper()):
        return f" {letter} "
    remedy = "write it as it is said"
    raise PromptError(f"the character {character!r} cannot be spoken", where=wording, remedy=remedy)


def _cut(sentence: str, longest: int) -> list[str]:
    if len(sentence) <= longest:
        return [sentence]
    at = max(sentence.rfind(", ", 0, longest), 0) or max(sentence.rfind(" ", 0, longest), 0) or longest - 1
    return [sentence[: at + 1].strip(), *_cut(sentence[at + 1 :].strip(), longest)]


def _words(hanzi: str) -> Iterator[Word]:
    """Surnames and our own readings first, the dictionary's longest words between them."""
    at = 0
    for known in _KNOWN.finditer(hanzi):
        yield from ((word, reading(word)) for word in seg.cut(hanzi[at : known.start()]))
        yield known[0], reading(known[0]) if known[0] in READINGS else (SURNAMES[known[0]],)
        at = known.end()
    yield from ((word, reading(word)) for word in seg.cut(hanzi[at:]))


_KNOWN = re.compile("|".join([SURNAME_PLACE.pattern, *sorted(READINGS, key=len, reverse=True)]))


def _yi_bu(hanzi: str, syllables: list[str]) -> list[str]:
    """不 rises before a fourth tone; 一 rises before a fourth and falls before others, but not in numbers."""
    done = list(syllables)
    for at, character in enumerate(hanzi):
        following = syllables[at + 1][-1] if at + 1 < len(syllables) else ""
        if character == "不" and done[at] != "bu5":
            done[at] = "bu2" if following == "4" else "bu4"
        elif character == "一":
            plain = not following or _counted(hanzi, at)
            done[at] = "yi1" if plain else "yi4" if following in set("123") else "yi2"
    return done


def _counted(hanzi: str, at: int) -> bool:
    """Whether 一 at this place is a figure: in a number, a date, an hour, a day of the week."""
    before, behind = hanzi[max(0, at - 1) : at], hanzi[at + 1 : at + 3]
    if before in _NUMERALS or before in {"周", "期", "初"}:
        return True
    return behind[:1] in _DATED or behind in {"点半", "点钟", "点零", "点整", "点到"}


def _third_tones(words: list[Word], syllables: list[str]) -> list[str]:
    """A third tone rises before another: inside words first, then from the end over the words' borders."""
    done, borders, at = list(syllables), set[int](), 0
    for _, own in words:
        at += len(own)
        borders.add(at)
    pairs = range(len(done) - 2, -1, -1)
    inside = [at for at in pairs if at + 1 not in borders]
    for at in [*sorted(inside), *(at for at in pairs if at + 1 in borders)]:
        if done[at][-1] == "3" and done[at + 1][-1] == "3":
            done[at] = done[at][:-1] + "2"
    return done
