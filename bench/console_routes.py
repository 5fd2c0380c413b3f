"""What the console's benchmark asks of each page. A page without anything in its path comes in by itself."""

from __future__ import annotations

from qa import access

MONTH = "kind=monthly&period=2025-02&branch=营业部7&profile=boci"
PATHS: dict[str, tuple[str, ...]] = {
    "/calls": (
        *("/calls", "/calls?p=400", "/calls?kind=periodic&disposition=hung_up", "/calls?branch=营业部7"),
        *("/calls?tier=certain", "/calls?customer=客户500", "/calls?q=分成", "/calls?q=三七分成&alike=1"),
        "/calls?q=账户&since=2025-02-01&until=2025-03-01",
    ),
    "/calls/{call}": ("/calls/60", "/calls/1000", "/calls/2000"),
    "/calls/{call}/sound/{party}": ("/calls/60/sound/customer",),
    "/calls/{call}/peaks": ("/calls/60/peaks",),
    "/calls/{call}/record/{form}": ("/calls/60/record/html", "/calls/1000/record/docx"),
    "/papers/paper": ("/papers/paper?kind=profile&profile=boci", f"/papers/paper?{MONTH}"),
    "/papers/sheet": ("/papers/sheet?kind=profile&profile=boci", f"/papers/sheet?{MONTH}"),
    "/papers/file/{form}": ("/papers/file/xlsx?kind=profile&profile=boci",),
    "/plans/owed": ("/plans/owed", "/plans/owed?state=", "/plans/owed?state=overdue&branch=营业部7"),
    "/customers": ("/customers", "/customers?q=客户500", "/customers?after=5000"),
    "/customers/{customer}": ("/customers/1", "/customers/60"),
    "/review": ("/review", "/review?p=20", "/review?view=mine", "/review?view=open", "/review?view=closed"),
    "/cases/{case}": ("/cases/1",),
    "/calls/{call}/score": ("/calls/60/score", "/calls/1000/score"),
    "/review/figures": ("/review/figures", "/review/figures?whose=manager"),
    "/today/charts/{chart}": tuple(
        f"/today/charts/{chart}" for chart in ("attempts", "rate", "results", "deadlines")
    ),
    "/today/campaigns/{campaign}": ("/today/campaigns/1", "/today/campaigns/7"),
}
"""Instead of the route itself: what stands in its path, or what it is asked for."""

STREAMS = {"/today/live"}
"""That do not end."""


def walked() -> dict[str, tuple[str, ...]]:
    """The paths that are asked for, by route."""
    found = {route: PATHS.get(route, (route,)) for route in _routes()}
    return {route: paths for route, paths in found.items() if not any("{" in path for path in paths)}


def not_walked() -> list[str]:
    """Routes that need something in their path that the table does not know."""
    return sorted(_routes() - walked().keys())


def _routes() -> set[str]:
    keys = {*access.PUBLIC, *access.ACCESS}
    return {route for method, route in keys if method == "GET"} - STREAMS
