"""Simulated phones: take a call as the persona would, hear the caller out, answer.

Nothing but SIP and RTP reaches a phone. It listens until the caller falls quiet, recognises the last seconds
of what was said, waits as people do, and speaks, unless the caller has gone on meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from base.audio import RATE, read_wav, seconds
from base.errors import LineError
from base.log import get_logger
from dialer.line.leg import Leg
from dialer.line.protocol import (
    Answered,
    Ended,
    EndedBy,
    Event,
    Hangup,
    Incoming,
    Listen,
    NoInput,
    Play,
    Played,
    Refused,
    Respond,
    SendKeys,
    SpeechBegan,
    Utterance,
)
from softphone.call_log import CallRecord, Turn, append
from softphone.household import Household
from softphone.matching import Match, denied, key_offered, nearest
from softphone.noise import Background
from softphone.persona import Persona, Reply
from softphone.vocabulary import CONFIRM, HELLO, OFFER, STATEMENT, WRONG, asked

_log = get_logger(__name__)

REFUSALS = {"busy": 486, "reject": 603, "unallocated": 404}
"""SIP status of each way to refuse a call."""
RINGS = frozenset(("answer", "reject", "never"))
"""What is done after ringing; the others refuse at once."""
HEARS_S = 10.0
"""The question is at a prompt's end: so many seconds of it are recognised."""
PATIENCE_S = 1.0
"""Quiet after which the caller has finished: longer than the gaps between a prompt's sentences."""
LONGEST_S = 60.0
"""No prompt is longer."""
ASKS_AGAIN = 2
"""How often a persona says that it did not understand; then it only listens."""

KEY_S = 0.4
"""A key's tone and the pause behind it: so long is it until the next one, or the hang-up, may follow."""


class IncomingLeg(Leg, Protocol):
    """A leg that came in."""

    @property
    def incoming(self) -> Incoming | None:
        """The INVITE it came with."""
        ...


class Exchange(Protocol):
    """Where calls come in: `WorkerPool`, or a fake."""

    async def next_incoming(self) -> IncomingLeg:
        """Wait for the next call."""
        ...

    async def close(self) -> None:
        """Hang up every leg."""
        ...


