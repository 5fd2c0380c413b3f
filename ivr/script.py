"""The script language: what people write in `config/scripts/*.yaml`, as frozen pydantic models.

A node's first key says what it is: `say`, `ask`, `branch`, `appoint`, `note`, `hand_over` or `end`.
Prompts are private unless their node says `public: true` (A2). `docs/scripts.md` teaches by example.
`Script` is what calls use; the files that it comes from, frames and merged ones, are in `ivr.written`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator, Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    field_validator,
    model_validator,
)

from ivr.values import Outcome

Wording = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
NAME = "[a-z][a-z0-9_]*"
Name = Annotated[str, StringConstraints(pattern=f"^{NAME}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
Phrases = Annotated[tuple[Wording, ...], Field(min_length=1)]

SLOT = re.compile(r"\{(\w+)\}")
APPOINTMENT = "appointment"
"""The slot that only an `appoint` node's `confirm` may use: it is put together from rendered pieces."""
ANSWER = "answer"
"""The same for a question's `confirm`: the number, day or time that was understood."""
CHOICES = "choices"
"""The same for an `appoint` node's `keys`: times, each with its key."""


GAPS = (ANSWER, APPOINTMENT, CHOICES)


def slots_in(wording: str) -> frozenset[str]:
    """Names of the slots that a wording uses."""
    return frozenset(SLOT.findall(wording))


