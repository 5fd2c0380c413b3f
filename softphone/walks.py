"""A way through a script, chosen by a seed: what a customer says and presses, and what should come of it.

The way is walked with the pure session (`ivr.session`), which is told exactly the words that the persona will
speak: what it makes of them is what a call should come to. A phone tells questions apart by their wording
alone, so replies are kept by the questions of `softphone.vocabulary`.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice, pairwise
from random import Random

from ivr.asking import lists
from ivr.hearing import Heard
from ivr.lines import fill
from ivr.script import Appoint, Ask, Option, Script
from ivr.session import Session
from ivr.understanding import WHOLE, phrases_of
from ivr.values import (
    Action,
    CustomerHungUp,
    Happening,
    Hold,
    Line,
    Listen,
    Play,
    PlayEnded,
    Pressed,
    Result,
    Said,
    Silence,
    Slots,
)
from ivr.voice.numbers import AS_CODE
from softphone.intents import (
    AGREES,
    DAYS,
    DIGITS,
    FITS,
    FREE,
    LANDLINES,
    LEAVES,
    ONCE,
    OWNS,
    STRANGERS,
    TIMES,
    TWICE,
    WISHES,
    Intent,
)
from softphone.persona import Reply
from softphone.vocabulary import CONFIRM, asked, questions_of

DRAWS = 60
"""So many ways are tried until one comes to what is intended."""
POOL = 2
"""Of an option's phrases the first few are said: replies are rendered ahead."""
SHORTEST, LONGEST = 3, 9
"""Characters of a phrase that is said: short ones are easily lost, long ones seldom said. One of
two syllables is said where an option has no others."""
STEP_S = 3.0
"""A turn of the walk; nothing depends on it."""
MOST_STEPS = 300


