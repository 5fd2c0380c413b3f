"""`python -m tests.rules.page > docs/rules.md`: each rule, what meets it, what shows it, what is missing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

import yaml
from pydantic import BaseModel, ConfigDict, RootModel

from tests.rules import citations
from tests.rules.citations import ROOT

RULES = ROOT / "docs" / "rules.yaml"
CHAPTERS = {
    "D": "Dialing 拨打",
    "P": "Planning 计划",
    "A": "Avoidance and confidentiality 回避与保密",
    "S": "Scripts 话术",
    "R": "Recording and retention 录音与保存",
    "F": "Transcripts and flags 转写与线索",
    "Q": "Quality and problems 质检与问题",
    "W": "Worksheets and reports 工作表与报告",
    "C": "Other channels, customers 其他渠道与客户",
}
HEAD = """# The rules, and what shows that they are kept

Each rule of the five sources in our own short words (`docs/rules.yaml`), the modules and data that cite its
id, and the tests that do; tests under `tests/rules/` are named after a rule. That a file cites a rule says
where to look, not that the rule is kept in full: *not yet* says what is known to be missing. The page is made
by `python -m tests.rules.page`, and a test keeps it up to date.
"""


class Rule(BaseModel):
    """A rule in our words. `yet`: what is known to be missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str
    yet: str = ""


class Rules(RootModel[Mapping[str, Rule]]):
    """All of them by id."""


def rules() -> Mapping[str, Rule]:
    """What docs/rules.yaml holds."""
    return Rules.model_validate(yaml.safe_load(RULES.read_text("utf-8"))).root


def page() -> str:
    """The whole page."""
    known = rules()
    met, shown, named = citations.code(), citations.tests(), citations.named()
    bare = [one for one in known if not met.get(one) or not (shown.get(one) or named.get(one))]
    open_ = [one for one in known if known[one].yet or one in bare]
    count = f"{len(known)} rules; something is missing of {len(open_)}: {', '.join(open_)}.\n"
    parts = [HEAD, count]
    for letter, title in CHAPTERS.items():
        parts.append(f"## {letter}. {title}\n")
        for one, rule in known.items():
            if one.startswith(letter):
                lines = _rule(one, rule, met.get(one, []), named.get(one, []), shown.get(one, []))
                parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _rule(one: str, rule: Rule, met: list[str], named: list[str], shown: list[str]) -> Iterator[str]:
    yield f"### {one} {rule.zh}"
    yield f"{rule.en}.\n"
    yield f"- Met by: {_files(met) or 'not yet'}"
    yield from (f"- Shown by {test}" for test in named)
    if shown or not named:
        yield f"- {'Also cited by' if named else 'Shown by'}: {_files(shown) or 'not yet'}"
    if rule.yet:
        yield f"- Not yet: {rule.yet}"


def _files(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    sys.stdout.write(page())
