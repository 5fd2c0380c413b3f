"""One-time codes as a second proof at the door (RFC 6238: SHA-1, 30 s, six digits, as all apps know them)."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP_S = 30
_DIGITS = 6
_SIZE = 20
"""Bytes of a secret (RFC 4226, section 4)."""
_AROUND = (0, -1, 1)
"""Steps that count as now: a telephone's clock may be wrong by half a minute."""


def new_secret() -> str:
    """A secret, in the letters and digits in which apps take it."""
    return base64.b32encode(secrets.token_bytes(_SIZE)).decode()


def step_of(secret: str, said: str, now: datetime) -> int | None:
    """The step of time that a code is of; None where it is no code of now."""
    hotp = HOTP(base64.b32decode(secret), _DIGITS, SHA1())
    present, code = int(now.timestamp()) // STEP_S, said.replace(" ", "").encode()
    right = [present + n for n in _AROUND if hmac.compare_digest(hotp.generate(present + n), code)]
    return right[0] if right else None


def address(secret: str, number: str, firm: str) -> str:
    """What apps read from a picture: whose secret it is, and for what."""
    asked = urlencode(
        {"secret": secret, "issuer": firm, "digits": _DIGITS, "period": STEP_S}, quote_via=quote
    )
    return f"otpauth://totp/{quote(firm)}:{quote(number)}?{asked}"


def picture(text: str) -> str:
    """A QR code as SVG, dark on light in either theme."""
    made = segno.make(text, micro=False)
    return made.svg_inline(border=3, light="#fff", svgclass="code-picture", omitsize=True)
