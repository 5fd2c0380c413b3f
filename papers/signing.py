"""Signatures under papers (R6): acts over the paper's hash, one person each, in the chain's order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from papers.paper import Box, Paper, Part, Signature
from papers.worksheet import People, named
from records.filed_papers import Signed


def signed(paper: Paper, acts: Iterable[Signed], people: People) -> Paper:
    """The paper with who has signed it; `acts` are those over its own hash."""
    by_role = {act.role: act for act in acts}

    def fill(lines: Sequence[Signature]) -> tuple[Signature, ...]:
        return tuple(_filled(line, by_role, people) for line in lines)

    def part(one: Part) -> Part:
        return replace(one, signatures=fill(one.signatures)) if isinstance(one, Box) else one

    return replace(paper, signatures=fill(paper.signatures), parts=tuple(map(part, paper.parts)))


def refusal(chain: Sequence[str], acts: Sequence[Signed], role: str, by: str) -> str:
    """Why somebody may not sign now; "" if they may (R6).

    Done by and checked by are never one person; the chain goes in its order.
    """
    roles = {act.role for act in acts}
    if role not in chain:
        return f"{role} does not sign this paper; these do: {'、'.join(chain)}"
    if role in roles:
        return f"{role} has signed it already"
    if any(act.by == by for act in acts):
        return f"{by} has signed it already: never one person twice"
    waiting = [one for one in chain[: chain.index(role)] if one not in roles]
    return f"{waiting[0]} signs first" if waiting else ""


def _filled(line: Signature, by_role: dict[str, Signed], people: People) -> Signature:
    act = by_role.get(line.role)
    return line if act is None else replace(line, name=named(act.by, people), at=act.at)
