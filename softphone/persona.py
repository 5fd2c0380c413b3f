"""Simulated customers as people write them: who picks up, what they understand, what they answer.

A file (`config/personas/*.yaml`) holds three tables. `questions` names what a caller may say and gives
phrases to know it by (matched by sound); `manners` are sets of answers that several personas share;
`personas` are the customers, each with a number of their own. A reply depends on what was asked alone, never
on the order of questions, so a script may be changed without touching the personas; a list of replies is
given one after the other, when the same is asked again.

A file that names a `script` needs no `questions`: they are the script's own (`softphone.vocabulary`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from base.errors import InputError
from base.phones import PhoneKind, national, normalise
from base.pinyin import syllables
from base.yamlfile import load as load_yaml
from softphone.noise import Background
from softphone.vocabulary import FEWEST_SYLLABLES

NAME = "{name}"
"""Stands for the persona's name in a phrase."""


class PersonaError(InputError):
    """A persona file cannot be used."""


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reply(_Written):
    """What a persona does when a question was heard.

    Attributes:
        say: the sentence, from the voice rendered ahead.
        press: keys 0-9 * # pressed after the sentence.
        quiet: nothing is to be said: listen on (a statement, a goodbye).
        hang_up: after the reply, or in the middle of its sentence.
    """

    say: str = ""
    press: str = Field(default="", pattern=r"^[0-9*#]*$")
    quiet: bool = False
    hang_up: Literal["after", "amid"] | None = None

    @model_validator(mode="after")
    def _does_something(self) -> Reply:
        if self.quiet and (self.say or self.press):
            raise ValueError("quiet, and yet something to say or press")
        if not (self.say or self.press or self.quiet or self.hang_up):
            raise ValueError("does nothing: give say, press, hang_up or quiet")
        if self.hang_up == "amid" and not self.say:
            raise ValueError("hangs up amid a sentence, but says none")
        return self


def _spelled_out(reply: object) -> object:
    """A bare sentence stands for a reply that says it."""
    return {"say": reply} if isinstance(reply, str) else reply


def _in_turn(replies: object) -> object:
    """A single reply stands for a list of one."""
    return replies if isinstance(replies, list | tuple) else (replies,)


def _known_number(raw: str) -> str:
    """Digits as dialed inside the country."""
    return national(normalise(raw).e164)


def _long_enough(phrase: str) -> str:
    if len(syllables(phrase.replace(NAME, ""))) < FEWEST_SYLLABLES:
        raise ValueError(
            f"{phrase!r} has fewer than {FEWEST_SYLLABLES} syllables: it would be heard everywhere"
        )
    return phrase


Replies = Annotated[
    tuple[Annotated[Reply, BeforeValidator(_spelled_out)], ...],
    BeforeValidator(_in_turn),
    Field(min_length=1),
]
"""One after the other, each time the same is asked; the last one from then on."""
Answers = dict[str, Replies]
Phrase = Annotated[str, AfterValidator(_long_enough)]


class Pickup(_Written):
    """What the phone does when it is called.

    Attributes:
        does: answer; refuse as busy (486), rejected (603) or unallocated (404); or ring for ever.
        rings_s: seconds of ringing (180) before it is answered or rejected; other refusals never ring.
        speaks: false for somebody who answers and stays silent.
        silent_calls: so many first calls are answered and stay silent, whoever speaks later.
    """

    does: Literal["answer", "busy", "reject", "unallocated", "never"] = "answer"
    rings_s: float = Field(default=1.5, ge=0, le=120)
    speaks: bool = True
    silent_calls: int = Field(default=0, ge=0)

    def speaks_at(self, call: int) -> bool:
        """Whether the persona speaks in its nth answered call (0 is the first)."""
        return self.speaks and call >= self.silent_calls


