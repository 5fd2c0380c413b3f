"""What listeners get: signed, the same at each try, and silent about people (A2)."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from base.errors import InputError
from huifang.settings import Mail
from huifang.telling.message import mail_of, message_of, signature
from huifang.telling.sending import check
from records.deliveries import LONGEST_PAUSE, Delivery, pause_after
from records.listeners import Happening, Listener
from tests.records_kit import NOW

LISTENER = Listener(3, "https://x.test/", "s", frozenset(Happening), "", "1001", NOW, None)
FLAG = Delivery(9, LISTENER, Happening.SEVERE_FLAG, 17, NOW, 0)
MAIL = Mail(host="mail.test", sender="huifang@firm.test")


def test_a_signature_is_checked_with_a_few_lines() -> None:
    body = message_of(FLAG, {"call": 17}).body
    stamp, _, digest = signature("secret", body, NOW).removeprefix("t=").partition(",v1=")
    assert hmac.new(b"secret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest() == digest
    assert int(stamp) == int(NOW.timestamp())
    assert signature("other", body, NOW) != signature("secret", body, NOW)


def test_each_try_has_the_same_id() -> None:
    assert message_of(FLAG, {}).id == message_of(FLAG, {"call": 17}).id == "3-flag.severe-17"


def test_a_body_holds_times_with_their_zone() -> None:
    told = json.loads(message_of(FLAG, {"ended_at": NOW}).body)
    assert told["about"]["ended_at"] == NOW.isoformat()
    assert told["event"] == "flag.severe"


def test_a_mail_says_what_happened_and_where_to_look() -> None:
    mail = mail_of(message_of(FLAG, {"call": 17}), MAIL.sender, "qa@firm.test", NOW)
    assert mail["To"] == "qa@firm.test"
    assert "严重线索" in mail["Subject"]
    assert "call: 17" in mail.get_content()


def test_pauses_double_up_to_an_hour() -> None:
    assert [pause_after(n).total_seconds() for n in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert pause_after(1000) == LONGEST_PAUSE == timedelta(hours=1)


@pytest.mark.parametrize(
    "address",
    [
        "http://risk.test/",
        "ftp://x.test/",
        "https:///path",
        "https://u:p@x.test/",
        "mailto:nobody",
        "x",
        "https://x.test/路径",
        "https://a..b/",
        "https://x.test:99999/",
        "mailto:a%0Ab@h",
        "mailto:a@b?cc=c@d",
    ],
)
def test_an_address_that_cannot_be_told_is_refused(address: str) -> None:
    with pytest.raises(InputError):
        check(address, MAIL)


def test_mail_needs_a_server() -> None:
    check("mailto:qa@firm.test", MAIL)
    with pytest.raises(InputError, match="not set up"):
        check("mailto:qa@firm.test", Mail())


def test_this_machine_may_be_told_in_the_clear() -> None:
    check("http://127.0.0.1:8080/hook", MAIL)
