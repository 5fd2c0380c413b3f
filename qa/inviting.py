"""A link that signs somebody in without a password: once, from this machine alone. A demonstration has it."""

from __future__ import annotations

import hmac
import ipaddress
import secrets


class Invitation:
    """For the user of a staff number. Its token lives in this process only."""

    def __init__(self, number: str) -> None:
        self.number = number
        self._token = secrets.token_urlsafe(32)

    @property
    def path(self) -> str:
        """Where the console takes it."""
        return f"/begin?token={self._token}"

    def accepts(self, token: str, address: str) -> bool:
        """Whether it is this one's token, from a loopback address; then it is used up."""
        is_ours = bool(self._token) and hmac.compare_digest(token.encode(), self._token.encode())
        if not is_ours or not _is_loopback(address):
            return False
        self._token = ""
        return True


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
