"""Calls under way on a terminal: a bar for each campaign, a line for each call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from base.phones import masked
from dialer.watching import CallEvent, Observer, Stage
from huifang.observers import PlainLines
from huifang.site import Site
from papers.words import disposition
from records import campaigns

STAGES = {
    Stage.CLAIMED: ("准备", "dim"),
    Stage.DIALING: ("呼叫", "yellow"),
    Stage.RINGING: ("振铃", "yellow"),
    Stage.TALKING: ("通话", "green"),
    Stage.ENDED: ("结束", "dim"),
}
"""Word and colour of each stage."""
ENDED_SHOWN = 20
"""So many ended calls are kept in sight."""


class LiveView:
    """Serves `dialer.watching.Observer` by a display that is drawn anew four times a second.

    Args:
        totals: follow-ups per campaign's name, and how many of them were closed before.
    """

    def __init__(self, console: Console, totals: Mapping[str, tuple[int, int]]) -> None:
        self._totals = dict(totals)
        self._calls: dict[tuple[str, int], CallEvent] = {}
        self._live = Live(get_renderable=self._picture, console=console, refresh_per_second=4)

    def __enter__(self) -> LiveView:
        """Begin to show."""
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Show the last state and stop."""
        self._live.stop()

    def on(self, event: CallEvent) -> None:
        """Keep the customer's newest snapshot."""
        self._calls[event.campaign, event.customer_id] = event

    def _picture(self) -> RenderableType:
        calls = tuple(self._calls.values())  # drawn in a thread of its own, while new calls come in
        closed = Counter(event.campaign for event in calls if event.closed)
        return Group(
            *(_bar(name, before + closed[name], total) for name, (total, before) in self._totals.items()),
            _lines(calls),
        )


async def totals_of(site: Site) -> dict[str, tuple[int, int]]:
    """Follow-ups of each running campaign, and how many of them are closed."""
    found = {}
    for campaign in await campaigns.running(site.database):
        progress = await campaigns.progress(site.database, campaign.id)
        found[campaign.name] = (progress.total, progress.closed)
    return found


def watching(console: Console, totals: Mapping[str, tuple[int, int]]) -> AbstractContextManager[Observer]:
    """A live display on a terminal, a plain line per ended attempt elsewhere."""
    if console.is_terminal:
        return LiveView(console, totals)
    return nullcontext(PlainLines(lambda line: console.print(line, markup=False, highlight=False)))


def _bar(campaign: str, closed: int, total: int) -> RenderableType:
    row = Table.grid(padding=(0, 1))
    row.add_row(
        Text(campaign, style="bold"),
        ProgressBar(total=max(total, 1), completed=closed, width=40),
        Text(f"{closed}/{total} 已结束"),
    )
    return row


def _lines(events: Collection[CallEvent]) -> Table:
    """A line per customer on the line, below them those whose calls ended last."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    ended = sorted((one for one in events if one.stage is Stage.ENDED), key=lambda one: one.at, reverse=True)
    calling = sorted((one for one in events if one.stage is not Stage.ENDED), key=lambda one: one.customer_id)
    for event in (*calling, *ended[:ENDED_SHOWN]):
        word, style = STAGES[event.stage]
        table.add_row(
            Text(event.customer),
            masked(event.phone),
            f"第{event.n}次",
            Text(word, style=style),
            Text(_doing(event)),
        )
    return table


def _doing(event: CallEvent) -> str:
    """What goes on: the words last said and heard, or how it ended and what follows."""
    if event.stage is not Stage.ENDED:
        heard = f"  «{event.heard}»" if event.heard else ""
        return f"{event.saying[:32]}{heard}"
    if event.closed and event.outcome != event.disposition:
        return f"{disposition(event.disposition)} → {disposition(event.outcome)}"
    again = f" → {event.next_due:%m-%d %H:%M:%S} 再拨" if event.next_due else ""
    return disposition(event.disposition) + again
