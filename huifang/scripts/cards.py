"""What stands on the card of a node: its number and kind, what is said, the answers with their keys. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.script import Appoint, Ask, Branch, End, HandOver, Node, Note, Option, Say, Script, prompts

WIDTH = 300.0
FONT, SMALL = 14.0, 12.0
"""Sizes of a wording and of everything else, in pixels."""

LINE, ROW, HEAD, PAD = 20.0, 19.0, 26.0, 10.0
"""Heights of a line of a wording, of an answer's row, of the head; the margin inside."""

KINDS: dict[type[Node], str] = {
    Say: "说",
    Ask: "问",
    Branch: "分支",
    Appoint: "约时间",
    Note: "记录",
    HandOver: "转人工",
    End: "结束",
}
ANSWERS = {
    "closed": "选择",
    "scale": "等级",
    "free": "自由回答",
    "date_time": "时间",
    "several": "多选",
    "number": "号码",
    "date": "日期",
}
OUTCOMES = {
    "completed": "完成",
    "hung_up": "中途挂断",
    "wrong_party": "非本人",
    "unheard": "没听清",
    "refused": "拒访",
    "rescheduled": "改约",
    "handed_over": "转人工",
    "silent": "静音",
}
WAYS = {
    "silence": "一直没有声音",
    "wrong_person": "不是本人",
    "refuse": "不愿接受回访",
    "never": "以后别再打",
    "not_now": "现在不方便",
    "person": "要求人工",
    "complaint": "投诉",
    "dialect": "要求方言",
    "unheard": "接连没听懂",
}
CASES = {"landline": "座机", "mobile": "手机", "given": "有", "missing": "没有", "unanswered": "未回答"}
CHOSEN = frozenset({"closed", "scale", "several"})
"""Questions whose answer is one of their options."""
NO_ANSWER, NO_SOUND, ANSWERED, ELSE = "未答或未听懂", "没有声音", "回答后", "其他"


@dataclass(frozen=True, slots=True)
class Row:
    """One way out of a node: its key, its name, where it leads, whether over the border of A2."""

    key: str
    label: str
    target: str
    confirms_owner: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A node as it is drawn. `head`: kind and what else is to be known of it; `lines`: its wording.

    `public`: for anyone (A2); `ends`: the call does; `mute`: it says nothing.
    """

    name: str
    number: int
    head: str
    lines: tuple[str, ...]
    rows: tuple[Row, ...]
    public: bool
    ends: bool
    mute: bool

    @property
    def height(self) -> float:
        """In pixels."""
        rows = len(self.rows) * ROW + (PAD if self.rows else 0)
        return HEAD + PAD / 2 + len(self.lines) * LINE + rows + PAD / 2


def cards(script: Script) -> dict[str, Card]:
    """A card for every node, numbered in the script's order."""
    return {
        name: _card(name, number, node) for number, (name, node) in enumerate(script.nodes.items(), start=1)
    }


def _card(name: str, number: int, node: Node) -> Card:
    worded = next((wording for _, wording in prompts(node)), "") or _silent(node)
    return Card(
        name=name,
        number=number,
        head=" · ".join(_head(node)),
        lines=tuple(wrapped(worded, (WIDTH - 2 * PAD) / FONT - 1)),
        rows=tuple(rows(node)),
        public=node.public,
        ends=isinstance(node, End | HandOver),
        mute=not any(prompts(node)),
    )


def _head(node: Node) -> Iterator[str]:
    """The node's kind, and what holds for it."""
    kind = KINDS[type(node)]
    match node:
        case Ask():
            yield f"{kind}（{ANSWERS[node.answer]}）"
            if node.mandatory:
                yield "必答"
        case End():
            yield f"{kind}（{OUTCOMES[node.end.value]}）"
        case _:
            yield kind
    if node.marketing:
        yield "推介"


def _silent(node: Node) -> str:
    """What a node does that says nothing."""
    match node:
        case Branch(branch=subject):
            kind, _, name = subject.partition(" ")
            asked = {"score": "总分属于哪一档？", "line": "座机还是手机？", "slot": f"有没有 {{{name}}}？"}
            return asked.get(kind) or f"看 {name} 的回答"
        case Note(note=note):
            return f"给人员留言：{note}"
        case _:
            return "（不说话）"


def rows(node: Node) -> Iterator[Row]:
    """The ways out that a node itself has; what every question has stands in a table beside."""
    if isinstance(node, Ask):
        for option in node.options.values():
            yield Row(option.key or "", _label(option), node.after(option), option.confirms_owner)
    if isinstance(node, Branch):
        for case, target in node.cases.items():
            yield Row("", CASES.get(case, case), target)
    go, otherwise, silence = (getattr(node, key, None) for key in ("go", "otherwise", "silence"))
    if isinstance(node, Ask) and node.answer in CHOSEN:
        go = None  # of its options
    if go is not None and go == otherwise:
        yield Row("", "然后", go)
        go = otherwise = None
    if go is not None:
        yield Row("", ANSWERED if isinstance(node, Ask | Appoint) else "然后", go)
    if otherwise is not None:
        yield Row("", ELSE if isinstance(node, Branch) else NO_ANSWER, otherwise)
    if silence is not None:
        yield Row("", NO_SOUND, silence)
    if isinstance(node, HandOver) and node.nobody is not None:
        yield Row("", f"{node.to} 没有人接", node.nobody)
    if isinstance(node, HandOver) and node.last_words is not None:
        yield Row("", "人员挂断后", node.last_words)


def _label(option: Option) -> str:
    """An option's name, with its points (S12)."""
    return option.label if option.points is None else f"{option.label}（{option.points} 分）"


def width_em(text: str) -> float:
    """About how wide a text is, in heights of its letters."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.56 for one in text)


def wrapped(text: str, most_em: float) -> Iterator[str]:
    """The text in lines of at most so many letters' heights; slots stay whole; no comma comes first."""
    line = ""
    for word in _words(text):
        if line and width_em(line + word) > most_em and word not in "，。！？、；：）":
            yield line
            line = ""
        line += word
    if line:
        yield line


def _words(text: str) -> Iterator[str]:
    word = ""
    for letter in text:
        if letter.isascii() and not letter.isspace():
            word += letter
            continue
        if word:
            yield word
        yield letter
        word = ""
    if word:
        yield word


def clipped(text: str, most_em: float) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if width_em(text) <= most_em:
        return text
    while text and width_em(text) + 1 > most_em:
        text = text[:-1]
    return f"{text}…"


def ways_of(script: Script) -> dict[str, tuple[str, str]]:
    """For each wish that every question understands: where it leads before and with the owner."""
    before, with_owner = dict(script.ways.before_owner), dict(script.ways.with_owner)
    return {way: (before.get(way, ""), with_owner.get(way, "")) for way in before | with_owner}


def wishes(script: Script) -> dict[str, str]:
    """What customers mean by which they come to a node from any question, by node."""
    found: dict[str, list[str]] = {}
    for way, sides in ways_of(script).items():
        for target in dict.fromkeys(side for side in sides if side):
            found.setdefault(target, []).append(WAYS.get(way, way))
    return {name: "、".join(dict.fromkeys(meant)) for name, meant in found.items()}
