"""Every route of the console for every role: what is not in this table fails."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from qa import access
from qa.api.app import PREFIX
from records.users import Role
from tests.console_kit import Desk, desk

# Columns: nobody, then the roles. + allowed, - refused (403), > to the page for signing in
ROLES = ("operator", "reviewer", "compliance", "head", "supervisor", "auditor", "administrator")
TABLE = """
GET  /sign-in                     + +++++++
POST /sign-in                     + +++++++
GET  /begin                       + +++++++
POST /preferences                 + +++++++
GET  /                            > +++++++
POST /sign-out                    > +++++++
GET  /account                     > +++++++
POST /account/password            > +++++++
POST /account/code/begin          > +++++++
POST /account/code/on             > +++++++
POST /account/code/off            > +++++++
GET  /today                       > ++++++-
GET  /today/live                  > ++++++-
GET  /today/charts/{chart}        > ++++++-
GET  /today/campaigns/{campaign}  > ++++++-
POST /today/campaigns/{campaign}/pause  > --++---
POST /today/campaigns/{campaign}/resume > --++---
GET  /calls                       > ++++++-
POST /calls/searches              > ++++++-
POST /calls/searches/{search}/delete > ++++++-
GET  /calls/export/{form}         > ++++++-
GET  /calls/{call}                > ++++++-
GET  /calls/{call}/sound/{party}  > -+++++-
GET  /calls/{call}/peaks          > -+++++-
POST /calls/{call}/heard          > -+++++-
GET  /recordings/{recording}      > ++++++-
GET  /recordings/{recording}/sound/both > -+++++-
GET  /recordings/{recording}/peaks > -+++++-
POST /recordings/{recording}/heard > -+++++-
POST /leads/{flag}/verdict        > -+++---
POST /leads/{flag}/withdraw       > -+++---
POST /{of}/{number}/texts         > -+++---
POST /{of}/{number}/leads         > -+++---
GET  /review/leads                > -+++++-
GET  /review/leads/{flag}         > -+++++-
GET  /review/answers              > -+++++-
POST /review/answers/{call}/{position} > -+++---
GET  /calls/{call}/record/{form}  > --++---
GET  /calls/{call}/score          > -++++--
POST /calls/{call}/score          > -++++--
GET  /review/scorecards           > ++++++-
GET  /review/scores/{score}       > ++++++-
POST /review/scores/{score}/objection > +++++--
POST /review/scores/{score}/decision  > --++---
GET  /review/figures              > -+++++-
GET  /review/figures/file         > --++---
GET  /review/checks               > -+++++-
POST /review/checks               > --+++--
GET  /review/checks/{check}       > -+++++-
GET  /review                      > ++++++-
POST /review/claim                > -+++---
GET  /cases/{case}                > ++++++-
POST /cases/{case}/step           > +++++--
POST /cases/{case}/object         > +++++--
POST /cases/{case}/release        > -+++---
GET  /plans                       > ++++++-
GET  /plans/owed                  > ++++++-
GET  /plans/calendar              > ++++++-
GET  /plans/sheets                > ++++++-
GET  /plans/sheets/{number}       > ++++++-
POST /plans/sheets                > +-++---
POST /plans/sheets/{number}/submit   > +-++---
POST /plans/sheets/{number}/start    > +-++---
POST /plans/sheets/{number}/record   > +-++---
POST /plans/sheets/{number}/approve  > --+++--
POST /plans/sheets/{number}/reject   > --+++--
GET  /papers                      > ++++++-
GET  /papers/paper                > ++++++-
GET  /papers/sheet                > ++++++-
GET  /papers/file/{form}          > --++---
POST /papers/paper                > +-++---
POST /papers/sign                 > +++++--
POST /papers/hand-in              > +-++---
GET  /customers                   > ++++++-
GET  /customers/{customer}        > ++++++-
GET  /customers/import            > --++---
POST /customers/import            > --++---
GET  /customers/import/{id}       > --++---
POST /customers/import/{id}/columns  > --++---
POST /customers/import/{id}/keep     > --++---
GET  /customers/import/{id}/errors   > --++---
GET  /works/{id}                  > ++++++-
GET  /desk                        > ++++++-
GET  /desk/new                    > ++++---
POST /desk/new                    > ++++---
GET  /desk/files/{file}           > ++++++-
GET  /desk/changes                > ++++++-
POST /desk/changes/{change}       > --++---
GET  /desk/complaints             > ++++++-
POST /desk/complaints             > ++++---
GET  /desk/complaints/new         > ++++---
GET  /desk/complaints/{complaint} > ++++++-
POST /desk/complaints/{complaint}/steps > ++++---
GET  /desk/{item}                 > ++++++-
POST /desk/{item}/claim           > ++++---
POST /desk/{item}/give-back       > ++++---
GET  /desk/{item}/call            > ++++++-
POST /desk/{item}/call            > ++++---
POST /desk/{item}/record          > ++++---
POST /desk/{item}/changes         > ++++---
POST /calls/{call}/approvals      > -+++++-
GET  /approvals                   > -+++++-
POST /approvals/{number}/approve  > --++---
POST /approvals/{number}/refuse   > --++---
POST /approvals/{number}/file     > --+----
GET  /approvals/{number}/package  > -+++++-
GET  /users                       > ------+
POST /users                       > ------+
POST /users/{number}/roles        > ------+
POST /users/{number}/password     > ------+
POST /users/{number}/code-off     > ------+
POST /users/{number}/lock         > ------+
POST /users/{number}/unlock       > ------+
"""
DESK = {"item": 1, "complaint": 1, "change": 1, "file": 1}
ROWS = {
    (method, path): nobody + cells for method, path, nobody, cells in map(str.split, TABLE.split("\n")[1:-1])
}


def _routes(app: FastAPI) -> set[access.Key]:
    return {
        (method, str(route.path))
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
    }


def test_the_roles_are_all_roles() -> None:
    assert set(ROLES) == {role.value for role in Role}
    assert {len(cells) for cells in ROWS.values()} == {1 + len(ROLES)}


async def test_every_route_has_its_row_and_every_row_its_route(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        assert _routes(console.app) == set(ROWS)


async def test_only_files_and_the_api_are_outside_the_table(tmp_path: Path) -> None:
    async with desk(tmp_path) as console:
        others = [route.path for route in iter_route_contexts(console.app.routes) if not route.methods]
        assert others == [PREFIX, "/static"]


@pytest.mark.parametrize("column", range(1 + len(ROLES)), ids=("nobody", *ROLES))
async def test_every_cell(tmp_path: Path, column: int) -> None:
    async with desk(tmp_path) as console:
        console.app.state.live.close()
        assert {key: await _cell(console, key, column) for key in ROWS} == {
            key: cells[column] for key, cells in ROWS.items()
        }


async def _cell(console: Desk, key: access.Key, column: int) -> str:
    """A new browser for each: some routes end the session."""
    method, path = key
    browser = console.browser()
    if column:
        role = Role(ROLES[column - 1])
        browser = await console.signed_in(role, number=f"{role.value}-{list(ROWS).index(key)}")
    one = {"number": "nobody", "call": 1, "party": "customer", "form": "html", "id": "none", "of": "calls"}
    rest = {"recording": 1, "search": 1, "flag": 1, "position": 0}
    path = path.format(
        **one, **rest, **DESK, campaign=1, case=1, customer=1, chart="results", score=1, check=1
    )
    answer = await (browser.get(path) if method == "GET" else browser.post(path))
    return _read(answer)


def _read(answer: httpx.Response) -> str:
    if answer.status_code == httpx.codes.FORBIDDEN:
        return "-"
    leads_to = answer.headers.get("location", "")
    return ">" if leads_to.startswith("/sign-in") and "said=" not in leads_to else "+"
