"""Rules for leads (F1-F3, F6) as compliance staff write them in `config/keywords.yaml`: see docs/flags.md."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from base import yamlfile
from base.errors import RulesError
from base.pinyin import sounding

LONG = 3
"""From so many syllables on a phrase may match alone and by its sound; shorter ones need a cue."""

_CHOICE = re.compile(r"\(([^()]*)\)")
_MOST_WORDINGS = 200

Severity = Literal["high", "medium", "low", "credit"]
Party = Literal["customer", "agent", "any"]
SoundAlike = bool | Literal["weighed"]
Kept = Literal["name", "phone", "opened_on", "manager", "branch"]
"""What a firm keeps of a customer, and an answer may be held against."""


def wordings(say: str) -> list[str]:
    """Every wording of a text with choices: (帮|替)我操作 is 帮我操作 and 替我操作; (|都)给 is 给 and 都给.

    Raises:
        ValueError: a bracket stands alone, or there are too many wordings.
    """
    pieces = _CHOICE.split(say)
    if any(mark in piece for piece in pieces[::2] for mark in "()|"):
        raise ValueError(f"{say}: choices are written (one|other), not one in another")
    choices = [piece.split("|") if place % 2 else [piece] for place, piece in enumerate(pieces)]
    made = ["".join(one) for one in product(*choices)]
    if len(made) > _MOST_WORDINGS:
        raise ValueError(f"{say}: {len(made)} wordings are too many, at most {_MOST_WORDINGS}")
    return made


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Phrase(_Model):
    """Words to look for.

    In files a plain text stands for `{say: text}`, and choices are written (帮|替)我操作.

    Attributes:
        say: the words.
        sound_alike: also found where it only sounds like this; `weighed`: only where the sound itself is then
            weighed; None: as the rule says.
        needs_cue: found only where a cue is near or the question asks for it; always so for one or two
            syllables.
    """

    say: str = Field(min_length=1)
    sound_alike: SoundAlike | None = None
    needs_cue: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not all(map(sounding, wordings(self.say))):
            raise ValueError("`say` must hold something that is spoken")
        return self

    @property
    def cue_needed(self) -> bool:
        """Whether the words mean nothing alone."""
        return self.needs_cue or len(sounding(self.say)) < LONG


def _as_phrase(value: object) -> object:
    return {"say": value} if isinstance(value, str) else value


class Evidence(_Model):
    """A closed answer that says by itself what the rule looks for.

    Attributes:
        question: node id of the script.
        values: option names ("yes", "manager").
        differs_from: the answer is evidence where it is another than what is kept (F2).
    """

    question: str
    values: tuple[str, ...] = ()
    differs_from: Kept | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.values) == bool(self.differs_from):
            raise ValueError("an answer needs either `values` or `differs_from`")
        return self


class Step(_Model):
    """Words of a sequence. `party`: who says them."""

    say: tuple[str, ...] = Field(min_length=1)
    party: Party = "customer"

    @cached_property
    def spoken(self) -> tuple[str, ...]:
        """One for each wording."""
        return tuple(said for words in self.say for said in wordings(words))


class Course(_Model):
    """What is only seen across utterances: words that follow on words, silence, speed.

    Attributes:
        steps: words, in this order, each in a later utterance than the last.
        within_s: seconds from the end of one step's utterance to the beginning of the next one's.
        silence_s: nobody speaks for so long between two utterances, the second of them the rule's party's.
        fastest: characters a second that the party's utterances of ten and more pass.
    """

    steps: tuple[Step, ...] = ()
    within_s: float = Field(default=30.0, gt=0, le=600)
    silence_s: float | None = Field(default=None, gt=0)
    fastest: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(map(bool, (self.steps, self.silence_s, self.fastest))) != 1:
            raise ValueError("a course has one of `steps`, `silence_s`, `fastest`")
        if len(self.steps) == 1:
            raise ValueError("`steps` are two or more: for one, write `phrases`")
        return self


class Rule(_Model):
    """What one kind of lead sounds like.

    Attributes:
        id: letters, digits, underscores; kept with every flag.
        category: what people read, in Chinese.
        phrases: synonyms; any of them matches.
        sound_alike: phrases of three syllables and more also match by sound: true, false or `weighed`.
        cues: words that give a phrase its meaning when they stand near it.
        within: how near, in characters between the two.
        within_s: cues also count in other utterances, of anybody, that are so many seconds away.
        asked_in: questions in whose answers the phrases need no further cue.
        unless: longer expressions that hold a phrase and mean something else.
        not_family: a phrase behind a word for `Rules.family` is no lead, unless a cue of two syllables or
            more stands between (我儿子帮我操作; but 我儿子不懂，经理帮我操作).
        party: whose words count; our own prompts never do (F4), whatever is written here.
        absent: the lead is that a party who spoke said none of the phrases.
        answers: closed answers that are evidence without any keyword.
        course: what is only seen across utterances.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    category: str = Field(min_length=1)
    severity: Severity
    phrases: tuple[Annotated[Phrase, BeforeValidator(_as_phrase)], ...] = ()
    sound_alike: SoundAlike = True
    cues: tuple[str, ...] = ()
    within: int = Field(default=10, ge=0, le=60)
    within_s: float = Field(default=0.0, ge=0, le=120)
    asked_in: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    not_family: bool = False
    party: Party = "customer"
    absent: bool = False
    answers: tuple[Evidence, ...] = ()
    course: Course | None = None

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        if not (self.phrases or self.answers or self.course):
            raise ValueError("a rule needs `phrases`, `answers` or `course`")
        if self.absent and not self.phrases:
            raise ValueError("what is absent stands in `phrases`")
        return self

    @property
    def lost(self) -> tuple[Phrase, ...]:
        """Phrases that are never found: they need a cue, and the rule has none."""
        if self.absent or self.cues or self.asked_in:
            return ()
        return tuple(phrase for phrase in self.spoken if phrase.cue_needed)

    @cached_property
    def spoken(self) -> tuple[Phrase, ...]:
        """The phrases, one for each wording."""
        return tuple(
            phrase.model_copy(update={"say": say}) for phrase in self.phrases for say in wordings(phrase.say)
        )

    @cached_property
    def exceptions(self) -> tuple[str, ...]:
        """What `unless` says, one for each wording."""
        return tuple(say for words in self.unless for say in wordings(words))

    def by_sound(self, phrase: Phrase, *, weighed: bool = False) -> bool:
        """Whether the phrase is also looked for by its sound; with a cue always, unless it says otherwise.

        `weighed`: what is found is weighed on the sound itself.
        """
        wanted = phrase.sound_alike if phrase.sound_alike is not None else self.sound_alike
        if wanted == "weighed":
            return weighed
        return wanted or (phrase.sound_alike is None and phrase.cue_needed)


class Rules(_Model):
    """A whole file of rules.

    Attributes:
        version: kept with every flag: change it with the rules.
        family: words for people of the customer's own, whose help is no lead where a rule says `not_family`.
    """

    version: str = Field(min_length=1)
    family: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        if len(self.by_id) != len(self.rules):
            raise ValueError("two rules have the same id")
        return self

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        """The rules by their id."""
        return {rule.id: rule for rule in self.rules}


def load(path: Path) -> Rules:
    """Read a file of rules.

    Raises:
        RulesError: unreadable, or a rule cannot be used; names file and line.
    """
    return yamlfile.load(path, Rules, RulesError)


def parse(text: str, name: str = "keywords.yaml") -> Rules:
    """As `load`, from a text."""
    return yamlfile.parse(text, name, Rules, RulesError)
