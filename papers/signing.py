"""Signatures under papers (R6): acts over the paper's hash, one person each, in the chain's order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from papers.paper import Box, Paper, Part, Signature
from papers.worksheet import People, named
from records.filed_papers import Filed, Signed


def signed(paper: Paper, acts: Iterable[Signed], people: People) -> Paper:
    """The paper with who has signed it; `acts` are those over its own hash."""
    by_role = {act.role: act for act in acts}

    def fill(lines: Sequence[Signature]) -> tuple[Signature, ...]:
        return tuple(_filled(line, by_role, people) for line in lines)

    def part(one: Part) -> Part:
        return replace(one, signatures=fill(one.signatures)) if isinstance(one, Box) else one

    return replace(paper, signatures=fill(paper.signatures), parts=tuple(map(part, paper.parts)))


CONFIRMS = "确认"
"""What those do who sign at the very end, where their opinion was asked before (W3)."""


def chain_of(paper: Paper) -> tuple[str, ...]:
    """Who signs a paper in the system, in order: each once, though the form may have several lines for them.

    Boxes come before the end of the form; who confirms waits for it.
    """
    at_last = [line for line in paper.signatures if not line.name]
    confirms = {line.role for line in at_last if line.act == CONFIRMS}
    boxes = [line.role for part in paper.parts if isinstance(part, Box) for line in part.signatures]
    return tuple(
        dict.fromkeys([*(one for one in boxes if one not in confirms), *(one.role for one in at_last)])
    )


def refusal(paper: Filed, role: str, by: str) -> str:
    """Why somebody may not sign now; "" if they may (R6).

    Done by and checked by are never one person: who did it signs in the first place alone. The chain goes in
    its order.
    """
    chain, roles = paper.chain, {act.role for act in paper.signed}
    if not chain:
        return "nobody signs this paper here: its steps were signed as they were done"
    if role not in chain:
        return f"{role} does not sign this paper; these do: {'、'.join(chain)}"
    if role in roles:
        return f"{role} has signed it already"
    if any(act.by == by for act in paper.signed):
        return f"{by} has signed it already: never one person twice"
    if by == paper.done_by and role != chain[0]:
        return f"{by} did what it tells of, and checks none of it"
    waiting = [one for one in chain[: chain.index(role)] if one not in roles]
    return f"{waiting[0]} signs first" if waiting else ""


def _filled(line: Signature, by_role: dict[str, Signed], people: People) -> Signature:
    act = by_role.get(line.role)
    return line if act is None else replace(line, name=named(act.by, people), at=act.at)