@dataclass
class PhoneCall:
    """One call at one persona's phone, from the INVITE to its end."""

    leg: Leg
    persona: Persona
    house: Household
    record: CallRecord
    _answers: dict[str, tuple[Reply, ...]] = field(init=False)
    _questions: dict[str, tuple[str, ...]] = field(init=False)
    _asked: Counter[str] = field(default_factory=Counter)
    _speaks: bool = True
    _noise: Background | None = None
    _before: str = ""
    _turn: int = 0
    _asked_again: int = 0
    _over: bool = False
    _thinking: asyncio.Task[None] | None = None
    _by_key: bool = False
    _played: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Look up once what the persona understands and answers."""
        self._answers = self.house.cast.answers_of(self.persona)
        self._questions = self.house.questions(self.persona)

    async def run(self) -> CallRecord:
        """Live through the call; returns its record when it is over."""
        if await self._rings() and self._picks_up():
            await self._talks()
        while not self._over:
            self._note(await self.leg.next_event())
        return self.record

    async def _rings(self) -> bool:
        """Ring as long as the persona lets it; False when the caller gave up first."""
        pickup = self.persona.pickup
        if pickup.does not in RINGS:
            return True
        self.leg.send(Respond(self.leg.id, 180))
        self.record.ringing_at = self.house.now()
        try:
            async with asyncio.timeout(None if pickup.does == "never" else pickup.rings_s):
                while not self._over:
                    self._note(await self.leg.next_event())
        except TimeoutError:
            return True
        return False

    def _picks_up(self) -> bool:
        """Answer or refuse; True when it was answered."""
        status = REFUSALS.get(self.persona.pickup.does, 200)
        self.leg.send(Respond(self.leg.id, status))
        if status == 200:
            number = self.persona.number
            call = self.house.calls[number]
            self._speaks, self._noise = self.persona.pickup.speaks_at(call), self.persona.noise_in(call)
            self.house.calls[number] += 1
        return status == 200

    async def _talks(self) -> None:
        """Listen and answer until the call is over."""
        async with asyncio.TaskGroup() as reactions:
            while not self._over:
                event = await self.leg.next_event()
                self._note(event)
                if isinstance(event, SpeechBegan | Utterance):
                    self._forgets()
                if isinstance(event, Utterance):
                    self._thinking = reactions.create_task(self._reacts(event, self._turn))
                if isinstance(event, Answered):
                    self._sounds()
                if isinstance(event, Answered | Utterance | NoInput):
                    self._listens()

    def _note(self, event: Event) -> None:
        """Keep what an event tells about the call."""
        match event:
            case Answered(at=at):
                self.record.answered_at = at
            case SpeechBegan():
                self._turn += 1
            case Played() | Refused():
                self._played.set()
            case Ended():
                self._over = True
                self._played.set()
                note_end(self.record, event)
            case _:
                pass

    def _sounds(self) -> None:
        """Let the caller hear what is around."""
        behind = self.house.behind(self._noise)
        if behind:
            self.leg.send(Play(self.leg.id, "background", tuple(map(str, behind)), background=True))

    def _listens(self) -> None:
        order = Listen(
            self.leg.id,
            f"turn-{self._turn}",
            patience_s=PATIENCE_S,
            no_input_s=LONGEST_S,
            longest_s=LONGEST_S,
        )
        self.leg.send(order)

    def _forgets(self) -> None:
        """The caller says more: what was said before needs no reply any more."""
        if self._thinking is not None:
            self._thinking.cancel()

    async def _reacts(self, utterance: Utterance, turn: int) -> None:
        """Understand one utterance and reply, unless the caller goes on speaking meanwhile."""
        if not self._speaks:
            return
        text = await self._understood(utterance)
        match = nearest(text, self._questions)
        question, distance = (self._asks(match, text), round(match.distance, 3)) if match else ("", None)
        self.record.turns.append(Turn(self._second(), text, question, distance))
        if not text:
            return
        await asyncio.sleep(self.house.pause_s())
        if turn != self._turn or self._over:
            return
        reply = self._chosen(question, text) or self._reply(question) or self._asks_again()
        if reply is not None and not reply.quiet:
            self._thinking = None  # who has begun to speak goes on
            await self._does(reply)

    async def _understood(self, utterance: Utterance) -> str:
        """What was recognised; "" where the ear failed: one call's trouble must not end the others."""
        try:
            return (await self.house.ear.hear(last(utterance.pcm, HEARS_S))).text
        except LineError as error:
            _log.warning("a phone did not understand, its ear failed", error=str(error))
            return ""

    def _asks(self, match: Match, text: str) -> str:
        """The question that was heard; of several with the same words, the one asked before."""
        question = asked(self._questions, match.phrase, self._before)
        self._before = self._before if question in (HELLO, STATEMENT) else question
        node, _, said_back = question.partition(".")
        if said_back == CONFIRM and denied(text, match.phrase, self.persona.meant.get(node, "")):
            return f"{node}.{WRONG}"
        return question

    def _chosen(self, question: str, text: str) -> Reply | None:
        """The key of the time that is meant, where it is among those offered; then that of a yes to it."""
        node, _, part = question.partition(".")
        key = key_offered(text, self.persona.meant.get(node, "")) if part == OFFER else ""
        agreed = "1" if self._by_key and part == CONFIRM else ""
        self._by_key = bool(key)
        return Reply(press=key or agreed) if key or agreed else None

    def _reply(self, question: str) -> Reply | None:
        """The next of the replies to a question, the last one from then on; None where there is none."""
        replies = self._answers.get(question, ())
        self._asked[question] += 1
        return replies[min(self._asked[question], len(replies)) - 1] if replies else None

    def _asks_again(self) -> Reply | None:
        """The reply to what was not understood; None once it was asked often enough."""
        if self._asked_again == ASKS_AGAIN:
            return None
        self._asked_again += 1
        return Reply(say=self.persona.not_understood)

    async def _does(self, reply: Reply) -> None:
        """Speak, press, hang up."""
        self.record.turns.append(Turn(self._second(), said=reply.say, pressed=reply.press))
        if reply.say:
            await self._says(reply)
        if reply.press:
            self.leg.send(SendKeys(self.leg.id, reply.press))
            await asyncio.sleep(KEY_S * len(reply.press))
        if reply.hang_up:
            self.leg.send(Hangup(self.leg.id))

    async def _says(self, reply: Reply) -> None:
        """Play the sentence: to its end, or to its middle for one who hangs up there."""
        files = self.house.files(self.persona, self._noise, reply.say)
        lasts_s = seconds(read_wav(files[0]))
        around = bool(self.house.behind(self._noise))
        self._played.clear()
        self.leg.send(Play(self.leg.id, f"turn-{self._turn}", tuple(map(str, files)), background=around))
        if reply.hang_up == "amid":
            await asyncio.sleep(lasts_s / 2)
        elif around:
            await asyncio.sleep(lasts_s)  # what is around goes on
        else:
            await self._played.wait()

    def _second(self) -> float:
        """Seconds since the answer."""
        return round(self.house.now() - (self.record.answered_at or self.house.now()), 3)


