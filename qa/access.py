"""Which role may use which route. A route that does not stand here is nobody's."""

from __future__ import annotations

from typing import TypeAlias

from records.users import Role

Key: TypeAlias = tuple[str, str]
"""Method and path."""

EVERYBODY = frozenset(Role)
STAFF = EVERYBODY - {Role.ADMINISTRATOR}
"""Who works with customers' calls; who administrates users hears nobody (A5)."""
LISTENERS = STAFF - {Role.OPERATOR}
JUDGES = frozenset({Role.REVIEWER, Role.COMPLIANCE, Role.HEAD})
"""Who judges leads, corrects texts and settles answers; others only listen."""
CALLERS = frozenset({Role.OPERATOR, Role.REVIEWER, Role.COMPLIANCE, Role.HEAD})
"""Who follows customers up in person; who supervises or audits looks on."""
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
SCORERS = LISTENERS - {Role.AUDITOR}
"""Who scores calls (Q5)."""
CHECKERS = SCORERS - {Role.REVIEWER}
"""Who has calls checked."""
FULL_NUMBERS = frozenset({Role.COMPLIANCE, Role.HEAD})
"""Who sees telephone numbers whole, and takes written records away; others see numbers masked."""
STEERING = frozenset({Role.COMPLIANCE, Role.HEAD})
"""Who pauses campaigns and lets them go on."""

PLANNERS = frozenset({Role.OPERATOR, Role.COMPLIANCE, Role.HEAD})
"""Who writes worksheets and carries out what was approved."""
DECIDERS = frozenset({Role.COMPLIANCE, Role.HEAD, Role.SUPERVISOR})
"""Who approves or rejects worksheets of others (P8)."""
SIGNERS = STAFF - {Role.AUDITOR}

CUSTODIANS = frozenset({Role.COMPLIANCE, Role.HEAD})
"""Who lets others have material (A5)."""
COMPLIANCE = frozenset({Role.COMPLIANCE})
REVIEWERS = frozenset({Role.REVIEWER, Role.COMPLIANCE, Role.HEAD})
"""Who claims calls and grades them."""
WORKERS = STAFF - {Role.AUDITOR}
"""Who does something in a case; which step is whose is looked at there (Q1)."""

PUBLIC: frozenset[Key] = frozenset(
    {("GET", "/sign-in"), ("POST", "/sign-in"), ("GET", "/begin"), ("POST", "/preferences")}
)
"""Without signing in."""

BY_ITSELF: frozenset[Key] = frozenset({("GET", "/today/live"), ("GET", "/today/charts/{chart}")})
"""What pages ask for while nobody clicks: a session does not last on from it."""

