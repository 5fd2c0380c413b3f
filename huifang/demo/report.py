"""The demonstration's story: one JSON document for machines, tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dialer.recordings import CUSTOMER, SYSTEM
from papers.words import disposition
from records.post_call import Flag, Hit
from records.report import AttemptReport, CampaignReport, CustomerReport
from transcribe.flags import counts


@dataclass(frozen=True, slots=True)
class Story:
    """What there is to tell when all is done.

    Attributes:
        personas: persona id by E.164 number.
        searched, hits: the search shown at the end.
        elapsed_s: machine seconds from the first command to the last transcript.
    """

    campaign: CampaignReport
    personas: Mapping[str, str]
    searched: str
    hits: tuple[Hit, ...]
    elapsed_s: float


def document(story: Story) -> dict[str, Any]:
    """The story as JSON-ready values."""
    customers = [_customer(one, story.personas) for one in story.campaign.customers]
    return {
        "campaign": story.campaign.campaign.name,
        "profile": story.campaign.campaign.profile,
        "script": {
            "name": story.campaign.campaign.script,
            "version": story.campaign.campaign.script_version,
            "sha256": story.campaign.campaign.script_sha256,
        },
        "customers": customers,
        "totals": _totals(story),
        "search": {"text": story.searched, "hits": [_hit(hit) for hit in story.hits]},
        "elapsed_s": round(story.elapsed_s, 1),
    }


def _customer(one: CustomerReport, personas: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.customer.id,
        "name": one.customer.name,
        "persona": personas.get(one.customer.phone, ""),
        "disposition": outcome(one),
        "rule": one.rule,
        "appointment": one.due_at.isoformat() if one.appointment and one.due_at else None,
        "answers": {question: answer.value or answer.heard for question, answer in one.answers.items()},
        "attempts": [_attempt(attempt) for attempt in one.attempts],
        "flags": [_flag(flag) for flag in leads(one)],
        "transcript": [
            {"attempt": attempt.n, "party": said.party, "start_s": round(said.start_s, 2), "text": said.text}
            for attempt in one.attempts
            for said in attempt.transcript
        ],
    }


def outcome(one: CustomerReport) -> str:
    """The follow-up's disposition; while it waits for an appointment, that of its last attempt."""
    if one.disposition or not one.attempts:
        return one.disposition
    return one.attempts[-1].disposition


def leads(one: CustomerReport) -> tuple[Flag, ...]:
    """The flags to show; faint ones stay in the records."""
    return tuple(filter(counts, one.flags))


def _attempt(one: AttemptReport) -> dict[str, Any]:
    return {
        "n": one.n,
        "started_at": one.started_at.isoformat() if one.started_at else None,
        "disposition": one.disposition,
        "sip_status": one.sip_status,
        "q850": one.q850,
        "rang_s": round(one.rang_s, 3),
        "talked_s": round(one.talked_s, 3),
        "rung": one.rung,
        "valid": one.valid,
        "owner_confirmed": one.owner_confirmed,
        "recording": one.recording,
        "tracks": [f"{one.recording}_{party}.wav" for party in (SYSTEM, CUSTOMER)] if one.recording else [],
        "system_said": [
            {"node": said.node, "text": said.text, "private": said.private, "start_s": round(said.start_s, 2)}
            for said in one.spoken
        ],
    }


def _flag(flag: Flag) -> dict[str, Any]:
    return {
        "rule": flag.rule,
        "category": flag.category,
        "severity": flag.severity,
        "tier": flag.tier,
        "negation": flag.negation,
        "text": flag.text,
        "party": flag.party,
        "start_s": round(flag.start_s, 2),
        "end_s": round(flag.end_s, 2),
        "why": flag.why,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "customer": hit.customer,
        "party": hit.party,
        "start_s": round(hit.start_s, 2),
        "text": hit.text,
        "audio": hit.audio,
    }


def _totals(story: Story) -> dict[str, Any]:
    customers = story.campaign.customers
    outcomes = [outcome(one) for one in customers]
    return {
        "customers": len(customers),
        "attempts": sum(len(one.attempts) for one in customers),
        "flagged": sum(bool(leads(one)) for one in customers),
        "dispositions": {name: outcomes.count(name) for name in sorted(set(outcomes))},
    }


def show(story: Story, console: Console) -> None:
    """The table of customers, then the search."""
    table = Table(box=SIMPLE_HEAD, show_lines=True)
    for heading in ("客户", "拨打", "结果", "回答", "线索（秒）"):
        table.add_column(heading, overflow="fold")
    for one in story.campaign.customers:
        table.add_row(
            escape(one.customer.name),
            _attempts_cell(one),
            _outcome_cell(one),
            _answers_cell(one),
            _leads_cell(one),
        )
    console.print(table)
    _show_search(story, console)


def _attempts_cell(one: CustomerReport) -> str:
    return "\n".join(
        f"{attempt.n} {disposition(attempt.disposition)}"
        + (f" 振铃{attempt.rang_s:.1f}s" if attempt.rang_s else "")
        + (f" 通话{attempt.talked_s:.0f}s" if attempt.talked_s else "")
        for attempt in one.attempts
    )


def _outcome_cell(one: CustomerReport) -> str:
    at = f"\n{one.due_at:%m-%d %H:%M}" if one.appointment and one.due_at else ""
    return disposition(outcome(one)) + at


def _answers_cell(one: CustomerReport) -> str:
    """Labels of closed answers; free ones are in the transcript."""
    return escape(" ".join(answer.label or answer.value for answer in one.answers.values() if answer.value))


def _leads_cell(one: CustomerReport) -> str:
    """A line per category: the seconds at which to listen."""
    seconds: dict[str, list[str]] = {}
    for flag in leads(one):
        seconds.setdefault(flag.category, []).append(f"{flag.start_s:.0f}")
    return "\n".join(
        f"[red]{escape(category)}[/red] {' '.join(dict.fromkeys(found))}"
        for category, found in seconds.items()
    )


def _show_search(story: Story, console: Console) -> None:
    console.print(f"搜索 {story.searched}：{len(story.hits)} 处", markup=False, highlight=False)
    for hit in story.hits:
        text = escape(hit.text).replace(story.searched, f"[bold reverse]{story.searched}[/bold reverse]")
        console.print(
            f"  {escape(hit.customer)} {hit.start_s:.1f}s {text}\n    {escape(hit.audio)}",
            soft_wrap=True,
            highlight=False,
        )