@dataclass(frozen=True, slots=True)
class Ground:
    """What a walk goes over.

    Attributes:
        slots: what the script says of the customer.
        now: business time of the call.
        open_windows: as `Session.begin` wants it.
    """

    script: Script
    slots: Mapping[str, str]
    now: datetime
    open_windows: Callable[[datetime], datetime] | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through a script.

    Attributes:
        at: the question at which the customer does what he is up to; "" for none.
        replies: by question, one after the other.
        meant: by question, the number or time that was said back to be confirmed.
        path: the nodes that were passed; turns: how often the customer says or presses something.
        expected: what the conversation should leave.
    """

    intent: Intent
    at: str
    replies: Mapping[str, tuple[Reply, ...]]
    path: tuple[str, ...]
    turns: int
    expected: Result
    meant: Mapping[str, str]


def walk(ground: Ground, intent: Intent, seed: int) -> Walk | None:
    """A way on which the customer does that; None when no drawn one comes to it (a script without keys)."""
    chance = random.Random(f"{ground.script.name}/{intent}/{seed}")
    for _ in range(DRAWS):
        drawn = chance.random()
        at = _place(ground, chance, drawn) if intent in _AT else ""
        found = _walked(ground, _Customer(ground, intent, at, Random(drawn)))
        if found is not None and FITS[intent](found.expected):
            return found
    return None


_AT = frozenset(WISHES) | {Intent.PAUSES, Intent.HANGS_UP}


def _place(ground: Ground, chance: Random, drawn: float) -> str:
    """A question that comes after the owner is confirmed, on the way of somebody who only answers."""
    customer = _Customer(ground, Intent.ANSWERS, "", Random(drawn))
    _walked(ground, customer)
    return chance.choice(customer.asked) if customer.asked else ""


@dataclass
class _Customer:
    """Answers as the persona will; draws what it says when first asked.

    `asked`: the questions that came after the owner was confirmed; `turns`: how often something was done;
    `meant`: what was said back.
    """

    ground: Ground
    intent: Intent
    at: str
    chance: Random
    replies: dict[str, tuple[Reply, ...]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    turns: int = 0
    meant: dict[str, str] = field(default_factory=dict)
    _times: Counter[str] = field(default_factory=Counter)

    def reply(self, session: Session, question: str) -> Reply:
        """The next reply to a question."""
        if question not in self.replies:
            self.replies[question] = self._drawn(session, question)
            node = session.state.at
            if session.result().owner_confirmed and isinstance(node, Ask) and node.answer != "free":
                self.asked.append(question)
        given = self.replies[question]
        self._times[question] += 1
        reply = given[min(self._times[question], len(given)) - 1]
        self.turns += not reply.quiet
        return reply

    def hears(self, question: str, lines: tuple[Line, ...]) -> None:
        """Keep the number or time that is said back: of its pieces the script's own words know nothing."""
        node, _, said_back = question.partition(".")
        own = f"{self.ground.script.name}."
        if said_back == CONFIRM:
            self.meant[node] = "".join(one.wording for one in lines if not one.prompt.startswith(own))

    def _drawn(self, session: Session, question: str) -> tuple[Reply, ...]:
        if question == self.at:
            return self._event(session, question)
        return self._usual(session, question)

    def _event(self, session: Session, question: str) -> tuple[Reply, ...]:
        if self.intent is Intent.HANGS_UP:
            return (Reply(say=LEAVES, hang_up="amid"),)
        if self.intent is Intent.PAUSES:
            return (Reply(quiet=True), *self._usual(session, question))
        wishes = tuple(Reply(say=wish) for wish in self.chance.choice(WISHES[self.intent]))
        return (*wishes, *self._usual(session, question)) if self.intent in ONCE else wishes

    def _usual(self, session: Session, question: str) -> tuple[Reply, ...]:
        node = session.state.at
        if question.endswith(f".{CONFIRM}"):
            agrees = Reply(press="1")
            return (agrees,) if self.intent is Intent.KEYS else (*_said(self.chance, AGREES, 1), agrees)
        if isinstance(node, Appoint):
            return self._time()
        assert isinstance(node, Ask), "only questions are listened at"
        match node.answer:
            case "free":
                return _one_of(self.chance, FREE)
            case "date_time" if not node.options or self.chance.random() < 0.5:
                return _one_of(self.chance, TIMES)
            case "date":
                return _one_of(self.chance, DAYS)
            case "number":
                return self._number(node)
            case "several":
                return self._several(session, node)
            case _:
                return self._option(session, node)

    def _time(self) -> tuple[Reply, ...]:
        """When to call: as it was said already, where it was; asked once more the day alone."""
        wished = "".join(reply.say for reply in self.replies.get(self.at, ()))
        named = tuple(time for time in TIMES if time.rstrip("。") in wished)
        time = self.chance.choice(named or TIMES)
        return (Reply(say=time), Reply(say=day_and_hour(time)[0]), Reply(say=time))

    def _number(self, node: Ask) -> tuple[Reply, ...]:
        digits = DIGITS[: node.digits.least if node.digits else len(DIGITS)]
        keys = Reply(press=f"{digits}#")
        spoken = Reply(say=f"{digits.translate(AS_CODE)}。")
        return (keys,) if self.intent is Intent.KEYS else (spoken, spoken, keys)

    def _several(self, session: Session, node: Ask) -> tuple[Reply, ...]:
        count = min(len(node.options), self.chance.choice((1, 2, 2)))
        places = sorted(self.chance.sample(range(len(node.options)), count))
        chosen = [[*node.options.items()][place] for place in places]
        said = [next(self._phrases(session, name, option), "") for name, option in chosen]
        keys = "".join(option.key or "" for _, option in chosen)
        spoken = (Reply(say="和".join(said) + "。"),) if all(said) else ()
        keyed = (Reply(press=f"{keys}#"),) if len(keys) == len(chosen) else ()
        return (keyed or spoken) if self.intent is Intent.KEYS else (*spoken, *keyed) or (Reply(quiet=True),)

    def _option(self, session: Session, node: Ask) -> tuple[Reply, ...]:
        name, option = self._chosen(node)
        keyed = (Reply(press=option.key),) if option.key and not option.confirms_owner else ()
        if keyed and self.intent is Intent.KEYS:
            return keyed
        if option.confirms_owner and (insisting := self._owning(session, name)):
            return insisting
        phrases = tuple(f"{phrase}。" for phrase in islice(self._phrases(session, name, option), POOL))
        return (*_said(self.chance, phrases, _before_keys(node)), *keyed) or (Reply(quiet=True),)

    def _owning(self, session: Session, name: str) -> tuple[Reply, ...]:
        """How the owner says, and says again, that it is him; () where the script would not know it."""
        every = (tuple(fill(wording, self.ground.slots) for wording in way) for way in OWNS)
        known = [way for way in every if all(_means(session, wording, name) for wording in way)]
        return tuple(Reply(say=wording) for wording in self.chance.choice(known)) if known else ()

    def _chosen(self, node: Ask) -> tuple[str, Option]:
        options = [*node.options.items()]
        owner = [one for one in options if one[1].confirms_owner]
        if owner and self.intent in STRANGERS:
            options = [one for one in options if not one[1].confirms_owner]
        elif owner and self.intent is Intent.LANDLINE:  # the owner, or who calls him to the telephone
            options = [one for one in options if "@not_owner" not in one[1].hears]
        elif owner:
            options = owner
        return self.chance.choice(options)

    def _phrases(self, session: Session, name: str, option: Option) -> Iterator[str]:
        """What may be said for an option and is understood as that, the script's own words first."""
        own = [one for one in option.hears if not one.startswith("@")]
        shared = [one for one in reversed(option.hears) if one.startswith("@")]
        hears = option.hears if option.confirms_owner else (*own, *shared)
        written = phrases_of(hears, lists(self.ground.script))
        said = [fill(phrase.removeprefix(WHOLE), self.ground.slots) for phrase in written]
        for short in (False, True):
            for phrase in said:
                fits = len(phrase) == SHORTEST - 1 if short else SHORTEST <= len(phrase) <= LONGEST
                if fits and _means(session, phrase, name):
                    yield phrase


