"""What speaks against taking an answer at its word: denials, rhetorical questions, somebody else, a doubt.

All of it is heard by character; 不 and 没 by sound too (bu, pu, mei, mo): they are what recognisers mishear.
"""

from __future__ import annotations

import re
from functools import lru_cache

from base.pinyin import folded

_DENYING = frozenset("不没未别甭莫")
_SPELT = {"bu": "不", "pu": "不", "mei": "没", "mo": "没"}
_INNOCENT = re.compile(
    r"[全大]部分?|一部分|每[天次个月年回]|美[元国股]|特别|别[人的]|[分区级个性]别|[姐兄表我]妹妹?|妹妹|^妹$|差不多"
)

_TWICE_DENIED = (
    r"不(?:是|会|太|怎么|很|算|能|得)(?=[不没])",  # 不是不满意
    r"没(?:有|什么|怎么)?(?=不)",  # 没什么不好
    r"没(?:有|怎么)?(?=没有?[错问事])",  # 没有没错; but 没有，没收到 says it twice
    r"(?:不是|没有?|不)(?=还不错)",
    r"不(?=没|不错)",
    r"没(?=[对是])",
    r"[非无](?=[不没])",
)
_TURNED_ROUND = (
    r"非(?![常长场尝])",
    r"无|难(?!道)|哪|谁(?![都也])",
    r"(?<![不没])(?<!知道)怎么",
    r"什么(?!都[不没])",
    r"吗(?!$)",
    r"个屁|个鬼|[很极较]少|有时|偶尔|[他她]自己",
)
_LEFT_OPEN = (
    r"不知道|不清楚|不好说|说不[好准清]|不一定|不见得|不记得|记不清|不确定|忘了|忘记",
    r"不太|[不没]怎么",
    r"没有?(?:意见|问题)",
)
_DOUBTS = re.compile("|".join((*_TWICE_DENIED, *_TURNED_ROUND, *_LEFT_OPEN)))

_OTHERS = re.compile(
    r"[谁你您他她它们替找帮问等喊代妈爸爹娘爷奶哥弟姐妹嫂婆公妻夫儿女亲伯叔姨舅家的]"
    r"|爱人|男人|朋友|同事|秘书|助理|[客病]人"
)
_PERSON = re.compile("[我他她它]")
_ASKING = re.compile(r"(?<![说讲问])[吗吧嘛呢么?？][\s。，,.!！]*$")


@lru_cache(maxsize=8192)
def denies(text: str) -> bool:
    """Whether a denial can be heard in it, by character or by sound."""
    return not _DENYING.isdisjoint(_spelt(text))


@lru_cache(maxsize=8192)
def doubts(text: str) -> frozenset[str]:
    """What turns an answer round or leaves it open: 不是不, 哪里, 个屁, 很少, 不知道."""
    return frozenset(_DOUBTS.findall(_spelt(text)))


def contradicts(text: str, phrase: str) -> bool:
    """Whether a text denies what a phrase does not; the 不 of 他不多 may be that of 差不多."""
    if denies(phrase) or not denies(text):
        return False
    return _denying_sounds(phrase) == 0 or more_denied(text, phrase)


def more_denied(text: str, phrase: str) -> bool:
    """Whether a text has more sounds of 不 and 没 in it than a phrase."""
    return _denying_sounds(text) > _denying_sounds(phrase)


def swaps_person(text: str, phrase: str) -> bool:
    """Whether one speaks of 我 alone and the other of 他 alone: 都是我决定 is not 都是他决定 (S7)."""
    said, wanted = _persons(text), _persons(phrase)
    return bool(said and wanted) and said.isdisjoint(wanted)


def _persons(text: str) -> frozenset[str]:
    return frozenset("我" if person == "我" else "他" for person in _PERSON.findall(text))


def _denying_sounds(text: str) -> int:
    return sum(sound in _SPELT for sound in folded(text))


def others(text: str) -> frozenset[str]:
    """Words about other people: the owner hardly needs them to say who he is (A2)."""
    return frozenset(_OTHERS.findall(text))


def asks(text: str) -> bool:
    """Whether it ends as a question or a guess: 是吧, 对吗."""
    return _ASKING.search(text) is not None


def _spelt(text: str) -> str:
    """With 不 and 没 written where they sound, and without the words that hold them by chance."""
    plain = _INNOCENT.sub("", text)
    sounds = folded(plain)
    if len(sounds) != len(plain):
        return plain
    return "".join(_SPELT.get(sound, character) for sound, character in zip(sounds, plain, strict=True))