class Strict(BaseModel):
    """Frozen; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, coerce_numbers_to_str=True)


class Slot(Strict):
    """Something a prompt may be filled with. `optional`: the row may lack it; branch on it first."""

    example: Wording
    public: bool = False
    optional: bool = False


class Option(Strict):
    """One answer of a question: what is heard for it, its key, its points (S12).

    `go`: where it leads, if not where the question's own `go` does.
    """

    label: Wording
    hears: Phrases
    go: Name | None = None
    key: Key | None = None
    points: int | None = Field(default=None, ge=0)
    confirms_owner: bool = False


class Digits(Strict):
    """How many digits a number has."""

    least: int = Field(ge=1, le=30)
    most: int = Field(ge=1, le=30)

    @model_validator(mode="after")
    def _in_order(self) -> Digits:
        if self.least > self.most:
            raise ValueError("least is more than most")
        return self


class Node(Strict):
    """What all nodes share. `public`: may be said to anyone (A2). `marketing`: promotes something (A3)."""

    public: bool = False
    marketing: bool = False


class Say(Node):
    """Say something, go on."""

    say: Wording
    go: Name


VALUES = frozenset({"number", "date", "date_time"})
"""Kinds of questions whose answer is none of the options."""


class Ask(Node):
    """Ask and understand. What is said when the first asking brought nothing: `again`, then `hint` or `keys`.

    Attributes:
        answer: closed or scale (one of the options), several (one or more of them), number, date,
            date_time, free (recorded, not decided on).
        digits: how long a number is.
        hint: tells what to say, where no key will do (A2: the owner).
        confirm: says a number, day or time back, with {answer}; filed after a yes.
        agree: said before it where something was not understood: which key is yes, which is no.
        appoints: the time that is answered is when to call again (D6).
        after_silence: opening used instead when the last call was silent (D8).
        otherwise: where to go when the question stays unanswered.
        silence: where silence leads, instead of the script's way.
        mandatory: counts for a valid follow-up (P9).
        patience_s: quiet that ends an answer, in seconds; by the kind of question where it is not given.
    """

    ask: Wording
    answer: Literal["closed", "scale", "several", "number", "date", "date_time", "free"] = "closed"
    after_silence: Wording | None = None
    again: Wording | None = None
    hint: Wording | None = None
    keys: Wording | None = None
    confirm: Wording | None = None
    agree: Wording | None = None
    appoints: bool = False
    digits: Digits | None = None
    options: dict[Name, Option] = {}
    go: Name | None = None
    otherwise: Name
    silence: Name | None = None
    mandatory: bool = False
    barge_in: bool = False
    no_input_s: float = Field(default=5.0, gt=0, le=60)
    patience_s: float | None = Field(default=None, ge=0.2, le=5)

    @field_validator("options", mode="before")
    @classmethod
    def _words(cls, options: Any) -> Any:
        """YAML reads a bare yes or no as a truth value."""
        if isinstance(options, dict) and any(isinstance(name, bool) for name in options):
            raise ValueError('write "yes" and "no" in quotation marks')
        return options

    def after(self, option: Option) -> str:
        """Where one of its options leads."""
        return option.go or self.go or self.otherwise

    @property
    def confirms_owner(self) -> bool:
        """Whether one of its answers confirms the owner."""
        return any(option.confirms_owner for option in self.options.values())

    @property
    def retries(self) -> tuple[tuple[str, str], ...]:
        """(variant, wording) of what is said after the first, second failure."""
        pairs = (("again", self.again), ("hint", self.hint), ("keys", self.keys))
        return tuple((variant, wording) for variant, wording in pairs if wording is not None)


class Branch(Node):
    """Go by `line` (landline, mobile), `slot NAME` (given, missing), `answer NODE` (options) or `score`."""

    branch: Annotated[str, StringConstraints(pattern=rf"^(line|score|(slot|answer|note) {NAME})$")]
    cases: dict[Name, Name] = Field(min_length=1)
    otherwise: Name | None = None


class Appoint(Node):
    """Find another time (D6): ask, repeat it, have it confirmed.

    Attributes:
        again: said when that brought nothing: asks for the day alone.
        hour: asks for the hour of a day that was named.
        keys: said when that failed too, with {choices}: times to choose from, each with its key.
        agree: as in `Ask`.
    """

    appoint: Wording
    again: Wording
    hour: Wording | None = None
    keys: Wording | None = None
    confirm: Wording
    agree: Wording | None = None
    go: Name
    otherwise: Name


class Note(Node):
    """Leave a note for people, go on."""

    note: Name
    go: Name


class HandOver(Node):
    """Say that a person takes over, why and when (S18).

    Attributes:
        to: a group of people who take calls over; without one the call ends, with a note for them.
        nobody: where to go when nobody of that group is there, or takes the call.
        last_words: where to go when the person has hung up first; without it the call ends.
    """

    hand_over: Wording
    note: Name = "wants_person"
    to: Name | None = None
    nobody: Name | None = None
    last_words: Name | None = None
    hold_s: float = Field(default=2.0, ge=0, le=30)

    @model_validator(mode="after")
    def _both(self) -> HandOver:
        if (self.to is None) != (self.nobody is None):
            raise ValueError(
                "`to` and `nobody` belong together: who takes over, and where it leads when nobody can"
            )
        if self.last_words is not None and self.to is None:
            raise ValueError("`last_words` go with `to`: without one nobody takes over")
        return self


class End(Node):
    """The end. `hold_s`: how long the line is held after the last words, for the customer to hang up (D9)."""

    end: Outcome
    say: Wording | None = None
    hold_s: float = Field(default=2.0, ge=0, le=30)


KINDS = ("ask", "branch", "appoint", "hand_over", "end", "note", "say")
"""A node is what the first of these keys in it says: `end` and `hand_over` may carry a `say` or a `note`."""


def _kind(value: Any) -> str | None:
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return next((f"<{kind}>" for kind in KINDS if kind in keys), None)


AnyNode = Annotated[
    Annotated[Ask, Tag("<ask>")]
    | Annotated[Branch, Tag("<branch>")]
    | Annotated[Appoint, Tag("<appoint>")]
    | Annotated[HandOver, Tag("<hand_over>")]
    | Annotated[End, Tag("<end>")]
    | Annotated[Note, Tag("<note>")]
    | Annotated[Say, Tag("<say>")],
    Discriminator(
        _kind,
        custom_error_type="node_kind",
        custom_error_message=f"a node needs one of the keys {', '.join(KINDS)}",
    ),
]


class Ways(Strict):
    """Where every question leads when something else than an answer comes (A4, D8, S8, S14, S15)."""

    silence: Name
    wrong_person: Name
    refuse: Name
    never: Name
    not_now: Name
    person: Name
    complaint: Name
    dialect: Name
    unheard: Name | None = None
    """Where a second question in a row leads that was answered and not understood."""

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:
        """(way, where it leads); without one that leads nowhere."""
        return (one for one in super().__iter__() if one[1] is not None)


class AllWays(Strict):
    """The ways before the owner is confirmed, and with the owner (A2)."""

    before_owner: Ways
    with_owner: Ways


class Aside(Strict):
    """A customer's own question: answered truthfully (S19), then ours is asked again.

    `say` is for anyone (public); `to_owner`, where given, is said instead once the owner is confirmed.
    """

    hears: Phrases
    say: Wording | None = None
    to_owner: Wording | None = None
    note: Name | None = None


class Score(Strict):
    """Points of the chosen options, added up (S12); of several options chosen the highest counts.

    `bands`: names with their upper bounds, rising; a sum belongs to the first band that holds it.
    """

    questions: tuple[Name, ...] = Field(min_length=1)
    bands: dict[Name, int] = Field(min_length=1)


class Script(Strict):
    """A whole script, put together. `sha256` is taken over its content: comments and layout don't count (S1).

    Attributes:
        wording: standard wording is not altered, reference wording may be adapted (S1).
        sections: the nodes of each kind of follow-up that the call covers (D7).
        section_ends: by kind, the node at which its questions are over; none in a script without a frame.
    """

    name: Name = Field(alias="script")
    version: Wording
    title: Wording
    kind: Name
    compliance: bool = True
    wording: Literal["standard", "reference"] = "standard"
    start: Name
    slots: dict[Name, Slot] = {}
    phrases: dict[Name, Phrases] = {}
    hello: tuple[Wording, ...] = ()
    ways: AllWays
    asides: dict[Name, Aside] = {}
    score: Score | None = None
    nodes: dict[Name, AnyNode] = Field(min_length=1)
    sections: dict[Name, tuple[Name, ...]] = {}
    section_ends: dict[Name, Name] = {}

    @cached_property
    def sha256(self) -> str:
        """Hex SHA-256 of the content without what is left at its default: new keys change no hash."""
        content = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def key(self, node: str, variant: str = "") -> str:
        """A prompt's key in the manifest: `<script>.<node>[.<variant>]`."""
        return ".".join(part for part in (self.name, node, variant) if part)


