"""What a simulated phone is tested with: ears that know the words already, and sentences without a voice."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from base.audio import RATE, Samples
from base.errors import LineError
from base.yamlfile import parse
from ivr.hearing import Heard
from softphone.persona import Cast, PersonaError

CAST = """\
questions:
  is_owner: ["请问您是{name}本人吗"]
  convenient: [您现在方便吗]
  goodbye: [感谢您的配合再见]
  when.confirm: [再打给您，对吗？]
  when.wrong: []
manners:
  friendly: {is_owner: 我就是。, convenient: 方便。, goodbye: {quiet: true}}
personas:
  - id: friendly
    name: 张三
    about: answers
    number: "13800000001"
    voice: v
    pickup: {rings_s: 0.05}
    like: friendly
  - {id: busy, name: 李四, about: busy, number: "13800000002", pickup: {does: busy}}
  - {id: rejects, name: 王五, about: rejects, number: "13800000003", pickup: {does: reject, rings_s: 0.05}}
  - {id: empty, name: 赵六, about: empty number, number: "13800000004", pickup: {does: unallocated}}
  - {id: never, name: 孙七, about: never answers, number: "13800000005", pickup: {does: never}}
  - {id: silent, name: 周八, about: silent, number: "13800000006", pickup: {speaks: false, rings_s: 0.05}}
  - id: leaves
    name: 吴九
    about: hangs up in mid-sentence
    number: "13800000007"
    voice: v
    pickup: {rings_s: 0.05}
    like: friendly
    answers: {convenient: {say: 我想一想。, hang_up: amid}}
  - id: keys
    name: 郑十
    about: answers by keys and then hangs up
    number: "13800000008"
    voice: v
    pickup: {rings_s: 0.05}
    like: friendly
    answers:
      convenient: {say: 方便。, press: "1#", hang_up: after}
  - id: insists
    name: 何十
    about: answers in other words when asked again
    number: "13800000009"
    voice: v
    pickup: {rings_s: 0.05}
    answers: {is_owner: [我是。, {say: 我就是。}]}
  - id: silent_first
    name: 杨一
    about: silent in the first call
    number: "13800000010"
    voice: v
    pickup: {rings_s: 0.05, silent_calls: 1}
    like: friendly
  - id: street
    name: 朱二
    about: answers from a street
    number: "13800000011"
    voice: v
    pickup: {rings_s: 0.05}
    like: friendly
    noise: {kind: street, snr_db: 10}
  - id: muted
    name: 秦三
    about: a telephone that mutes its pauses
    number: "13800000012"
    voice: v
    pickup: {rings_s: 0.05}
    like: friendly
    noise: {kind: street, snr_db: 10, during: speech}
  - id: attentive
    name: 尤四
    about: knows when to be called
    number: "13800000013"
    voice: v
    pickup: {rings_s: 0.05}
    answers: {when.confirm: 对的。, when.wrong: [不对，明天下午三点半。, 不对。]}
    meant: {when: 明天下午三点半}
"""


def cast() -> Cast:
    """Thirteen personas."""
    return parse(CAST, "cast.yaml", Cast, PersonaError)


@dataclass
class Telepath:
    """An ear that is told the words: the sound holds them as UTF-8. `lengths` keeps how many bytes it got.

    `deaf`: it fails.
    """

    lengths: list[int] = field(default_factory=list)
    deaf: bool = False

    async def hear(self, pcm: bytes, expected: tuple[str, ...] = ()) -> Heard:  # noqa: ARG002
        """The words that `words` put in."""
        self.lengths.append(len(pcm))
        if self.deaf:
            raise LineError("the ear is gone")
        return Heard(pcm.lstrip(b"\0").decode())


def words(text: str, length_s: float = 2.0) -> bytes:
    """Sound for a `Telepath`."""
    return text.encode().rjust(2 * int(RATE * length_s), b"\0")


@dataclass
class Hum:
    """A synthesiser that hums 0.2 s at 440 Hz whatever the wording; `said` keeps the wordings."""

    said: list[tuple[str, str]] = field(default_factory=list)
    voices: tuple[str, ...] = ("v",)

    def speak(self, wording: str, voice: str, speed: float = 1.0) -> Samples:  # noqa: ARG002
        """The same hum each time."""
        self.said.append((voice, wording))
        return np.asarray(8000 * np.sin(np.arange(RATE // 5) * 2 * np.pi * 440 / RATE), np.int16)
