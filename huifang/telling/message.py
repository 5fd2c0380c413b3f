"""What a listener gets. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage

from records.deliveries import Delivery
from records.listeners import Happening

SIGNATURE = "Huifang-Signature"
SUBJECTS: Mapping[Happening, str] = {
    Happening.CALL_FINISHED: "通话结束",
    Happening.SEVERE_FLAG: "通话中有严重线索",
    Happening.CASE_CLOSED: "核查结案",
}


@dataclass(frozen=True, slots=True)
class Message:
    """An event in words for programs. `id` is the same at each try: who got it already leaves it."""

    id: str
    event: Happening
    body: bytes


def message_of(one: Delivery, facts: Mapping[str, object]) -> Message:
    """JSON of an event: `id`, `event`, `happened_at`, `about`."""
    id_ = f"{one.listener.id}-{one.event.value}-{one.object_id}"
    told = {"id": id_, "event": one.event.value, "happened_at": one.happened_at, "about": dict(facts)}
    return Message(id_, one.event, json.dumps(told, default=_written, ensure_ascii=False).encode())


def signature(secret: str, body: bytes, now: datetime) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256 with the listener's secret over "SECONDS.BODY".

    The seconds (since 1970) are within, so that a request which somebody kept cannot be sent again later.
    """
    seconds = int(now.timestamp())
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def mail_of(message: Message, sender: str, to: str, now: datetime) -> EmailMessage:
    """The same as a mail: names nobody and nothing that was said (A2)."""
    mail = EmailMessage()
    mail["Subject"] = f"[回访] {SUBJECTS[message.event]}"
    mail["From"], mail["To"] = sender, to
    mail["Date"] = now
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    about = json.loads(message.body)["about"]
    lines = [SUBJECTS[message.event], "", *(f"{name}: {value}" for name, value in about.items())]
    mail.set_content("\n".join([*lines, "", "请登录回访系统查看。"]))
    return mail


def _written(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))
