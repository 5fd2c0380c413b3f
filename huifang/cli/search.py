"""`huifang search`: from a word to the second of audio (F5)."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from base.phones import normalise
from huifang.cli.options import DAY, DEFAULT_DATA, MINUTE, MOST, Acting, AsJson, Data, moment_of, printable
from huifang.cli.output import as_json, as_table, say
from huifang.site import open_site
from huifang.words import counted
from papers.words import DISPOSITIONS
from records import audit
from records import search as searching
from records.looking import searched
from records.model import Kind
from records.post_call import Found, Hit
from records.query import Query, parse
from records.search import Order, Page
from records.search_filters import Filters

_WHEN = f"<{DAY}|{MINUTE}>"


def _from(text: str) -> datetime:
    return moment_of(text, timedelta(0))


def _to(text: str) -> datetime:
    """What a day ends before."""
    return moment_of(text, timedelta(days=1))


def _number(text: str) -> str:
    try:
        return normalise(text).e164 if text else ""
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _customer(text: str) -> str:
    if text.isdecimal() and int(text) > MOST:
        raise typer.BadParameter("no id is as large as that")
    return printable(text)


def _disposition(text: str) -> str:
    """As the records name it, from its name or its Chinese word."""
    names = {name: name for name in DISPOSITIONS} | {word: name for name, word in DISPOSITIONS.items()}
    if text not in names:
        known = ", ".join(f"{name} {word}" for name, word in DISPOSITIONS.items() if name)
        raise typer.BadParameter(f"{text} is none of: {known}")
    return names[text]


def _only(flag: str, metavar: str, help_: str, **more: Any) -> Any:
    """An option that narrows the search down."""
    return typer.Option(flag, metavar=metavar, help=help_, show_default=False, **more)


Text = Annotated[
    str,
    typer.Argument(
        metavar="TEXT",
        help='Words, "phrases", AND, OR, NOT, (), ~ before what may only sound alike.',
        show_default=False,
    ),
]
SoundAlike = Annotated[
    bool, typer.Option("--sound-alike", help="Also what sounds like it (谐音), as with ~ everywhere.")
]
Customer = Annotated[str, _only("--customer", "NAME|ID", "Calls with this customer.", callback=_customer)]
Number = Annotated[str, _only("--number", "NUMBER", "Calls to this number or its owner.", parser=_number)]
Since = Annotated[datetime | None, _only("--from", _WHEN, "Calls from then on, Asia/Shanghai.", parser=_from)]
Until = Annotated[
    datetime | None, _only("--to", _WHEN, "Calls before then; of a date alone that day's too.", parser=_to)
]
KindOf = Annotated[Kind | None, typer.Option("--kind", help="Kind of follow-up.", show_default=False)]
Campaign = Annotated[str, _only("--campaign", "NAME", "Calls of this campaign.", callback=printable)]
Branch = Annotated[str, _only("--branch", "NAME", "Customers of this branch (营业部).", callback=printable)]
Manager = Annotated[str, _only("--manager", "NAME", "Customers of this manager.", callback=printable)]
FlagOf = Annotated[str, _only("--flag", "RULE|CATEGORY", "Calls flagged so.", callback=printable)]
Tier = Annotated[
    Literal["certain", "probable", "faint"] | None,
    typer.Option("--tier", help="Calls with a flag of this tier.", show_default=False),
]
Disposition = Annotated[
    str, _only("--disposition", "RESULT", "Calls that ended so: completed or 完成, ...", parser=_disposition)
]
Shortest = Annotated[
    float | None, _only("--at-least", "SECONDS", "Calls that were talked in so long or longer.", min=0)
]
Longest = Annotated[
    float | None, _only("--at-most", "SECONDS", "Calls that were talked in so long or shorter.", min=0)
]
Party = Annotated[
    Literal["customer", "system", "agent", "echo"] | None,
    typer.Option("--party", help="Who said it.", show_default=False),
]
OrderBy = Annotated[
    Order, typer.Option("--order", help="By time; or first what holds most of it in the fewest words.")
]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="Hits on a page.")]
PageNumber = Annotated[int, typer.Option("--page", min=1, max=10**9, help="Which page of the hits.")]


def search(
    text: Text,
    by: Acting,
    sound_alike: SoundAlike = False,
    customer: Customer = "",
    number: Number = "",
    since: Since = None,
    until: Until = None,
    kind: KindOf = None,
    campaign: Campaign = "",
    branch: Branch = "",
    manager: Manager = "",
    flag: FlagOf = "",
    tier: Tier = None,
    disposition: Disposition = "",
    at_least: Shortest = None,
    at_most: Longest = None,
    party: Party = None,
    order: OrderBy = Order.NEWEST,
    limit: Limit = 50,
    page: PageNumber = 1,
    data: Data = DEFAULT_DATA,
    json: AsJson = False,
) -> None:
    """Find what was said in recorded calls, with the second of audio.

    Words side by side must stand in one stretch of speech; "quoted" they must follow one another.

    Example: huifang search 分成 --sound-alike

    Example: huifang search '(分成 OR ~代客操作) NOT 没有' --from 2026-03-01 --branch 上海营业部
    """
    filters = Filters(
        customer=customer,
        number=number,
        since=since,
        until=until,
        kind=kind or "",
        campaign=campaign,
        branch=branch,
        manager=manager,
        flag=flag,
        tier=tier or "",
        disposition=disposition,
        shortest_s=at_least,
        longest_s=at_most,
        party=party or "",
    )
    shown = Page(limit, (page - 1) * limit)
    query = parse(text, alike=sound_alike)
    found = asyncio.run(_search(data, query, filters, order, shown, by, text))
    if json:
        hits = [{**_as_dict(hit), "audio": data / hit.audio} for hit in found.hits]
        as_json({"total": found.total, "page": page, "hits": hits})
    else:
        _show(found, text, shown, data)


def _show(found: Found, text: str, page: Page, data: Path) -> None:
    if not found.hits:
        beyond = f" on this page ({counted(found.total, 'hit')} in all)" if found.total else ""
        say(f"no hit for {text}{beyond}")
        return
    title = counted(found.total, "hit") + f" for {text}"
    if found.total > len(found.hits):
        title += f", {page.offset + 1} to {page.offset + len(found.hits)}"
    columns = ("customer", "campaign", "called at", "party", "second", "text", "audio")
    as_table(title, columns, (_row(data, hit) for hit in found.hits))


def _as_dict(hit: Hit) -> dict[str, object]:
    return {name: getattr(hit, name) for name in hit.__slots__}


def _row(data: Path, hit: Hit) -> tuple[object, ...]:
    second = f"{hit.start_s:.1f}"
    return hit.customer, hit.campaign, hit.started_at, hit.party, second, _marked(hit), data / hit.audio


def _marked(hit: Hit) -> str:
    """What was looked for stands in 【】; spans that touch or overlap share them."""
    inside = {index for span in hit.spans for index in range(span.start, span.end)}
    runs = groupby(enumerate(hit.text), lambda numbered: numbered[0] in inside)
    texts = ((found, "".join(character for _, character in run)) for found, run in runs)
    return "".join(f"【{text}】" if found else text for found, text in texts)


async def _search(
    data: Path, query: Query, filters: Filters, order: Order, page: Page, by: str, words: str
) -> Found:
    async with open_site(data) as site:
        found = await searching.search(site.database, query, filters, order=order, page=page)
        await audit.keep(site.database, searched(site.now(), by, words, filters, found.total))
        return found
