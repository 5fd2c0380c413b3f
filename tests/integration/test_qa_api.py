"""The API: every route for every scope, branches, hidden numbers, and what a program may change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from qa.api.access import SCOPES
from qa.api.app import PREFIX, api
from qa.api.guarding import MOST_WRONG
from records import audit, tokens
from records.audit import Asked
from records.tokens import Scope
from tests import papers_site
from tests.case_kit import claimed
from tests.console_kit import ORIGIN, Desk, desk
from tests.records_kit import NOW

TABLE = {
    "calls": ["GET /calls", "GET /calls/{call}", "GET /search"],
    "sound": ["GET /calls/{call}/sound/{party}"],
    "numbers": [],
    "cases": ["GET /cases", "GET /cases/{case}"],
    "plans": ["GET /obligations", "GET /coverage"],
    "campaigns": [
        "GET /campaigns",
        "POST /campaigns/{campaign}/pause",
        "POST /campaigns/{campaign}/resume",
    ],
    "customers": ["POST /customers", "POST /events"],
}
ROUTES = {route: scope for scope, routes in TABLE.items() for route in routes}
ROW = {"资金账号": "10086", "姓名": "张伟", "手机": "13800000009", "营业部": "上海营业部"}


@asynccontextmanager
async def _filled(folder: Path) -> AsyncIterator[Desk]:
    async with desk(folder) as one:
        await papers_site.fill(one.database)
        yield one


async def _client(one: Desk, *scopes: Scope, branch: str = "", name: str = "") -> httpx.AsyncClient:
    name = name or " ".join(scopes) + branch
    secret, until = f"hf_{name.encode().hex()}", NOW + timedelta(days=90)
    await tokens.add(one.database, name, secret, scopes, branch, "1001", until, NOW)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(one.app),
        base_url=ORIGIN + PREFIX,
        headers={"authorization": f"Bearer {secret}"},
    )


def _address(path: str) -> str:
    return path.format(call=1, party="customer", campaign=1, case=1)


async def test_every_route_has_its_scope(tmp_path: Path) -> None:
    async with desk(tmp_path) as one:
        routes = {
            f"{method} {route.path}"
            for route in iter_route_contexts(api(one.console, "1").routes)
            for method in route.methods or ()
        }
    assert routes - {"GET /openapi.json", "HEAD /openapi.json"} == set(ROUTES)
    assert {f"{method} {path}": scope.value for (method, path), scope in SCOPES.items()} == ROUTES
    assert set(TABLE) == {scope.value for scope in Scope}


@pytest.mark.parametrize("scope", list(Scope))
async def test_a_scope_opens_its_routes_and_no_other(scope: Scope, tmp_path: Path) -> None:
    async with _filled(tmp_path) as one:
        client = await _client(one, scope)
        for route, needed in ROUTES.items():
            method, path = route.split()
            answer = await client.request(method, _address(path), json={}, params={"q": "分成"})
            assert (answer.status_code == 403) == (needed != scope.value), (route, answer.text)


async def test_without_a_token_nothing_is_told_and_guessing_ends(tmp_path: Path) -> None:
    async with _filled(tmp_path) as one:
        transport = httpx.ASGITransport(one.app)
        stranger = httpx.AsyncClient(transport=transport, base_url=ORIGIN + PREFIX)
        for route in ROUTES:
            method, path = route.split()
            answer = await stranger.request(method, _address(path), json={})
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
        wrong = {"authorization": "Bearer hf_guess"}
        last = [(await stranger.get("/calls", headers=wrong)).status_code for _ in range(MOST_WRONG)]
        assert last[-1] == 429
        described = (await stranger.get("/openapi.json")).json()
        assert set(described["paths"]) == {path for _, path in SCOPES}


async def test_a_token_ends_by_time_and_at_once(tmp_path: Path) -> None:
    async with _filled(tmp_path) as one:
        client = await _client(one, Scope.CALLS, name="a")
        other = await _client(one, Scope.CALLS, name="b")
        assert (await client.get("/calls")).status_code == 200
        await tokens.revoke(one.database, "a", "1001", NOW)
        assert (await client.get("/calls")).status_code == 401
        one.wait(days=91)
        assert (await other.get("/calls")).status_code == 401


async def test_numbers_are_hidden_without_their_scope(tmp_path: Path) -> None:
    async with _filled(tmp_path) as one:
        hidden, whole = await _client(one, Scope.CALLS), await _client(one, Scope.CALLS, Scope.NUMBERS)
        for path in ("/calls", "/calls/1"):
            assert "13800000001" not in (await hidden.get(path)).text
            assert "13800000001" in (await whole.get(path)).text


async def test_a_branch_sees_its_own(tmp_path: Path) -> None:
    async with _filled(tmp_path) as one:
        scopes = (Scope.CALLS, Scope.PLANS, Scope.CAMPAIGNS, Scope.SOUND, Scope.CUSTOMERS)
        theirs = await _client(one, *scopes, branch=papers_site.BRANCH)
        others = await _client(one, *scopes, branch="别处营业部")
        assert (await theirs.get("/calls")).json()["total"] > 0
        assert (await others.get("/calls")).json() == {"total": 0, "calls": []}
        assert (await others.get("/calls/1")).status_code == 404
        assert (await others.get("/calls/1/sound/customer")).status_code == 404
        assert (await others.get("/obligations", params={"branch": papers_site.BRANCH})).json()["total"] == 0
        assert (await others.post("/campaigns/1/pause", json={"why": "x"})).status_code == 404
        assert (await theirs.post("/customers", json={"rows": [ROW]})).status_code == 403


async def test_a_call_is_told_whole_and_the_look_is_on_the_trail(tmp_path: Path) -> None:
    async with _filled(tmp_path) as one:
        client = await _client(one, Scope.CALLS, name="仓库")
        told = (await client.get("/calls/1")).json()
        assert told["disposition"] == "completed"
        assert told["answers"][0]["question"]
        acts = await audit.listed(one.database, Asked(who="token 仓库"), 10)
        assert [(row.act.what, row.act.of) for row in acts] == [("looked", "1")]


async def test_a6_what_was_looked_for_and_listed_whole_is_on_the_trail(tmp_path: Path) -> None:
    async with _filled(tmp_path) as one:
        await claimed(one.database, 1)
        client = await _client(one, Scope.CALLS, Scope.NUMBERS, Scope.CASES, name="仓库")
        for path in ("/calls?tier=certain", "/search?q=分成&since=2026-03-01", "/cases/1"):
            assert (await client.get(path)).status_code == 200
        acts = [row.act for row in await audit.listed(one.database, Asked(who="token 仓库"), 10)]
        assert [(act.what, act.kind) for act in acts] == [
            ("looked", "case"),
            ("searched", "transcript"),
            ("listed", "call"),
        ]
        assert (acts[1].detail["words"], acts[1].detail["since"][:10]) == ("分成", "2026-03-01")
        assert acts[2].detail["tier"] == "certain"


async def test_a_campaign_is_paused_with_a_reason_and_goes_on(tmp_path: Path) -> None:
    async with _filled(tmp_path) as one:
        client = await _client(one, Scope.CAMPAIGNS)
        (running,) = (await client.get("/campaigns")).json()
        address = f"/campaigns/{running['id']}"
        assert (await client.post(f"{address}/pause", json={"why": ""})).status_code == 422
        paused = (await client.post(f"{address}/pause", json={"why": "话术修订"})).json()
        assert (paused["status"], paused["why"]) == ("paused", "话术修订")
        assert (await client.post(f"{address}/pause", json={"why": "x"})).status_code == 409
        assert (await client.post(f"{address}/resume", json={"why": "x"})).json()["status"] == "running"


async def test_customers_come_as_in_a_branchs_file(tmp_path: Path) -> None:
    async with _filled(tmp_path) as one:
        client = await _client(one, Scope.CUSTOMERS)
        rows = {"rows": [ROW, ROW | {"资金账号": "10087", "手机": "一二三"}]}
        looked = (await client.post("/customers", json=rows, params={"dry": True})).json()
        done = (await client.post("/customers", json=rows)).json()
        assert looked == done
        assert (done["added"], [bad["row"] for bad in done["bad"]]) == (1, [2])
        again = (await client.post("/customers", json={"rows": [ROW]})).json()
        assert (again["added"], again["unchanged"]) == (0, 1)
        refused = await client.post("/customers", json={"rows": [{"无关": "x"}]})
        assert refused.status_code == 400
        opened = {"资金账号": "10086", "事项": "开户", "日期": "2026-03-02"}
        assert (await client.post("/events", json={"rows": [opened]})).json()["added"] == 1


async def test_a_query_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    async with _filled(tmp_path) as one:
        client = await _client(one, Scope.CALLS)
        answer = await client.get("/search", params={"q": "(分成"})
        assert answer.status_code == 400
        assert "\n" not in answer.json()["detail"]