class Persona(_Written):
    """One simulated customer.

    Attributes:
        like: the manner whose answers hold where `answers` has none.
        slots: what a script says of this customer beside the name (manager, opened_month).
        meant: by question of the script, the number or time that is rightly said back; after another one the
            answers to `QUESTION.wrong` are given.
        noise: what is heard beside the voice.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    about: str
    number: Annotated[str, AfterValidator(_known_number)]
    voice: str = ""
    pickup: Pickup = Pickup()
    like: str = ""
    answers: Answers = {}
    slots: dict[str, str] = {}
    meant: dict[str, str] = {}
    noise: Background | None = None
    not_understood: str = "什么？请再说一遍。"

    @property
    def kind(self) -> PhoneKind:
        """Mobile or landline, as the number tells."""
        return normalise(self.number).kind

    def noise_in(self, call: int) -> Background | None:
        """What is heard beside the voice in the nth answered call (0 is the first)."""
        if self.noise is None or (self.noise.calls is not None and call >= self.noise.calls):
            return None
        return self.noise

    @model_validator(mode="after")
    def _has_a_voice(self) -> Persona:
        if self.pickup.does == "answer" and self.pickup.speaks and not self.voice:
            raise ValueError(f"{self.id} speaks but has no voice")
        return self


class Cast(_Written):
    """All personas of a file, and what they understand. `script`: its prompts are questions, too."""

    script: str = ""
    questions: dict[str, tuple[Phrase, ...]] = {}
    manners: dict[str, Answers] = {}
    personas: tuple[Persona, ...]

    @model_validator(mode="after")
    def _fits_together(self) -> Cast:
        _refuse_twice("id", [persona.id for persona in self.personas])
        _refuse_twice("number", [persona.number for persona in self.personas])
        for name, answers in self.manners.items():
            self._refuse_unasked(f"manner {name}", answers)
        for persona in self.personas:
            if persona.like and persona.like not in self.manners:
                raise ValueError(
                    f"persona {persona.id} is like {persona.like}, which is no manner of this file"
                )
            self._refuse_unasked(f"persona {persona.id}", persona.answers)
        return self

    def _refuse_unasked(self, who: str, answers: Mapping[str, object]) -> None:
        if self.script:
            return  # its questions are known with the script: softphone.vocabulary
        unasked = sorted(set(answers) - set(self.questions))
        if unasked:
            raise ValueError(f"{who} answers {unasked[0]}, which is no question of this file")

    def answers_of(self, persona: Persona) -> dict[str, tuple[Reply, ...]]:
        """The persona's replies by question: its own before its manner's."""
        return {**self.manners.get(persona.like, {}), **persona.answers}

    def questions_to(self, persona: Persona) -> dict[str, tuple[str, ...]]:
        """The questions' phrases with the persona's name in them, as one hears one's own name."""
        return {
            question: tuple(phrase.replace(NAME, persona.name) for phrase in phrases)
            for question, phrases in self.questions.items()
        }

    def sentences(self, persona: Persona) -> tuple[str, ...]:
        """Every sentence the persona may say, each once."""
        if not persona.voice:
            return ()
        said = [reply.say for replies in self.answers_of(persona).values() for reply in replies if reply.say]
        return tuple(dict.fromkeys([*said, persona.not_understood]))


def _refuse_twice(what: str, values: list[str]) -> None:
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise ValueError(f"two personas have the {what} {twice}")


def load(path: Path) -> Cast:
    """Read a persona file.

    Raises:
        PersonaError: with file:line of what is wrong.
    """
    return load_yaml(path, Cast, PersonaError)


def load_all(paths: Sequence[Path]) -> tuple[Cast, ...]:
    """Read several files.

    Raises:
        PersonaError: one of them cannot be used, or a number stands in two of them.
    """
    casts = tuple(load(path) for path in paths)
    numbers = [persona.number for cast in casts for persona in cast.personas]
    try:
        _refuse_twice("number", numbers)
    except ValueError as error:
        raise PersonaError(str(error), where=" ".join(map(str, paths))) from error
    return casts
