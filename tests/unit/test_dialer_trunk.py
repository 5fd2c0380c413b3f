"""A trunk in settings.yaml: what goes together, what a worker is told, what is shown to the customer."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from dialer.dialplan import Dialed
from dialer.trunk import Trunk

URI = "sip:{number}@192.0.2.10:5060"
SOMEBODY = Dialed("+8613800138000", "13800138000")


def trunk(**keys: Any) -> Trunk:
    return Trunk.model_validate({"uri": URI, **keys})


def test_the_keys_of_old_still_say_the_same() -> None:
    old = trunk(name="main", caller_id="02161234567", channels=4, cps=5, form="national", prefix="9")
    assert old.request_uri(old.dial("+8613800138000")) == "sip:913800138000@192.0.2.10:5060"
    assert old.from_uri == "sip:02161234567@192.0.2.10:5060"


def test_who_calls_is_said_as_it_stands() -> None:
    """95xxx is no number that a numbering plan knows."""
    shown = trunk(caller_id="95500", asserted_id="02161234567", from_host="ims.example", user_phone=True)
    assert shown.from_uri == "sip:95500@ims.example"
    assert shown.headers == {"P-Asserted-Identity": "<sip:02161234567@ims.example>"}
    assert shown.request_uri(SOMEBODY) == "sip:13800138000@192.0.2.10:5060;user=phone"
    keyed = trunk(caller_id="#95500", asserted_id="*1#", from_host="ims.example")
    assert keyed.from_uri == "sip:%2395500@ims.example"
    assert keyed.headers == {"P-Asserted-Identity": "<sip:*1%23@ims.example>"}
    assert trunk().from_uri == ""
    assert trunk().headers == {}


def test_a_worker_is_told_all_it_needs() -> None:
    account = trunk(
        transport="tls",
        srtp="mandatory",
        registrar="sip:ims.example:5061",
        register_s=120,
        auth={"user": "8621", "password": "secret", "realm": "ims.example"},
        proxy="sip:192.0.2.1;lr",
        codecs=["PCMA"],
        dscp_sip=24,
        dscp_rtp=46,
        tls={"ca": "/etc/ssl/ca.pem", "verify": True},
    ).account()
    assert (account.peer, account.transport, account.srtp) == ("sip:192.0.2.10:5060", "tls", "mandatory")
    assert (account.aor, account.auth_user, account.realm) == (
        "sip:8621@ims.example:5061",
        "8621",
        "ims.example",
    )
    assert (account.codecs, account.dtmf_payload, account.dscp_rtp) == (("PCMA",), 101, 46)
    assert account.auth_password == "secret"
    assert trunk(auth={"user": "a"}).account("from outside").auth_password == "from outside"


def test_a_trunk_says_nothing_of_its_password() -> None:
    kept = trunk(auth={"user": "8621", "password": "s3cr3t"})
    assert "s3cr3t" not in repr(kept)
    assert "s3cr3t" not in repr(kept.account())


def test_off_may_be_written_as_people_write_it() -> None:
    """YAML reads `off` as false."""
    assert trunk(srtp=False, prack=False).account().prack == "off"


def test_a_uri_may_name_the_transport() -> None:
    assert trunk(uri=f"{URI};transport=TCP").transport == "tcp"
    assert trunk(uri="sips:{number}@192.0.2.10").transport == "tls"


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({"uri": "sip:1@h"}, "sip:{number}@HOST"),
        ({"uri": "sip:1@{number}"}, "sip:{number}@HOST"),
        ({"uri": "sip:{number}@例子.中国"}, "sip:{number}@HOST"),
        ({"uri": "sip:{number}@h:70000"}, "no such port"),
        ({"records": False}, "D5"),
        ({"form": "e164", "prefix": "9"}, "a prefix goes with the national form"),
        ({"form": "e164", "mobile_zero": "always"}, "mobile_zero goes with the national form"),
        ({"mobile_zero": "by_area"}, "needs local_area"),
        ({"drop_area": True}, "needs local_area"),
        ({"local_area": "21"}, "local_area"),
        ({"unanswered": 2}, "role is fallback"),
        ({"uri": f"{URI};transport=tcp", "transport": "udp"}, "uri says transport=tcp"),
        ({"uri": "sips:{number}@h", "transport": "udp"}, "needs transport: tls"),
        ({"tls": {"verify": False}}, "transport is not tls"),
        ({"transport": "tls", "tls": {"certificate": "/a.pem"}}, "together"),
        ({"transport": "tls", "tls": {"ca": "a.pem"}}, "whole path"),
        ({"port": 5070}, "lines.port"),
        ({"aor": "sip:a@b"}, "needs a registrar"),
        ({"registrar": "ims.example"}, "sip:HOST"),
        ({"codecs": []}, "codecs"),
        ({"codecs": ["PCMA", "PCMA"]}, "twice"),
        ({"codecs": ["G729"]}, "codecs"),
        ({"dtmf_payload": 8}, "dtmf_payload"),
        ({"caller_id": "+86 21"}, "caller_id"),
        ({"auth": {"password": "x"}}, "needs its user"),
        ({"auth": {"user": "a", "password": "x", "password_env": "Y"}}, "one of password"),
        ({"breaker": {"pause_s": 60, "longest_pause_s": 30}}, "below pause_s"),
    ],
)
def test_what_does_not_go_together_is_refused(keys: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError) as refused:
        trunk(**keys)
    told = str(refused.value)
    assert complaint in told
