"""One-time codes against the examples of RFC 6238, and what apps read."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from qa import codes

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("second", "code"),
    [
        *((59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924")),
        *((2000000000, "279037"), (20000000000, "353130")),
    ],
)
def test_the_examples_of_rfc_6238(second: int, code: str) -> None:
    """Appendix B, SHA-1; ours have six digits, the last of its eight."""
    assert codes.step_of(SECRET, code, datetime.fromtimestamp(second, UTC)) == second // 30


def test_a_code_counts_half_a_minute_early_and_late_and_no_longer() -> None:
    at = datetime.fromtimestamp(1111111111, UTC)
    step = 1111111111 // 30
    for away, found in ((-60, None), (-30, step), (0, step), (30, step), (60, None)):
        assert codes.step_of(SECRET, "050471", at + timedelta(seconds=away)) == found


@pytest.mark.parametrize("said", ["", "050 47", "0504710", "abcdef", "零五零四七一", "-50471"])
def test_what_is_no_code(said: str) -> None:
    assert codes.step_of(SECRET, said, datetime.fromtimestamp(1111111111, UTC)) is None


def test_apps_may_show_it_in_groups() -> None:
    assert codes.step_of(SECRET, "050 471", datetime.fromtimestamp(1111111111, UTC)) is not None


def test_an_app_reads_whose_secret_it_is_and_no_two_are_alike() -> None:
    secret = codes.new_secret()
    assert len(base64.b32decode(secret)) == 20
    assert secret != codes.new_secret()
    address = urlsplit(codes.address(secret, "1001", "示例证券"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query) == {
        "secret": [secret],
        "issuer": ["示例证券"],
        "digits": ["6"],
        "period": ["30"],
    }
    assert ElementTree.fromstring(codes.picture("x" * 200)).tag == "svg"
