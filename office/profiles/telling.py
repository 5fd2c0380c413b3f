"""What a profile demands, and where two differ, as papers for those who approve them."""

from __future__ import annotations

from collections.abc import Sequence

from dialer.profile import Profile
from office.profiles.comparing import Difference
from office.profiles.tables import ITEM, RULE, tables
from papers.paper import Fact, Grid, Paper

PART = "部分"


def explained(profile: Profile) -> Paper:
    """All demands, each with its rule."""
    grids = (
        Grid(one.title, (ITEM, *one.columns, RULE), tuple(one.lines()), without="") for one in tables(profile)
    )
    return Paper("回访规则档", _facts(profile), tuple(one for one in grids if one.rows))


def compared(first: Profile, second: Profile, found: Sequence[Difference]) -> Paper:
    """The demands on which two profiles do not agree."""
    columns = (PART, ITEM, first.name, second.name, RULE)
    rows = tuple((one.table, one.item, one.first, one.second, one.rule) for one in found)
    grid = Grid("不同之处", columns, rows, without="要求相同")
    return Paper("回访规则档比较", (*_facts(first), *_facts(second)), (grid,))


def _facts(profile: Profile) -> tuple[Fact, ...]:
    return (
        Fact("规则档", profile.name),
        Fact("生效日期", f"{profile.valid_from:%Y-%m-%d}"),
        Fact("说明", profile.says, wide=True),
    )
