"""The files that people write: scripts, and the frames that scripts share.

A frame (`config/scripts/frames/*.yaml`) holds what many calls have in common: opening, ways, endings. A
script that `extends` it brings the questions between the frame's opening and its end. `ivr.composing` puts
them together.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ivr.script import AnyNode, Aside, Name, Phrases, Score, Slot, Strict, Wording

BEGIN, FINISH = "begin", "finish"
"""Reserved: the script's first question, and where the frame goes on after its last one."""


class SomeWays(Strict):
    """`ivr.script.Ways` as far as this file names them."""

    silence: Name | None = None
    wrong_person: Name | None = None
    refuse: Name | None = None
    never: Name | None = None
    not_now: Name | None = None
    person: Name | None = None
    complaint: Name | None = None
    dialect: Name | None = None
    unheard: Name | None = None


class SomeAllWays(Strict):
    """The ways before the owner is confirmed, and with the owner (A2)."""

    before_owner: SomeWays = SomeWays()
    with_owner: SomeWays = SomeWays()


class Written(Strict):
    """What frames and scripts have in common."""

    slots: dict[Name, Slot] = Field(default={})
    phrases: dict[Name, Phrases] = Field(default={})
    hello: tuple[Wording, ...] = ()
    ways: SomeAllWays = SomeAllWays()
    asides: dict[Name, Aside] = Field(default={})


class FrameFile(Written):
    """A frame. `finish`: where the questions of a script lead back to."""

    name: Name = Field(alias="frame")
    start: Name
    finish: Name
    nodes: dict[Name, AnyNode] = Field(min_length=1)


class QuestionsFile(Strict):
    """Questions that several scripts share (`config/scripts/questions/*.yaml`): as if written in each."""

    name: Name = Field(alias="questions")
    nodes: dict[Name, AnyNode] = Field(min_length=1)


class ScriptFile(Written):
    """A script as it is written: whole, or on a frame.

    Attributes:
        extends: the frame; `begin` is then the first question.
        includes: files of shared questions, as if written here; a node of the same name here replaces theirs.
        merges: scripts on the same frame whose questions are asked in this order, in one call (D7).
    """

    name: Name = Field(alias="script")
    version: Wording
    title: Wording
    kind: Name
    compliance: bool = True
    wording: Literal["standard", "reference"] = "standard"
    extends: Name | None = None
    includes: tuple[Name, ...] = ()
    merges: tuple[Name, ...] = ()
    start: Name | None = None
    begin: Name | None = None
    score: Score | None = None
    nodes: dict[Name, AnyNode] = Field(default={})