ACCESS: dict[Key, frozenset[Role]] = {
    ("GET", "/"): EVERYBODY,
    ("POST", "/sign-out"): EVERYBODY,
    ("GET", "/account"): EVERYBODY,
    ("POST", "/account/password"): EVERYBODY,
    ("POST", "/account/code/begin"): EVERYBODY,
    ("POST", "/account/code/on"): EVERYBODY,
    ("POST", "/account/code/off"): EVERYBODY,
    ("GET", "/today"): STAFF,
    ("GET", "/today/live"): STAFF,
    ("GET", "/today/charts/{chart}"): STAFF,
    ("GET", "/today/campaigns/{campaign}"): STAFF,
    ("POST", "/today/campaigns/{campaign}/pause"): STEERING,
    ("POST", "/today/campaigns/{campaign}/resume"): STEERING,
    ("GET", "/calls"): STAFF,
    ("POST", "/calls/searches"): STAFF,
    ("POST", "/calls/searches/{search}/delete"): STAFF,
    ("GET", "/calls/export/{form}"): STAFF,
    ("GET", "/calls/{call}"): STAFF,
    ("GET", "/calls/{call}/sound/{party}"): LISTENERS,
    ("GET", "/calls/{call}/peaks"): LISTENERS,
    ("POST", "/calls/{call}/heard"): LISTENERS,
    ("GET", "/recordings/{recording}"): STAFF,
    ("GET", "/recordings/{recording}/sound/both"): LISTENERS,
    ("GET", "/recordings/{recording}/peaks"): LISTENERS,
    ("POST", "/recordings/{recording}/heard"): LISTENERS,
    ("POST", "/leads/{flag}/verdict"): JUDGES,
    ("POST", "/leads/{flag}/withdraw"): JUDGES,
    ("POST", "/{of}/{number}/texts"): JUDGES,
    ("POST", "/{of}/{number}/leads"): JUDGES,
    ("GET", "/review/leads"): LISTENERS,
    ("GET", "/review/leads/{flag}"): LISTENERS,
    ("GET", "/review/answers"): LISTENERS,
    ("POST", "/review/answers/{call}/{position}"): JUDGES,
    ("GET", "/calls/{call}/record/{form}"): FULL_NUMBERS,
    ("GET", "/calls/{call}/score"): SCORERS,
    ("POST", "/calls/{call}/score"): SCORERS,
    ("GET", "/review/scorecards"): STAFF,
    ("GET", "/review/scores/{score}"): STAFF,
    ("POST", "/review/scores/{score}/objection"): STAFF - {Role.AUDITOR},
    ("POST", "/review/scores/{score}/decision"): frozenset({Role.COMPLIANCE, Role.HEAD}),
    ("GET", "/review/figures"): LISTENERS,
    ("GET", "/review/figures/file"): FULL_NUMBERS,
    ("GET", "/review/checks"): LISTENERS,
    ("POST", "/review/checks"): CHECKERS,
    ("GET", "/review/checks/{check}"): LISTENERS,
    ("GET", "/desk"): STAFF,
    ("GET", "/desk/new"): CALLERS,
    ("POST", "/desk/new"): CALLERS,
    ("GET", "/desk/files/{file}"): STAFF,
    ("GET", "/desk/changes"): STAFF,
    ("POST", "/desk/changes/{change}"): FULL_NUMBERS,
    ("GET", "/desk/complaints"): STAFF,
    ("POST", "/desk/complaints"): CALLERS,
    ("GET", "/desk/complaints/new"): CALLERS,
    ("GET", "/desk/complaints/{complaint}"): STAFF,
    ("POST", "/desk/complaints/{complaint}/steps"): CALLERS,
    ("GET", "/desk/{item}"): STAFF,
    ("POST", "/desk/{item}/claim"): CALLERS,
    ("POST", "/desk/{item}/give-back"): CALLERS,
    ("GET", "/desk/{item}/call"): STAFF,
    ("POST", "/desk/{item}/call"): CALLERS,
    ("POST", "/desk/{item}/record"): CALLERS,
    ("POST", "/desk/{item}/changes"): CALLERS,
    ("GET", "/review"): STAFF,
    ("POST", "/review/claim"): REVIEWERS,
    ("GET", "/cases/{case}"): STAFF,
    ("POST", "/cases/{case}/step"): WORKERS,
    ("POST", "/cases/{case}/object"): WORKERS,
    ("POST", "/cases/{case}/release"): REVIEWERS,
    ("GET", "/plans"): STAFF,
    ("GET", "/plans/owed"): STAFF,
    ("GET", "/plans/calendar"): STAFF,
    ("GET", "/plans/sheets"): STAFF,
    ("GET", "/plans/sheets/{number}"): STAFF,
    ("POST", "/plans/sheets"): PLANNERS,
    ("POST", "/plans/sheets/{number}/submit"): PLANNERS,
    ("POST", "/plans/sheets/{number}/start"): PLANNERS,
    ("POST", "/plans/sheets/{number}/record"): PLANNERS,
    ("POST", "/plans/sheets/{number}/approve"): DECIDERS,
    ("POST", "/plans/sheets/{number}/reject"): DECIDERS,
    ("GET", "/papers"): STAFF,
    ("GET", "/papers/paper"): STAFF,
    ("GET", "/papers/sheet"): STAFF,
    ("GET", "/papers/file/{form}"): FULL_NUMBERS,
    ("POST", "/papers/paper"): PLANNERS,
    ("POST", "/papers/sign"): SIGNERS,
    ("POST", "/papers/hand-in"): PLANNERS,
    ("GET", "/customers"): STAFF,
    ("GET", "/customers/{customer}"): STAFF,
    ("GET", "/customers/import"): FULL_NUMBERS,
    ("POST", "/customers/import"): FULL_NUMBERS,
    ("GET", "/customers/import/{id}"): FULL_NUMBERS,
    ("POST", "/customers/import/{id}/columns"): FULL_NUMBERS,
    ("POST", "/customers/import/{id}/keep"): FULL_NUMBERS,
    ("GET", "/customers/import/{id}/errors"): FULL_NUMBERS,
    ("GET", "/works/{id}"): STAFF,
    ("POST", "/calls/{call}/approvals"): LISTENERS,
    ("GET", "/approvals"): LISTENERS,
    ("POST", "/approvals/{number}/approve"): CUSTODIANS,
    ("POST", "/approvals/{number}/refuse"): CUSTODIANS,
    ("POST", "/approvals/{number}/file"): COMPLIANCE,
    ("GET", "/approvals/{number}/package"): LISTENERS,
    ("GET", "/users"): ADMINISTRATORS,
    ("POST", "/users"): ADMINISTRATORS,
    ("POST", "/users/{number}/roles"): ADMINISTRATORS,
    ("POST", "/users/{number}/password"): ADMINISTRATORS,
    ("POST", "/users/{number}/code-off"): ADMINISTRATORS,
    ("POST", "/users/{number}/lock"): ADMINISTRATORS,
    ("POST", "/users/{number}/unlock"): ADMINISTRATORS,
}


def may(roles: frozenset[Role], key: Key) -> bool:
    """Whether somebody with these roles may use a route."""
    return bool(roles & ACCESS.get(key, frozenset()))