def _before_keys(node: Ask) -> int:
    """How often a question is asked before it names keys: so often it is answered by voice."""
    return 1 + sum(variant != "keys" for variant, _ in node.retries)


def _said(chance: Random, phrases: tuple[str, ...], most: int = 2) -> tuple[Reply, ...]:
    """So many of the phrases, or what there is: shortly first, then in fuller words."""
    by_length, count = sorted(phrases, key=len), min(most, len(phrases))
    bounds = [len(phrases) * part // count for part in range(count + 1)] if count else []
    return tuple(Reply(say=chance.choice(by_length[low:high])) for low, high in pairwise(bounds))


def day_and_hour(time: str) -> tuple[str, str]:
    """The two, each as a sentence; twice the whole where they cannot be told apart."""
    found = re.fullmatch(r"(.+?)((?:上午|中午|下午|晚上).+)", time)
    return (f"{found[1]}。", found[2]) if found else (time, time)


def _one_of(chance: Random, phrases: tuple[str, ...]) -> tuple[Reply, ...]:
    """The same each time: another time would be another wish."""
    return (Reply(say=chance.choice(phrases)),)


def _means(session: Session, phrase: str, option: str) -> bool:
    """Whether the phrase files that option here, alone or as one of several."""
    after, _ = session.step(_heard(phrase, 0.0))
    return any(one.question == session.node and one.value == option for one in after.result().answers)


def _heard(text: str, at_s: float) -> Said:
    return Said(Heard(text.rstrip("。？")), at_s, at_s + STEP_S)


def _walked(ground: Ground, customer: _Customer) -> Walk | None:
    """The conversation to its end; None when it does not end."""
    questions = questions_of(ground.script, ground.slots)
    session, actions = Session.begin(
        ground.script,
        Slots(dict(ground.slots)),
        ground.now,
        landline=customer.intent in LANDLINES,
        apologise=customer.intent in TWICE,
        open_windows=ground.open_windows,
    )
    path, question = [session.node], ""
    for step in range(MOST_STEPS):
        if not actions or session.over:
            return _complete(customer, path, session)
        if isinstance(actions[0], Play):
            question = asked(questions, actions[0].lines[-1].wording, question)
            customer.hears(question, actions[0].lines)
        for happening in _happenings(actions[0], session, customer, question, step * STEP_S):
            if isinstance(actions[0], Play) and not isinstance(happening, PlayEnded):
                question = asked(questions, actions[0].lines[-1].wording, question)
                customer.hears(question, actions[0].lines)
                session, actions = session.step(PlayEnded(step * STEP_S))  # a key waits for the prompt's end
            session, actions = session.step(happening)
            if not actions:
                break
        if session.node != path[-1]:
            path.append(session.node)
    return None


def _complete(customer: _Customer, path: list[str], session: Session) -> Walk:
    return Walk(
        intent=customer.intent,
        at=customer.at,
        replies=customer.replies,
        path=tuple(path),
        turns=customer.turns,
        expected=session.result(),
        meant=customer.meant,
    )


def _happenings(
    action: Action, session: Session, customer: _Customer, question: str, at_s: float
) -> Iterator[Happening]:
    """What the customer does about an action; nothing to one that ends the call."""
    match action:
        case Play():
            yield PlayEnded(at_s)
        case Listen():
            yield from _done(customer.reply(session, question), at_s)
        case Hold():
            yield Silence(at_s)
        case _:
            return


def _done(reply: Reply, at_s: float) -> Iterator[Happening]:
    """What a reply is to the session."""
    if reply.hang_up:
        yield CustomerHungUp(at_s)
    elif reply.say:
        yield _heard(reply.say, at_s)
    elif not reply.press:
        yield Silence(at_s)
    for key in reply.press:
        yield Pressed(key, at_s)