def last(pcm: bytes, length_s: float) -> bytes:
    """The last seconds of 16-bit mono sound at 8 kHz."""
    return pcm[-2 * int(RATE * length_s) :]


def note_end(record: CallRecord, ended: Ended) -> None:
    """Fill in how a call ended; the worker's own times are nearer to the wire than ours."""
    endings = {EndedBy.THEM: "caller", EndedBy.FAILURE: "failure"}
    record.ended_by = endings.get(ended.by, "phone")
    record.ended_at = ended.ended_at
    record.answered_at = record.answered_at or ended.answered_at
    record.ringing_at = ended.ringing_at or record.ringing_at
    if record.answered_at is None and record.ended_by == "caller":
        record.cancel_at = ended.ended_at
    if record.ringing_at is not None:
        record.rang_s = round((record.answered_at or ended.ended_at) - record.ringing_at, 4)


async def run_phones(
    houses: Sequence[Household], exchange: Exchange, log: Path | None, stop: asyncio.Event
) -> None:
    """Take every call that comes in until `stop` is set; then hang up what is left.

    Each call that ends adds one line to `log`.
    """
    stopping = asyncio.create_task(stop.wait())
    calls: set[asyncio.Task[None]] = set()
    try:
        while not stop.is_set():
            calling = asyncio.create_task(exchange.next_incoming())
            await asyncio.wait((calling, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not calling.done():
                calling.cancel()
                break
            calls = {call for call in calls if not _finished(call)}
            calls.add(asyncio.create_task(_take(houses, calling.result(), log)))
    finally:
        stopping.cancel()
        await exchange.close()
        await _let_end(calls)


def _finished(call: asyncio.Task[None]) -> bool:
    """Whether a call's task is over; its error, if it had one, is raised here."""
    if call.done():
        call.result()
    return call.done()


async def _let_end(calls: set[asyncio.Task[None]], patience_s: float = 3.0) -> None:
    """Give calls that were just hung up the time to write their records."""
    if calls:
        _, late = await asyncio.wait(calls, timeout=patience_s)
        for call in late:
            call.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _take(houses: Sequence[Household], leg: IncomingLeg, log: Path | None) -> None:
    """Take one call and log it; a number nobody has is refused with 404."""
    incoming = leg.incoming
    assert incoming is not None, "the exchange gives incoming legs only"
    found = ((house, persona) for house in houses if (persona := house.persona(incoming.number)))
    house, persona = next(found, (None, None))
    if house is None or persona is None:
        leg.send(Respond(leg.id, REFUSALS["unallocated"]))
        return
    record = CallRecord(incoming.number, persona.id, incoming.call_id, incoming.at)
    await PhoneCall(leg, persona, house, record).run()
    if log is not None:
        append(log, record)
