"""What `huifang script` refuses, and how a campaign's script is kept as it was approved (S1)."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from base.errors import ScriptError
from huifang.scripts.filing import revived
from records.scripts import FiledScript
from tests.command_line import as_json, complaint, succeeds
from tests.records_kit import NOW
from tests.site_kit import give_sound

SHIPPED = Path(__file__).parents[2] / "config" / "scripts" / "new_account.yaml"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("check", "nothing"), "no 'nothing' in scripts"),
        (("check", "broken.yaml"), "anchors (&) and aliases"),
        (("check", "absent.yaml"), "absent.yaml: cannot be read"),
        (("show", "new_account", "--out", "a.png"), "neither .svg nor .html"),
        (("diff", "abnormal"), "abnormal: was never filed"),
        (("diff", "new_account", "--version", "0.1"), "version 0.1 was never filed"),
        (("rehearse", "new_account", "--without", "name"), "no customer lacks 'name'"),
        (("rehearse", "new_account", "--walks", "0"), "--walks"),
        (("rehearse", "new_account", "--who", "a\nb"), "one line"),
        (("file", "../x"), "in scripts"),
    ],
)
def test_a_mistake_is_one_line(site: Path, words: tuple[str, ...], says: str) -> None:
    (site / "broken.yaml").write_text("script: &a b\n", encoding="utf-8")
    named = [str(site / word) if word in {"broken.yaml", "absent.yaml", "a.png"} else word for word in words]
    assert says in complaint("script", *named, "--data", site)


def own_script(data: Path, old: str, new: str) -> None:
    """The site's own copy of the shipped script, with one wording changed."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    own = data / "config" / "scripts" / SHIPPED.name
    own.parent.mkdir(exist_ok=True)
    own.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_campaign_files_its_script_and_is_called_as_filed(stocked: Path) -> None:
    made = as_json("campaign", "create", "一", "--data", stocked)
    (filed,) = [one for one in as_json("script", "list", "--data", stocked) if one["name"] == "new_account"]
    assert (filed["filed"], filed["sha256"], filed["version"]) == (
        "yes",
        made["script_sha256"],
        made["script_version"],
    )
    own_script(stocked, "现在方便吗", "这会儿方便吗")
    line = complaint("campaign", "create", "二", "--data", stocked)
    assert "was filed with other words (S1): node convenient.ask (give it a new version)" in line
    assert "altered since campaign 一 was made (S1)" in complaint(
        "campaign", "start", "一", "--data", stocked
    )
    version = re.search('version: "([^"]+)"', SHIPPED.read_text(encoding="utf-8"))
    assert version is not None
    own_script(stocked, version[0], 'version: "99"')
    newer = as_json("campaign", "create", "二", "--data", stocked)
    assert (newer["script_version"], newer["script_sha256"] != made["script_sha256"]) == ("99", True)
    give_sound(stocked, "一")
    assert succeeds("campaign", "start", "一", "--data", stocked) == "一: running\n"


def test_an_older_campaign_is_not_called_with_what_was_filed_later_under_its_version(stocked: Path) -> None:
    """S1, for campaigns that were made before scripts were filed."""
    succeeds("campaign", "create", "一", "--data", stocked)
    with closing(sqlite3.connect(stocked / "huifang.db")) as db, db:
        db.execute("DELETE FROM filed_script")
    start = ("campaign", "start", "一", "--data", stocked)
    own_script(stocked, "现在方便吗", "这会儿方便吗")
    unfiled = complaint(*start)
    succeeds("campaign", "create", "二", "--data", stocked)
    for line in (unfiled, complaint(*start)):
        assert "altered since campaign 一 was made (S1); version" in line
        assert "was not filed then" in line
        assert "or run: huifang campaign cancel '一', and make a new campaign" in line
    succeeds("campaign", "cancel", "一", "--data", stocked)


def test_a_file_must_be_called_by_its_script(stocked: Path) -> None:
    own_script(stocked, "script: new_account", "script: other")
    for command in (("campaign", "create", "一"), ("script", "check", "new_account")):
        assert "call the file other.yaml" in complaint(*command, "--data", stocked)


def test_random_walks_are_logged_with_the_version(stocked: Path) -> None:
    site = stocked
    succeeds("campaign", "create", "一", "--data", site)
    assert "never rehearsed" in succeeds("campaign", "status", "一", "--data", site)
    told = as_json("script", "rehearse", "new_account", "--walks", "5", "--who", "质检甲", "--data", site)
    shown = succeeds("campaign", "status", "一", "--data", site)
    assert re.search(
        r"rehearsed in this version: 5 walks, 0 without a proper end, last \S+ \S+ by 质检甲", shown
    )
    assert (told["walks"], told["logged"]) == (5, True)
    (one,) = [one for one in as_json("script", "list", "--data", site) if one["name"] == "new_account"]
    assert (one["rehearsals"], one["last_rehearsed"] is not None) == (1, True)


def test_what_another_version_of_the_program_filed_is_refused_by_name() -> None:
    unknown = FiledScript("periodic", "1.0", "a" * 64, "", "periodic", "standard", {"of": "old"}, NOW)
    with pytest.raises(ScriptError, match=r"periodic: version 1\.0 was filed by another version"):
        revived(unknown)
