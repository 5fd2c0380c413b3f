"""The talk drill: simulated customers are called by a real dialer, over real SIP, in all scripts.

What each customer will say is planned from a seed, and so is what should come of it: the pure session is told
the intended words (`softphone.walks`). The calls then have to come to the same with sound: synthesised voices
amid noise, G.711, packets, endpoints found in them, and the recogniser. What was filed is judged by the plan.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from dialer.inbox import drop
from dialer.watching import Both, CallEvent, Stage
from huifang import assemble, prompting
from huifang.demo.phones import phones
from huifang.drill import talk_stage
from huifang.drill.talk_judge import UNHEARD, Verdict, judge
from huifang.drill.talk_plan import Talk
from huifang.live_view import totals_of, watching
from huifang.site import open_site
from huifang.stopping import or_stop
from records.model import Campaign
from records.report import campaign_report
from softphone import call_log
from softphone.call_log import CallRecord

PHONE_LOG = "phones.jsonl"
CODECS = "PCMU"
"""The phones speak mu-law alone: the second of what the trunk offers."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for.

    Attributes:
        place: an empty directory.
        scripts: names; none means all that there are.
        channels: calls at once.
        noise: whether some customers are amid noise.
    """

    place: Path
    conversations: int
    seed: int
    scripts: tuple[str, ...] = ()
    channels: int = 8
    noise: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a talk drill.

    Attributes:
        ended_well: conversations that ended as they should; alone: those that no person has to look after.
        answers: filed as meant; again: asked once more; open: left unanswered against the customer's will.
        wrong: filed and not meant.
        seconds: machine time that it took.
    """

    seed: int
    conversations: int
    ended_well: int
    alone: int
    answers: int
    again: int
    open: int
    wrong: int
    seconds: float
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether every conversation ended as it should, and nothing was filed that was not meant."""
        return self.ended_well == self.conversations and not self.wrong


class Ended:
    """Counts calls that ended: a `dialer.watching.Observer`.

    Args:
        meant: how many calls each number is to have. `all` is set when each has had so many.
        amid_noise: numbers that may have one call more, in which nothing was understood.
    """

    def __init__(self, meant: Mapping[str, int], amid_noise: Iterable[str] = ()) -> None:
        self.all = asyncio.Event()
        self._left = Counter(meant)
        self._amid_noise = set(amid_noise)

    def on(self, event: CallEvent) -> None:
        """Count an ended call."""
        if event.disposition == UNHEARD and event.phone in self._amid_noise:
            self._amid_noise.remove(event.phone)
        elif event.stage is Stage.ENDED and event.disposition:
            self._left[event.phone] -= 1
            if max(self._left.values()) <= 0:
                self.all.set()


Tell = Callable[[int, int], None]
"""Hears of rendering: how many sentences are done, and how many there are."""


async def talk(order: Order, tell: Tell, console: Console, stop: asyncio.Event) -> Report:
    """Run the drill; Ctrl-C ends it, and what was said until then is judged.

    Raises:
        InputError: a script cannot be used.
        HuifangError: the phones do not start.
    """
    began = time.monotonic()
    setting = talk_stage.Setting(order.place, order.channels, talk_stage.shared_prompts())
    talk_stage.lay_out(setting)
    scripts = talk_stage.scripts_of(order.place, order.scripts)
    talking = talk_stage.planned(order.place, scripts, order.conversations, order.seed, order.noise)
    files = talk_stage.write_casts(order.place, talking)
    made = await or_stop(_prepare(order.place, talking, tell), stop)
    await or_stop(talk_stage.render_replies(talking, tell), stop)
    log = order.place / PHONE_LOG
    more = ("--data", str(order.place), "--codecs", CODECS, "--at-once", str(order.channels))
    async with phones(files, port=0, log=log, more=more) as there:
        talk_stage.configure(setting, there.host, there.port)
        await _dial(order.place, talking, made, console, stop)
    return _report(order, await _judged(order.place, talking, made), time.monotonic() - began)


async def _prepare(data: Path, talking: Sequence[Talk], tell: Tell) -> tuple[Campaign, ...]:
    """Customers, campaigns, and the sound of all that may be said to them."""
    async with open_site(data, create=True) as site:
        made = await talk_stage.fill(site, talking)
        for campaign in made:
            await prompting.prepare(site, campaign, tell)
    return made


async def _dial(
    data: Path, talking: Sequence[Talk], made: Sequence[Campaign], console: Console, stop: asyncio.Event
) -> None:
    """Call until each customer had as many calls as were meant: what was wrongly agreed is not waited for."""
    async with open_site(data) as site:
        await talk_stage.start(site, made)
        totals = await totals_of(site)
    amid_noise = (one.customer.phone for one in talking if one.persona.noise)
    ended = Ended({one.customer.phone: len(one.dispositions) for one in talking}, amid_noise)
    stopping = asyncio.create_task(_sets(stop, ended.all))
    try:
        with watching(console, totals) as observer:
            await assemble.dial(data, until_done=True, stop=ended.all, observer=Both(observer, ended))
    finally:
        await drop(stopping)


async def _sets(first: asyncio.Event, second: asyncio.Event) -> None:
    await first.wait()
    second.set()


async def _judged(data: Path, talking: Sequence[Talk], made: Sequence[Campaign]) -> tuple[Verdict, ...]:
    calls: defaultdict[str, list[CallRecord]] = defaultdict(list)
    for record in call_log.read(data / PHONE_LOG):
        calls[record.persona].append(record)
    async with open_site(data) as site:
        reports = [await campaign_report(site.database, campaign.id) for campaign in made]
    called = {one.customer.phone: one for report in reports for one in report.customers}
    return tuple(judge(one, called.get(one.customer.phone), calls[one.persona.id]) for one in talking)


def _report(order: Order, verdicts: tuple[Verdict, ...], seconds: float) -> Report:
    return Report(
        seed=order.seed,
        conversations=len(verdicts),
        ended_well=sum(one.ended_well for one in verdicts),
        alone=sum(one.alone for one in verdicts),
        answers=sum(one.right for one in verdicts),
        again=sum(one.again for one in verdicts),
        open=sum(len(one.open) for one in verdicts),
        wrong=sum(len(one.wrong) for one in verdicts),
        seconds=round(seconds, 1),
        verdicts=verdicts,
    )
