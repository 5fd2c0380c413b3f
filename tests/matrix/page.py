"""`python -m tests.matrix.page > docs/far-ends.md`: the table as a page for engineers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from tests.matrix.phones import Baresip, Phone
from tests.matrix.row import RING_S, SETUP_S, SILENCE_S, TALK_S, Row
from tests.matrix.sipp_end import Sipp
from tests.matrix.table import GROUPS

HEAD = f"""# What a far end may do, and what becomes of it

Each row is called by the acceptance test `tests/acceptance/test_dialer_matrix.py`: one campaign over real SIP
on 127.0.0.1, real line workers, the ledger on disk. This page is made from the test's table
(`tests/matrix/table.py`), and a test keeps both equal. Far ends: SIPp with the scenarios of
`tests/matrix/scenarios/`, baresip, our own softphone, and a script without a SIP stack, which also does what
no stack would.

Limits are short there: {RING_S} s of ringing, {SETUP_S} s until something rings or answers,
{TALK_S:.0f} s of call, {SILENCE_S} s of silence after the answer before the first word; the rest is the
profile `default` without its parts of the day. Voices are synthetic there, and the ear knows their words by
their pitch.

*Rung* and *valid* are the two counts of an attempt, *next* is the wait before the next attempt or "closed".
*Seen there* is what came in at the far end, in order, without retransmissions; `?` marks what may come.
"CANCEL held": the far end saw none before the ring limit.
"""

MADE_BY = {Sipp: "SIPp", Baresip: "baresip", Phone: "softphone"}
WAITS = {None: "closed", 300: "5 min", 900: "15 min", 3600: "1 h"}
COLUMNS = ("far end", "by", "disposition", "SIP", "Q.850", "ended by", "rung", "valid", "next", "seen there")


def page() -> str:
    """The whole page."""
    count = sum(len(rows) for rows in GROUPS.values())
    parts = [HEAD, f"{count} behaviours:\n"]
    for title, rows in GROUPS.items():
        parts.append(f"## {title}\n")
        parts.append("\n".join([_line(COLUMNS), _line("---" for _ in COLUMNS), *map(_row, rows)]) + "\n")
    return "\n".join(parts)


def _row(row: Row) -> str:
    seen = in_words(row.seen) + (" (CANCEL held)" if row.rang else "")
    return _line(
        (
            row.name,
            MADE_BY.get(type(row.far), "scripted"),
            f"`{row.disposition}`",
            str(row.status or "none"),
            str(row.q850 or ""),
            row.by.value,
            "yes" if row.rung else "no",
            "yes" if row.valid else "no",
            WAITS[row.again_s],
            seen,
        )
    )


def in_words(seen: str) -> str:
    """The regular expression as people read it: "(A )?B (1|2)" is "A? B 1 or 2"."""
    optional = re.sub(r"\(( ?)(\w+)( ?)\)\?", r"\1\2?\3", seen)
    return re.sub(r"\(([\w|]+)\)", lambda found: found[1].replace("|", " or "), optional)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