def prompts(node: Node) -> Iterator[tuple[str, str]]:
    """(variant, wording) of everything a node may say."""
    match node:
        case Say(say=wording) | HandOver(hand_over=wording):
            yield "", wording
        case End(say=wording) if wording is not None:
            yield "", wording
        case Ask(ask=wording):
            yield "", wording
            if node.after_silence is not None:
                yield "after_silence", node.after_silence
            yield from node.retries
            yield from _given(("confirm", node.confirm), ("agree", node.agree))
        case Appoint():
            yield from (("", node.appoint), ("again", node.again))
            yield from _given(("hour", node.hour), ("keys", node.keys))
            yield from _given(("confirm", node.confirm), ("agree", node.agree))
        case _:
            return


def gap_in(node: Node, variant: str) -> str:
    """The slot of a prompt that is filled with pieces while calling; "" for most."""
    if isinstance(node, Appoint):
        return {"confirm": APPOINTMENT, "keys": CHOICES}.get(variant, "")
    return ANSWER if isinstance(node, Ask) and variant == "confirm" else ""


def _given(*pairs: tuple[str, str | None]) -> Iterator[tuple[str, str]]:
    yield from ((variant, wording) for variant, wording in pairs if wording is not None)


def targets(node: Node) -> Iterator[tuple[tuple[str, ...], str]]:
    """(key path inside the node, node name) of every way out that the node itself names."""
    for key in ("go", "otherwise", "silence", "nobody", "last_words"):
        name = getattr(node, key, None)
        if name is not None:
            yield (key,), name
    match node:
        case Ask(options=options):
            yield from ((("options", name, "go"), option.go) for name, option in options.items() if option.go)
        case Branch(cases=cases):
            yield from ((("cases", case), name) for case, name in cases.items())
        case _:
            return
