"""`huifang profile`: all that is wrong, with its line; what is demanded and where two differ, in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from huifang import resources
from huifang.profiles.checking import faults, scripts_of
from huifang.profiles.locating import locate
from office.profiles.comparing import NONE, differences
from office.profiles.tables import tables
from tests.command_line import as_json, complaint, huifang, succeeds

SHIPPED = resources.names(Path("nowhere"), "profiles")
KINDS_OF = scripts_of(Path("nowhere"))
HEAD = "extends: default\nname: site\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site.yaml"


def wrong(site: Path, text: str) -> list[str]:
    """What is said of a profile with this text after its head, without its path."""
    site.write_text(HEAD + text, "utf-8")
    return [str(one).removeprefix(f"{site}:") for one in faults(site.parent, str(site), KINDS_OF)]


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_is_wrong_with_what_is_shipped(name: str, tmp_path: Path) -> None:
    assert faults(tmp_path, name, KINDS_OF) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("attempts: 2\n", "3: attempts: at least 3 attempts are made (D2)"),
        (
            'legal: {from: "09:00", to: "17:00"}\n',
            "windows: the window 15:00-18:00 goes beyond the legal hours 09:00-17:00 (D6)",
        ),
        (
            'windows:\n  - {days: [], from: "15:00", to: "18:00"}\n',
            "3: windows: the window 15:00-18:00 is open",
        ),
        (
            'parts:\n  - {name: dawn, from: "09:00", to: "10:00"}\n',
            "3: parts: no window is open in the part dawn",
        ),
        (
            "duties:\n  own:\n    {kind: special, upon: moved, within: {days: 1}, script: nobody,"
            " executor: operations, rule: P7}\n",
            "4: duties.own: its script cannot be used",
        ),
        (
            "duties:\n  own:\n    {kind: special, upon: moved, within: {days: 1}, script: periodic,"
            " executor: operations, rule: P7}\n",
            "4: duties.own: the script periodic is of periodic, not of special",
        ),
        (
            "merge:\n  together: [{kinds: [periodic, special], script: periodic_and_adviser, rule: D7}]\n",
            "4: merge.together: the script periodic_and_adviser is of adviser_continuing, periodic, not of",
        ),
        ("clocks: {inspection: null}\n", "reports.inspection: there is no clock `inspection`"),
        (
            "duties:\n  periodc_key: null\n",
            "4: duties.periodc_key: no inherited entry to take away: did you mean periodic_key?",
        ),
        ("name_: x\n", "3: name_: is not a known key"),
    ],
)
def test_a_mistake_is_named_with_its_line(site: Path, text: str, said: str) -> None:
    assert any(said in one for one in wrong(site, text))


def test_every_mistake_has_a_line_of_its_own(site: Path) -> None:
    found = wrong(site, "attempts: many\nring_s: 5\nduties:\n  own: {kind: special}\n")
    assert [one.partition(":")[0] for one in found] == ["3", "4", "6", "6"]
    assert all("more)" not in one for one in found)


def test_what_is_wrong_with_an_inherited_demand_is_shown_where_it_stands(site: Path) -> None:
    found = wrong(site, "classes: {steps: []}\nretention: {sound: null}\nclocks: {records: null}\n")
    shipped = resources.SHIPPED_CONFIG / "profiles" / "default.yaml"
    assert any(one.startswith(f"{shipped}:") and "reports.ordered" in one for one in found)
    assert any(one.startswith("4: retention: recordings are kept for 0 years") for one in found)


def test_what_is_missing_has_no_line(tmp_path: Path) -> None:
    alone = tmp_path / "alone.yaml"
    alone.write_text("name: alone\nattempts: 3\n", "utf-8")
    found = faults(tmp_path, str(alone), KINDS_OF)
    assert {one.where for one in found} == {str(alone)}
    assert any("valid_from: is missing" in one.what for one in found)


def test_a_file_bears_its_profiles_name(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(HEAD, "utf-8")
    assert [one.what for one in faults(tmp_path, str(other), KINDS_OF)] == [
        "name: is site, but campaigns will know the file as other"
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_demand_is_told_with_a_key_of_its_own(name: str, tmp_path: Path) -> None:
    for table in tables(locate(tmp_path, name).profile):
        keys = [row.key for row in table.rows]
        assert len(set(keys)) == len(keys)
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
        assert all(row.item for row in table.rows)


def test_every_demand_of_planning_and_papers_cites_its_rule(tmp_path: Path) -> None:
    for table in tables(locate(tmp_path, "haitong").profile):
        if table.title != "拨打规则":
            assert all(row.rule for row in table.rows), table.title


def test_a_profile_does_not_differ_from_itself(tmp_path: Path) -> None:
    boci = locate(tmp_path, "boci").profile
    assert list(differences(boci, boci)) == []


def test_differences_are_the_same_seen_from_either_side(tmp_path: Path) -> None:
    one, other = (locate(tmp_path, name).profile for name in ("haitong", "tianfeng"))
    seen = {(found.table, found.key): (found.first, found.second) for found in differences(one, other)}
    back = {(found.table, found.key): (found.second, found.first) for found in differences(other, one)}
    assert seen == back
    assert seen["回访义务", "former"] == (NONE, seen["回访义务", "former"][1])


def test_a_difference_tells_what_differs_and_no_more(site: Path) -> None:
    site.write_text(
        HEAD + "ring_s: 45\nclocks:\n"
        "  answer: {within: {worked_days: 3}, rule: Q4, says: 相关部门收到后答复}\n",
        "utf-8",
    )
    first, second = locate(site.parent, "default").profile, locate(site.parent, str(site)).profile
    found = [(one.item, one.first, one.second, one.rule) for one in differences(first, second)]
    assert found == [
        ("振铃", "至少30秒", "至少45秒", "D1"),
        ("部门答复", "期限：2个工作日内", "期限：3个工作日内", "Q4"),
    ]


def test_the_commands(tmp_path: Path, site: Path) -> None:
    here = ("--data", tmp_path)
    assert "haitong" in succeeds("profile", "list", *here)
    assert [one["name"] for one in as_json("profile", "list", *here)] == list(SHIPPED)
    assert succeeds("profile", "check", "boci", *here) == "boci: good\n"
    told = succeeds("profile", "explain", "boci", *here)
    assert "规则档 boci，自2026年01月01日起生效" in told
    assert all(title in told for title in ("回访义务", "拨打规则", "时钟", "报表", "保存期限", "签字"))
    assert "定期 periodic_key" in succeeds("profile", "compare", "boci", "haitong", *here)
    assert succeeds("profile", "compare", "boci", "boci", *here) == "boci 与 boci 要求相同\n"
    found = as_json("profile", "compare", "boci", "tianfeng", *here)
    assert {one["table"] for one in found["differences"]} >= {"报表", "签字"}
    facts = as_json("profile", "explain", "tianfeng", *here)
    assert {row["依据"] for row in facts["tables"]["保存期限"]} == {"R3", "R5"}


def test_demands_and_differences_are_papers(tmp_path: Path) -> None:
    page, book = tmp_path / "boci.html", tmp_path / "differences.docx"
    assert succeeds("profile", "explain", "boci", "--out", page, "--data", tmp_path) == f"{page}\n"
    told = page.read_text("utf-8")
    assert all(words in told for words in ("回访规则档", "回访义务", "重点活跃客户", "自销户之日起", "R3"))
    succeeds("profile", "compare", "boci", "haitong", "--out", book, "--data", tmp_path)
    cells = [cell.text for table in Document(str(book)).tables for cell in table._cells]
    assert {"boci", "haitong", "书面记录归档", "期限：同时归入客户档案"} <= set(cells)
    refused = complaint("profile", "explain", "boci", "--out", tmp_path / "boci.odt", "--data", tmp_path)
    assert "is no form of a paper" in refused
    assert "there is no such folder" in complaint(
        "profile", "explain", "boci", "--out", page / "x.txt", "--data", tmp_path
    )


def test_the_same_demands_are_no_difference_on_paper(tmp_path: Path) -> None:
    out = tmp_path / "same.txt"
    succeeds("profile", "compare", "boci", "boci", "--out", out, "--data", tmp_path)
    assert "要求相同" in out.read_text("utf-8")


def test_a_bad_profile_ends_with_status_2(tmp_path: Path, site: Path) -> None:
    site.write_text(f"{HEAD}attempts: 2\nring_s: 5\n", "utf-8")
    done = huifang("profile", "check", site, "boci", "--data", tmp_path)
    assert (done.status, done.stderr) == (2, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{site}:4: ring_s")
    assert lines[1:] == [f"{site}: 1 problem", "boci: good"]
    assert f"{site}:4: ring_s" in complaint("profile", "explain", site, "--data", tmp_path)
    assert "known: boci" in complaint("profile", "compare", "boci", "nobody", "--data", tmp_path)
