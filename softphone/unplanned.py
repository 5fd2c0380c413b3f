"""What a customer answers beside the planned way: calls leave it where something was not understood.

A person knows what he wants: he names the same time wherever he is asked for one, denies another that is said
back, insists on his wish at the next question, and who was not heard to be the owner says it in fuller words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.script import Appoint, Ask, Node, Script
from softphone import vocabulary
from softphone.intents import AGREES, DAYS, DENIES, FREE, ONCE, TIMES, WISHES, Intent
from softphone.persona import Reply
from softphone.vocabulary import CONFIRM, HELLO, STATEMENT, WRONG, questions_of
from softphone.walks import Walk, day_and_hour

SPOKEN = {"free": FREE[0], "date_time": TIMES[0], "date": DAYS[0]}
INSISTS = frozenset(WISHES) - ONCE - {Intent.SKIPS}
"""Who wants this and is not understood says so again at the next question."""


def answers(script: Script, slots: Mapping[str, str], found: Walk) -> dict[str, tuple[Reply, ...]]:
    """Replies to every question of the script: the walk's where it has them.

    A greeting into silence is answered like the first question, and so is what only strangers are asked.
    """
    opening = next(iter(found.replies.values()), (Reply(quiet=True),))
    when = time_meant(script, found)
    others = {
        question: _reply(script, question, found, opening, when)
        for question in questions_of(script, slots)
        if question not in (HELLO, STATEMENT)
    }
    return {**others, HELLO: opening, STATEMENT: (Reply(quiet=True),), **found.replies}


def meant(script: Script, found: Walk) -> dict[str, str]:
    """What is rightly said back, by question; an appointment's time wherever there is one to be made."""
    when = time_meant(script, found)
    appoints = (name for name, node in script.nodes.items() if _appoints(node))
    return {**dict.fromkeys(appoints, when), **found.meant} if when else dict(found.meant)


def filed(script: Script, found: Walk) -> dict[str, str]:
    """What should be filed at questions beside the way: the option whose key is pressed, or the owner's."""
    asks = ((name, node) for name, node in script.nodes.items() if isinstance(node, Ask))
    options = ((name, _option(node, found)) for name, node in asks if name not in found.replies)
    return {name: option for name, option in options if option}


def _option(node: Ask, found: Walk) -> str:
    """The option that is chosen beside the way; "" for none."""
    if node.public:
        owner = (name for name, option in node.options.items() if option.confirms_owner)
        return next(owner, "") if found.expected.owner_confirmed else ""
    return "" if found.intent in INSISTS else next(_keyed(node), ("", ""))[0]


def _keyed(node: Ask) -> Iterator[tuple[str, str]]:
    """Options with their keys."""
    return ((name, option.key) for name, option in node.options.items() if option.key)


def time_meant(script: Script, found: Walk) -> str:
    """When the customer wants to be called, as it is said back; "" where it never came to that."""
    appointed = (said for name, said in found.meant.items() if _appoints(script.nodes[name]))
    return next(appointed, "")


def _appoints(node: Node) -> bool:
    """Whether a time that is said back there is when to call again."""
    return isinstance(node, Appoint) or (isinstance(node, Ask) and node.appoints)


def _reply(
    script: Script, question: str, found: Walk, opening: tuple[Reply, ...], when: str
) -> tuple[Reply, ...]:
    """To one question that was not to be asked."""
    name, _, said_back = question.partition(".")
    node = script.nodes[name]
    if said_back == CONFIRM:
        return (Reply(say=AGREES[0]), Reply(press="1"))
    if isinstance(node, Appoint):
        return _appointing(said_back, f"{when}。" if when else TIMES[0])
    assert isinstance(node, Ask), "only questions are answered"
    if said_back == WRONG:
        return _denying()
    if node.public:
        return opening[::-1]
    if found.intent in INSISTS:
        return found.replies[found.at]
    return _first(node)


def _appointing(part: str, time: str) -> tuple[Reply, ...]:
    """One time, wherever it is asked for: whole, by its day and its hour; said, where it is not offered."""
    day, hour = day_and_hour(time)
    match part:
        case "":
            return (Reply(say=time), Reply(say=day), Reply(say=time))
        case vocabulary.HOUR:
            return (Reply(say=hour), Reply(say=time))
        case vocabulary.WRONG:
            return _denying(Reply(say=time))
        case _:
            return (Reply(say=time),)


def _denying(again: Reply | None = None) -> tuple[Reply, ...]:
    """What is said to another answer than was given: that it is wrong, and what is right; at last by key."""
    corrected = Reply(say=f"{DENIES.rstrip('。')}，{again.say}") if again else Reply(say=DENIES)
    return (corrected, Reply(say=DENIES), Reply(press="2"))


def _first(node: Ask) -> tuple[Reply, ...]:
    """The first option's key, or words that fit the kind of question."""
    for _, key in _keyed(node):
        return (Reply(press=key),)
    return (Reply(say=SPOKEN[node.answer]),) if node.answer in SPOKEN else (Reply(quiet=True),)
