"""What the packaged PJSIP cannot do is said before a call is made."""

from __future__ import annotations

from typing import Any

import pytest

from base.errors import SettingsError
from huifang.accounts import accounts_of
from huifang.check_lines import library
from huifang.settings import Settings


def settings(lines: dict[str, Any] | None = None, **trunk: Any) -> Settings:
    told = {"name": "main", "uri": "sip:{number}@192.0.2.10", **trunk}
    return Settings.model_validate({"lines": lines or {}, "trunks": [told]})


def test_more_calls_than_the_packaged_build_carries_are_refused() -> None:
    (finding,) = library(settings({"calls_per_worker": 40}), packaged=True)
    assert not finding.ok
    assert "carries 4" in finding.says
    assert list(library(settings({"calls_per_worker": 40}), packaged=False)) == []


def test_tls_of_the_packaged_build_is_a_risk_with_two_ways_out() -> None:
    (finding,) = library(settings(transport="tls"), packaged=True)
    assert finding.ok
    assert finding.risk
    assert "1.0.2k" in finding.says
    assert "proxy" in finding.remedy
    assert list(library(settings(transport="tls"), packaged=False)) == []


def test_srtp_whose_keys_can_be_read_is_a_risk() -> None:
    (finding,) = library(settings(srtp="mandatory"), packaged=False)
    assert (finding.ok, finding.risk) == (True, True)


def test_a_trunk_without_its_own_takes_what_the_lines_have() -> None:
    shared = {"sip": {"auth_user": "8621", "auth_password": "p", "proxy": "sip:192.0.2.1;lr"}}
    (account,) = accounts_of(settings(shared))
    assert (account.auth_user, account.auth_password, account.proxy) == ("8621", "p", "sip:192.0.2.1;lr")
    (own,) = accounts_of(settings(shared, auth={"user": "mine", "password": "q"}, proxy="sip:192.0.2.2"))
    assert (own.auth_user, own.auth_password, own.proxy) == ("mine", "q", "sip:192.0.2.2")


def test_a_password_may_lie_elsewhere(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUNK_PASSWORD", "from the environment")
    (account,) = accounts_of(settings(auth={"user": "a", "password_env": "TRUNK_PASSWORD"}))
    assert account.auth_password == "from the environment"
    (tmp_path / "secret").write_text("from a file\n", encoding="utf-8")
    (account,) = accounts_of(settings(auth={"user": "a", "password_file": str(tmp_path / "secret")}))
    assert account.auth_password == "from a file"


@pytest.mark.parametrize("where", [{"password_env": "NO_SUCH_VARIABLE"}, {"password_file": "/no/such/file"}])
def test_a_password_that_is_not_there_is_told(where: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"trunks\.main\.auth\.password_"):
        accounts_of(settings(auth={"user": "a", **where}))
