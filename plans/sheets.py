"""From what is owed to worksheets, each of one script, one type, one responsible person (W1, W2). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plans.avoidance import share_out
from plans.duties import Duty
from plans.merging import OneCall, merged
from plans.sections import Merge
from records.model import Kind
from records.people import Source, Staff
from records.planned import Executor, Obligation

TYPES = {Kind.NEW_ACCOUNT: "新开户", Kind.ABNORMAL: "异常状况"}
OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Task:
    """What a worksheet is about; customers with the same share one, if the same person may call them."""

    branch: str
    check: bool
    kind: Kind
    type_: str
    script: str
    executor: Executor


@dataclass(frozen=True, slots=True)
class Draft:
    """A worksheet to be written."""

    task: Task
    responsible: Staff
    owed: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True)
class Drafts:
    """The worksheets, and what nobody who was named may do (A1)."""

    sheets: tuple[Draft, ...]
    nobody: tuple[tuple[Task, tuple[Obligation, ...]], ...]


def drafts(
    owed: Mapping[str, Iterable[Obligation]],
    duties: Mapping[str, Duty],
    merge: Merge,
    kept_away: Mapping[int, frozenset[str]],
    staff: Mapping[Executor, Sequence[Staff]],
) -> Drafts:
    """The worksheets for what is owed.

    Args:
        owed: by branch.
        duties: of the profile; what a profile before it has left is taken by its kind.
        kept_away: by customer, who keeps away from them.
        staff: whom there is for each executor (P12); headquarters stands in for a branch (A1).
    """
    calls: dict[Task, dict[int, list[Obligation]]] = defaultdict(lambda: defaultdict(list))
    for branch, theirs in owed.items():
        for call in merged(theirs, merge):
            for task, one in _tasks(branch, call, duties):
                calls[task][one.customer_id].append(one)
    sheets: list[Draft] = []
    nobody: list[tuple[Task, tuple[Obligation, ...]]] = []
    for task, people in calls.items():
        own = staff.get(task.executor, ())
        shared = share_out({id_: kept_away[id_] for id_ in people}, own, staff.get(Executor.HEADQUARTERS, ()))
        for responsible, ids in shared.items():
            theirs_too = tuple(one for id_ in ids for one in people[id_])
            if responsible is None:
                nobody.append((task, theirs_too))
            else:
                sheets.append(Draft(task, responsible, theirs_too))
    return Drafts(tuple(sheets), tuple(nobody))


def type_of(kind: Kind, duty: Duty | None) -> str:
    """回访类型 as the forms name it (W1); of headquarters' checks whom they look at (W2)."""
    who = duty.who if duty else None
    if kind is Kind.CHECK:
        if who and Source.INTRODUCED in who.sources:
            return "居间关系"
        return "重点活跃" if who and who.key_active else OTHER
    if kind is Kind.PERIODIC:
        return "定期-重点活跃" if who and who.key_active else "定期-其他"
    return TYPES.get(kind, OTHER)


def _tasks(branch: str, call: OneCall, duties: Mapping[str, Duty]) -> Iterable[tuple[Task, Obligation]]:
    """The task of each obligation; of one kind those with scripts of their own go apart (P7)."""
    for one in call.obligations:
        duty = duties.get(one.duty)
        several = len(call.kinds) > 1
        kind = Kind.MERGED if several else one.kind
        script = call.script if several else (duty.script if duty else "") or one.kind.value
        type_ = OTHER if several else type_of(one.kind, duty)
        yield Task(branch, kind is Kind.CHECK, kind, type_, script, call.executor), one
