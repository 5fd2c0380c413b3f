"""Conversations in text: a session is driven by a list of replies, without sound and with a made-up clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from base.clock import SHANGHAI
from ivr.hearing import Heard
from ivr.loader import load
from ivr.script import Script
from ivr.session import Session
from ivr.values import (
    Action,
    CustomerHungUp,
    Happening,
    Hold,
    Listen,
    Play,
    PlayEnded,
    Pressed,
    Result,
    Said,
    Silence,
    Slots,
)

NOW = datetime(2026, 11, 25, 10, 7, tzinfo=SHANGHAI)
"""A Wednesday."""
SILENT = ""
HANGS_UP = "/hangs up/"

NEW_ACCOUNT = load(Path(__file__).parents[1] / "config" / "scripts" / "new_account.yaml")


def example_slots(script: Script, **changes: str) -> Slots:
    """The script's example texts; a change to "" takes a slot away."""
    return Slots({name: slot.example for name, slot in script.slots.items()} | changes)


@dataclass
class Conversation:
    """What was said and how it ended."""

    result: Result
    said: list[tuple[str, str]] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    told_before_owner: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def nodes(self) -> list[str]:
        """The nodes that spoke, in order, each run once."""
        return [node for n, (node, _) in enumerate(self.said) if n == 0 or self.said[n - 1][0] != node]

    @property
    def values(self) -> dict[str, str]:
        """Answers by question."""
        return {answer.question: answer.value for answer in self.result.answers}

    @property
    def wording(self) -> str:
        """All that was said."""
        return "\n".join(wording for _, wording in self.said)


CONTENT = [
    "是的我就是",
    "方便",
    "对的",
    "知道",
    "教过的",
    "很满意",
    "收到过",
    "满意",
    "没有了谢谢",
    "是我本人办的",
    "都真实",
    "讲过",
    "是闲钱",
    "一成以内",
    "都是我自己操作",
    "没有",
    "只有我知道",
]
"""What an owner says who answers everything well."""
OPENING = ["是的", "方便"]
BEFORE_S7 = ["对的", "知道", "教过", "满意", "没有", "没什么建议", "是的", "真实", "讲过", "是的", "三成"]
AFTER_S7 = ["没有", "是的"]


def tomorrow(hour: int, minute: int = 0) -> datetime:
    """A time on the day after `NOW`."""
    return datetime(2026, 11, 26, hour, minute, tzinfo=SHANGHAI)


@dataclass
class ByNode:
    """Replies by question: one that is always the same, or several one after the other, then silence."""

    replies: Mapping[str, str | tuple[str, ...]]
    asked: Counter[str] = field(default_factory=Counter)

    def __call__(self, node: str) -> str:
        """What is said at a question now."""
        reply, n = self.replies.get(node, SILENT), self.asked[node]
        self.asked[node] += 1
        if isinstance(reply, str):
            return reply
        return reply[n] if n < len(reply) else SILENT


def converse(
    replies: Iterable[str] | ByNode,
    *,
    script: Script = NEW_ACCOUNT,
    slots: Slots | None = None,
    landline: bool = False,
    apologise: bool = False,
    open_windows: Callable[[datetime], datetime] | None = None,
) -> Conversation:
    """Drive a session: a digit is a key, "" silence; after the last reply there is silence."""
    session, actions = Session.begin(
        script,
        slots or example_slots(script),
        NOW,
        landline=landline,
        apologise=apologise,
        open_windows=open_windows,
    )
    talk, at_s = Conversation(session.result()), 0.0
    given = replies if isinstance(replies, ByNode) else _in_order(replies)
    while actions:
        (action,) = actions
        _note(talk, session, action)
        happening, at_s = _happening(action, given, at_s)
        if happening is None:
            break
        session, actions = session.step(happening)
    talk.result, talk.seconds = session.result(), at_s
    assert session.over
    return talk


def _in_order(replies: Iterable[str]) -> Callable[[str], str]:
    following = iter(replies)
    return lambda _node: next(following, SILENT)


def _note(talk: Conversation, session: Session, action: Action) -> None:
    if not isinstance(action, Play):
        return
    talk.said.append((action.node, "".join(line.wording for line in action.lines)))
    private = [line.wording for line in action.lines if line.private]
    talk.private += private
    if not session.result().owner_confirmed:
        talk.told_before_owner += private


def _happening(action: Action, given: Callable[[str], str], at_s: float) -> tuple[Happening | None, float]:
    if isinstance(action, Play):
        at_s += sum(len(line.wording) for line in action.lines) * 0.22
        return PlayEnded(at_s), at_s
    if isinstance(action, Hold):
        at_s += action.seconds
        return Silence(at_s), at_s
    if not isinstance(action, Listen):
        return None, at_s
    reply = given(action.node)
    if reply == HANGS_UP:
        return CustomerHungUp(at_s), at_s
    if reply == SILENT:
        at_s += action.no_input_s
        return Silence(at_s), at_s
    at_s += 1.0
    if len(reply) == 1 and reply in "0123456789*#":
        return Pressed(reply, at_s), at_s
    at_s += 1.0 + action.patience_s
    return Said(Heard(reply if action.decode else ""), at_s - 2, at_s - action.patience_s), at_s
