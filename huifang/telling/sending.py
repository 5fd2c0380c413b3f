"""One message on its way: by HTTP or by SMTP, within a few seconds, in a thread."""

from __future__ import annotations

import http.client
import ipaddress
import re
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from base.errors import InputError
from huifang.settings import Mail
from huifang.telling.message import SIGNATURE, Message, mail_of, signature
from records.listeners import Listener

WITHIN_S = 10.0
_MAIL = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_REMEDY = "write https://HOST/PATH or mailto:NAME@HOST"


class NotTaken(Exception):
    """The other side did not take it; the reason is for people, without the address."""


def check(address: str, mail: Mail) -> None:
    """Look at a new listener's address.

    Raises:
        InputError: it is none, would send in the clear to another machine, or mail is not set up.
    """
    parts = _parts(address)
    if parts.scheme == "mailto":
        if not mail.host:
            raise InputError("mail is not set up", where=address, remedy="set mail.host and mail.sender")
        if parts.query or not _MAIL.fullmatch(parts.path):
            raise InputError("is no mail address", where=address, remedy=_REMEDY)
        return
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise InputError("is no address to tell", where=address, remedy=_REMEDY)
    if parts.scheme == "http" and not _is_here(parts.hostname):
        raise InputError("would be told in the clear", where=address, remedy="write https://")


def _parts(address: str) -> SplitResult:
    """What a request can be made of: RFC 3986 knows ASCII alone, ports up to 65535."""
    try:
        address.encode("ascii")
        parts = urlsplit(address)
        (parts.hostname or "").encode("idna")
        _ = parts.port
    except ValueError as error:
        raise InputError("is no address to tell", where=address, remedy=_REMEDY) from error
    return parts


def send(listener: Listener, message: Message, mail: Mail, now: datetime) -> str:
    """Send a message; gives what the other side answered.

    Raises:
        NotTaken: it was refused, or nobody took it in time.
    """
    parts = urlsplit(listener.address)
    try:
        if parts.scheme == "mailto":
            return _mail(parts.path, message, mail, now)
        headers = {
            "Content-Type": "application/json",
            "Huifang-Delivery": message.id,
            "Huifang-Event": message.event.value,
            SIGNATURE: signature(listener.secret, message.body, now),
        }
        return _post(parts, message.body, headers)
    except (OSError, ValueError, http.client.HTTPException, smtplib.SMTPException) as error:
        raise NotTaken(f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}") from error


def _post(parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> str:
    """Redirects are not followed: what is signed is for this address alone."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    line = make(host, parts.port, timeout=WITHIN_S)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path, body, dict(headers))
        status = line.getresponse().status
    finally:
        line.close()
    if not 200 <= status < 300:
        raise NotTaken(f"HTTP {status}")
    return f"HTTP {status}"


def _mail(to: str, message: Message, mail: Mail, now: datetime) -> str:
    with smtplib.SMTP(mail.host, mail.port, timeout=WITHIN_S) as server:
        if mail.tls:
            server.starttls(context=ssl.create_default_context())
        if mail.user:
            server.login(mail.user, _password(mail))
        server.send_message(mail_of(message, mail.sender, to, now))
    return "sent"


def _password(mail: Mail) -> str:
    return Path(mail.password_file).expanduser().read_text(encoding="utf-8").strip()


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
