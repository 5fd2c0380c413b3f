"""`huifang users` and `huifang serve`: who may sign in, and the door."""

from __future__ import annotations

import asyncio
import io
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from base.errors import InputError
from huifang import serving
from huifang.serving import Door
from huifang.site import open_site
from tests.certificates import papers
from tests.command_line import as_json, complaint, succeeds
from tests.console_kit import PASSWORD


def _types(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{words}\n"))


def test_users_are_added_listed_and_locked(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ("--password-stdin", "--data", site)
    _types(monkeypatch, PASSWORD)
    succeeds("users", "add", "1001", "--name", "王芳", "--role", "administrator", *options)
    _types(monkeypatch, PASSWORD)
    person = ("2001", "--name", "张伟", "--branch", "上海营业部", "--role", "reviewer", "--role", "operator")
    assert "operator, reviewer" in succeeds("users", "add", *person, *options)
    succeeds("users", "role", "2001", "--role", "compliance", "--data", site)
    succeeds("users", "lock", "2001", "--data", site)
    assert as_json("users", "list", "--data", site)[1] == {
        "number": "2001",
        "name": "张伟",
        "branch": "上海营业部",
        "roles": ["compliance"],
        "locked": True,
        "closed_until": None,
        "coded": False,
    }
    succeeds("users", "unlock", "2001", "--data", site)
    assert "may sign in" in succeeds("users", "list", "--data", site)


def test_what_cannot_be_a_user_is_refused_in_one_line(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ("--name", "王芳", "--role", "administrator", "--password-stdin", "--data", site)
    _types(monkeypatch, "short")
    assert "too short" in complaint("users", "add", "1001", *options)
    assert "no staff number" in complaint("users", "add", "10 01", *options)
    _types(monkeypatch, PASSWORD)
    succeeds("users", "add", "1001", *options)
    _types(monkeypatch, PASSWORD)
    assert "user already" in complaint("users", "add", "1001", *options)
    assert "last administrator" in complaint("users", "lock", "1001", "--data", site)
    assert "is no user" in complaint("users", "lock", "9", "--data", site)


def test_other_addresses_need_tls(site: Path) -> None:
    assert "in the clear" in complaint("serve", "--host", "0.0.0.0", "--data", site)
    assert "in the clear" in complaint("serve", "--host", "::", "--data", site)
    assert "name both files" in complaint("serve", "--tls-cert", "a.pem", "--data", site)
    assert "no such file" in complaint("serve", "--tls-cert", "a.pem", "--tls-key", "b.pem", "--data", site)


def test_a_certificate_that_cannot_be_used_is_refused(site: Path, tmp_path: Path) -> None:
    one, other = papers(tmp_path, "one"), papers(tmp_path, "other")
    files = ("--tls-cert", one.certificate, "--tls-key", other.key)
    assert "cannot be used" in complaint("serve", *files, "--data", site)


@asynccontextmanager
async def _open(data: Path, door: Door) -> AsyncIterator[str]:
    address: asyncio.Queue[str] = asyncio.Queue()
    stop = asyncio.Event()
    async with open_site(data) as opened:
        serving_ = asyncio.create_task(serving.serve(opened, door, stop, address.put_nowait))
        try:
            yield await address.get()
        finally:
            stop.set()
            await serving_


async def test_the_door_opens_and_closes(site: Path) -> None:
    async with _open(site, Door(port=0)) as address, httpx.AsyncClient(base_url=address) as client:
        answer = await client.get("/", follow_redirects=True)
        assert answer.url.path == "/sign-in"
        assert "server" not in answer.headers
        taken = Door(port=int(address.rpartition(":")[2]))
        async with open_site(site) as again:
            with pytest.raises(InputError, match="cannot listen"):
                await serving.serve(again, taken, asyncio.Event(), print)


async def test_by_tls_cookies_never_go_without(site: Path, tmp_path: Path) -> None:
    made = await asyncio.to_thread(papers, tmp_path, "console")
    door = Door(port=0, certificate=Path(made.certificate), key=Path(made.key))
    serving.check(door)
    trusted = ssl.create_default_context(cafile=made.ca)
    async with _open(site, door) as address, httpx.AsyncClient(base_url=address, verify=trusted) as client:
        assert address.startswith("https://127.0.0.1:")
        form = {"language": "en", "to": "/sign-in"}
        answer = await client.post("/preferences", data=form, headers={"origin": address})
        assert "Secure" in answer.headers["set-cookie"]
        assert "strict-transport-security" in answer.headers
