"""Readings that a dictionary gets wrong in follow-up calls, surnames, and names of letters."""

from __future__ import annotations

import re

READINGS = {
    "为您": "wei4 nin2",
    "还有": "hai2 you3",
    "还是": "hai2 shi4",
    "还行": "hai2 xing2",
    "分成": "fen1 cheng2",
    "佣金": "yong4 jin1",
    "重置": "chong2 zhi4",
    "行情": "hang2 qing2",
    "不得": "bu4 de2",
    "您的": "nin2 de5",
    "先生": "xian1 sheng5",
    "谢谢": "xie4 xie5",
    "教过": "jiao1 guo5",
    "麻烦": "ma2 fan5",
    "清楚": "qing1 chu5",
    "告诉": "gao4 su5",
    "时候": "shi2 hou5",
    "名字": "ming2 zi5",
    "意思": "yi4 si5",
    "朋友": "peng2 you5",
}
"""Words with their syllables; they also part the words around them."""

SPOKEN = {
    "嗯": "en5", "呣": "mu2", "哼": "heng1", "欸": "ei4", "诶": "ei4", "哦": "o4", "噢": "o4", "喔": "o4",
}  # fmt: skip
"""Interjections by themselves, some of which a dictionary gives syllables without a vowel."""

SURNAMES = {
    "单": "shan4", "仇": "qiu2", "任": "ren2", "曾": "zeng1", "解": "xie4", "查": "zha1", "区": "ou1",
    "盖": "ge3", "朴": "piao2", "翟": "zhai2", "覃": "qin2", "燕": "yan1", "华": "hua4",
    "葛": "ge3", "缪": "miao4",
}  # fmt: skip
"""Characters that are read in another way when they open a person's name."""

_OPENS = "[" + "".join(SURNAMES) + "](?![决释除答何务意询看到独位子别域为])"
_GIVEN = r"[\u4e00-\u9fff]{0,2}"
SURNAME_PLACE = re.compile(
    rf"(?:^|(?<=[是找问和叫])){_OPENS}(?={_GIVEN}(?:先生|女士|小姐|经理|本人|在吗|什么时候|的联系方式))"
    rf"|(?<=是){_OPENS}(?={_GIVEN}$)"
)
"""Where such a character opens a name in a run of hanzi: behind 是 or 找, before what follows names."""

LETTERS = {
    "A": "ˈA", "B": "bˈi", "C": "sˈi", "D": "dˈi", "E": "ˈi", "F": "ˈɛf", "G": "ʤˈi", "H": "ˈAʧ", "I": "ˈI",
    "J": "ʤˈA", "K": "kˈA", "L": "ˈɛl", "M": "ˈɛm", "N": "ˈɛn", "O": "ˈO", "P": "pˈi", "Q": "kjˈu",
    "R": "ˈɑɹ", "S": "ˈɛs", "T": "tˈi", "U": "jˈu", "V": "vˈi", "W": "dˈʌbəljˌu", "X": "ˈɛks", "Y": "wˈI",
    "Z": "zˈi",
}  # fmt: skip
"""Names of Latin letters (A股, ETF) in the model's English symbols."""
