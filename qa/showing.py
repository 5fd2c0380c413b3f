"""From values to pages: templates, with the words of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from functools import partial
from importlib.metadata import version
from urllib.parse import quote

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from base.phones import masked, national
from office.customers.telling import TITLES
from papers import words as chinese
from papers.telling import PARTIES, TIERS, second
from plans.words import CLIENTS, EVENTS, REPORTS, ROLES, SOURCES
from qa import access
from qa.guarding import console_of
from qa.words import Language, Theme, words
from records.sessions import Session

_LANGUAGE, _THEME = "huifang_language", "huifang_theme"
_YEAR_S = 365 * 24 * 3600

_pages = Environment(
    loader=PackageLoader("qa"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= {
    "second": second,
    "fours": lambda text: " ".join(text[n : n + 4] for n in range(0, len(text), 4)),
    "minute": lambda at: f"{at:%m-%d %H:%M}",
    "percent": lambda part: f"{part:.1%}",
}
_pages.globals["version"] = version("huifang")

NAVIGATION = (
    ("/today", "nav.today"),
    ("/calls", "nav.calls"),
    ("/review", "nav.review"),
    ("/desk", "nav.desk"),
    ("/plans", "nav.plans"),
    ("/approvals", "nav.approvals"),
    ("/users", "nav.users"),
)
"""Pages that the head of each page leads to, where one may go there."""


def language_of(request: Request) -> Language:
    """The reader's language."""
    said = request.cookies.get(_LANGUAGE)
    return Language(said) if said in set(Language) else Language.ZH


def theme_of(request: Request) -> Theme:
    """Light, dark, or as the device is set."""
    said = request.cookies.get(_THEME)
    return Theme(said) if said in set(Theme) else Theme.AUTO


def page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page, or a part of one."""
    return HTMLResponse(
        _pages.get_template(template).render(_common(request) | {"status": status} | values), status
    )


def blocks(request: Request, template: str, names: Iterable[str], **values: object) -> dict[str, str]:
    """Some blocks of a page, each as it stands in the whole one."""
    found = _pages.get_template(template)
    context = found.new_context(_common(request) | values)
    return {name: "".join(found.blocks[name](context)) for name in names}


def said_by(request: Request, key: str, **values: object) -> str:
    """A word of the dictionaries in the reader's language."""
    return _word(words(language_of(request)), key, **values)


def name_of(request: Request, what: str, name: str) -> str:
    """A value's word in the reader's language, as pages have it."""
    language = language_of(request)
    return _named(words(language), language, what, name)


def back_to(path: str, said: str = "", anchor: str = "") -> RedirectResponse:
    """After a form: to a page (to a part of it) that says what was done (a key of the dictionaries)."""
    mark, where = "&" if "?" in path else "?", f"#{anchor}" if anchor else ""
    return RedirectResponse(f"{path}{mark}said={quote(said)}{where}" if said else f"{path}{where}", 303)


def remember(response: RedirectResponse, language: str, theme: str, secure: bool) -> None:
    """Keep what the reader chose, of what there is to choose."""
    for name, said, known in ((_LANGUAGE, language, Language), (_THEME, theme, Theme)):
        if said in set(known):
            response.set_cookie(name, said, _YEAR_S, secure=secure, httponly=True, samesite="strict")


def _common(request: Request) -> dict[str, object]:
    session: Session | None = getattr(request.state, "session", None)
    language = language_of(request)
    roles = session.user.roles if session else frozenset()
    said = words(language)
    return {
        "t": partial(_word, said),
        "named": partial(_named, said, language),
        "language": language.value,
        "theme": theme_of(request).value,
        "firm": console_of(request).firm,
        "user": session.user if session else None,
        "csrf": session.csrf if session else "",
        "path": request.url.path,
        "here": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "said": _known(said, request.query_params.get("said", "")),
        "section": request.url.path,
        "may": lambda method, route: access.may(roles, (method, route)),
        "navigation": [one for one in NAVIGATION if access.may(roles, ("GET", one[0]))],
        "can_steer": bool(roles & access.STEERING),
        "can_listen": bool(roles & access.LISTENERS),
        "can_judge": bool(roles & access.JUDGES),
        "can_export": bool(roles & access.FULL_NUMBERS),
        "whole": national,
        "number": national if roles & access.FULL_NUMBERS else masked,
    }


def _known(said: Mapping[str, str], key: str) -> str:
    """Only what we may say ourselves: an address can be sent by anybody."""
    return said[key] if key.startswith("said.") and key in said else ""


def _word(said: Mapping[str, str], key: str, **values: object) -> str:
    return said[key].format(**values)


_CHINESE: Mapping[str, Mapping[str, str]] = {
    "disposition": chinese.DISPOSITIONS,
    "kind": chinese.KINDS,
    "column": TITLES,
    "client": {one.value: word for one, word in CLIENTS.items()},
    "source": {one.value: word for one, word in SOURCES.items()},
    "event": {one.value: word for one, word in EVENTS.items()},
    "note": chinese.NOTES,
    "report": {form.value: title for form, title in REPORTS.items()},
    "duty": {role.value: word for role, word in ROLES.items()},
    "party": PARTIES,
    "tier": TIERS,
}


def _named(said: Mapping[str, str], language: Language, what: str, name: str | Enum) -> str:
    """A value's word: the dictionary's own, else that of papers, in English its name."""
    value = str(name.value) if isinstance(name, Enum) else name
    if f"{what}.{value}" in said:
        return said[f"{what}.{value}"]
    if language is Language.ZH:
        return _CHINESE.get(what, {}).get(value, value)
    return value.replace("_", " ")
