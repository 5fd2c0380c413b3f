"""A customer's file as people read it: what is known, by name and value. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from office.customers.names import HEADINGS
from papers.words import PHONE_KINDS
from plans.words import CLIENTS, SOURCES
from records.customer_files import CustomerFile
from records.people import ClientKind, Source

TITLES: Mapping[str, str] = {key: names.split()[0] for key, names in HEADINGS.items()} | {
    "client": "客户",
    "source": "来源",
    "chosen": "手工指定重点",
    "introducer": "居间人",
    "opened_by": "开户人",
    "signed_by": "签约人",
    "contract": "投顾合同",
    "id_tail": "证件号末四位",
}
"""What each key is called in Chinese."""


def told(file: CustomerFile, shown: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """What is known: keys of TITLES, or what a number is for; what is not known is left out.

    Args:
        shown: how a telephone number is shown, whole or masked.
    """
    for key, value in (*_line(file, shown), *_facts(file), *_details(file)):
        if value:
            yield key, value


def numbered(phone: str, extension: str, shown: Callable[[str], str]) -> str:
    """A number with its extension."""
    return shown(phone) + (f"转{extension}" if extension else "")


def yuan(amount: float) -> str:
    """An amount; "" for none."""
    return f"{amount:,.2f}" if amount else ""


def _line(file: CustomerFile, shown: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    line = file.line
    yield "id", str(line.id)
    yield "account", line.account
    yield "name", line.name
    yield "phone", numbered(line.phone, file.extension, shown)
    for one in file.phones:
        yield one.use or PHONE_KINDS[one.phone_kind], numbered(one.phone, one.extension, shown)
    yield "branch", line.branch
    yield "client", CLIENTS[ClientKind(line.client)]
    yield "source", SOURCES[Source(line.source)]
    yield "manager", f"{line.manager} {line.manager_no}".strip()


def _facts(file: CustomerFile) -> Iterator[tuple[str, str]]:
    line, facts = file.line, file.facts
    yield "assets", yuan(line.assets)
    yield "opened_on", str(line.opened_on or "")
    yield "closed_on", str(facts.closed_on or "")
    for key in ("province", "introducer", "opened_by", "signed_by"):
        yield key, getattr(facts, key)
    if facts.adviser_since:
        yield "contract", f"{facts.adviser_since} 至 {facts.adviser_until or '长期'}"
    yield "volume", yuan(facts.volume)
    yield "commission", yuan(facts.commission)
    yield "turnover", f"{facts.turnover:g}" if facts.turnover else ""
    for key in ("core", "dormant", "chosen"):
        yield key, "是" if getattr(facts, key) else ""


def _details(file: CustomerFile) -> Iterator[tuple[str, str]]:
    for key, value in file.details.items():
        yield key, str(value)
