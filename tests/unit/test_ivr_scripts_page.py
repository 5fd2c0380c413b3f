"""docs/scripts.md teaches what is true: its example is fit, its lists are all there are."""

from __future__ import annotations

import re
from pathlib import Path

from ivr.check import problems
from ivr.loader import load
from ivr.phrases import INTENTS, SHARED
from ivr.script import KINDS, Ask
from ivr.values import Outcome
from ivr.written import FrameFile, ScriptFile
from tests.conversations import converse

PAGE = (Path(__file__).parents[2] / "docs" / "scripts.md").read_text(encoding="utf-8")


def test_the_example_is_a_fit_script(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    path = tmp_path / "hello.yaml"
    path.write_text(example[1], encoding="utf-8")
    script = load(path)
    assert [str(problem) for problem in problems(script)] == []
    assert converse(["是的", "很满意"], script=script).result.outcome is Outcome.COMPLETED
    assert converse(["是的", "不满意", "太慢了"], script=script).nodes[-2:] == ["reason", "thanks"]


def test_every_key_and_list_is_explained() -> None:
    words = set(re.findall(r"[a-z_]+", PAGE))
    wanted = {
        *ScriptFile.model_fields,
        *FrameFile.model_fields,
        *Ask.model_fields,
        *KINDS,
        *SHARED,
        *INTENTS,
    } - {"name"}
    assert sorted(wanted - words) == []
