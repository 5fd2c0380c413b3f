"""A program with a token, and listeners by HTTP and by mail, at the command line."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
import yaml

from huifang.site import open_site
from records import listeners
from tests import papers_site
from tests.browser_kit import add_user, served
from tests.command_line import complaint, huifang
from tests.records_kit import NOW, after


@dataclass
class Got:
    """What a listener got; the first `refuse` requests are answered 503."""

    refuse: int = 0
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def _hook(got: Got) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.requests.append((dict(self.headers.items()), body))
            self.send_response(503 if len(got.requests) <= got.refuse else 204)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _run(*words: str | Path, status: int = 0) -> str:
    done = huifang(*words)
    assert done.status == status, done
    return done.stdout.strip()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A site with two finished calls."""
    folder = tmp_path / "site"
    papers_site.make(folder)
    return folder


def _listens(data: Path, address: str) -> str:
    """Since before the call, which was in March."""

    async def work() -> None:
        async with open_site(data) as site:
            await listeners.add(site.database, address, "known", (), "", "1001", NOW)

    asyncio.run(work())
    return "known"


def _at(data: Path, when: datetime = NOW, **settings: object) -> None:
    """The site's clock begins then."""
    clock = {"business_start": when.isoformat(), "machine_start": datetime.now(UTC).isoformat()}
    file = data / "config/settings.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.safe_dump({"clock": clock, **settings}))


def test_a_listener_gets_a_signed_event_once_it_takes_it(data: Path) -> None:
    _at(data)
    got = Got(refuse=1)
    with _hook(got) as address:
        secret = _listens(data, address)
        assert _run("listeners", "tell", "--data", data, status=1) == "taken: 1, left: 1"
        told = json.loads(_run("listeners", "list", "--data", data, "--json"))
        assert (told[0]["waiting"], told[0]["arrived"]) == (1, 1)
        _at(data, after(1800))
        assert _run("listeners", "tell", "--data", data) == "taken: 1, left: 0"
    bodies = [body for _, body in got.requests]
    headers, body = got.requests[2]
    assert (bodies[0], len(set(bodies))) == (body, 2)
    stamp, _, digest = headers["Huifang-Signature"].removeprefix("t=").partition(",v1=")
    assert hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest() == digest
    assert {json.loads(one)["about"]["disposition"] for one in bodies} == {"completed", "no_answer"}
    assert headers["Huifang-Delivery"] == json.loads(body)["id"]


def test_a_listener_by_mail_gets_one(data: Path) -> None:
    mails: list[str] = []
    asyncio.run(_with_mail_server(data, mails))
    assert len(mails) == 2
    assert all("To: qa@firm.test" in mail and "From: huifang@firm.test" in mail for mail in mails)


async def _with_mail_server(data: Path, mails: list[str]) -> None:
    """As much of RFC 5321 as a client needs that sends in the clear."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while line := await reader.readline():
            said = line.upper()
            if said.startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                mails.append((await reader.readuntil(b"\r\n.\r\n")).decode())
            writer.write(b"221 bye\r\n" if said.startswith(b"QUIT") else b"250 ok\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    _at(data, mail={"host": "127.0.0.1", "port": port, "tls": False, "sender": "huifang@firm.test"})
    await asyncio.to_thread(_listens, data, "mailto:qa@firm.test")
    assert await asyncio.to_thread(_run, "listeners", "tell", "--data", data) == "taken: 2, left: 0"
    server.close()


def test_a_program_reads_calls_by_its_token(data: Path) -> None:
    secret = _run("tokens", "add", "数据仓库", "--scope", "calls", "--as", "1001", "--data", data)
    assert json.loads(_run("tokens", "list", "--data", data, "--json"))[0]["scopes"] == ["calls"]
    add_user(data, "2001", "administrator")
    with served(data) as address:
        api = f"{address}/api/v1"
        headers = {"authorization": f"Bearer {secret}"}
        assert httpx.get(f"{api}/calls", headers=headers).json()["total"] == 2
        assert httpx.get(f"{api}/campaigns", headers=headers).status_code == 403
    _run("tokens", "revoke", "数据仓库", "--as", "1001", "--data", data)
    assert "was revoked" in complaint("tokens", "revoke", "数据仓库", "--as", "1001", "--data", data)


def test_a_listener_that_would_be_told_in_the_clear_is_refused(data: Path) -> None:
    told = complaint("listeners", "add", "http://risk.test/hook", "--as", "1001", "--data", data)
    assert "https" in told
