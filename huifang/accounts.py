"""What line workers are told of the trunks, with secrets that may come from elsewhere than the settings."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from base.errors import SettingsError
from dialer.edge.config import behind
from dialer.line.settings import TrunkAccount
from dialer.trunk import Trunk
from huifang.settings import Settings, Sip


def accounts_of(settings: Settings) -> tuple[TrunkAccount, ...]:
    """One account per trunk; what a trunk leaves out it takes from lines.sip.

    Raises:
        SettingsError: a password or TLS file is not where the settings say, or a trunk cannot pass the edge.
    """
    return tuple(_of_worker(trunk, settings) for trunk in settings.trunks)


def edge_accounts(settings: Settings) -> tuple[TrunkAccount, ...]:
    """Those trunks that go through the edge, as the edge itself must know them.

    Raises:
        SettingsError: a password is not where the settings say.
    """
    return tuple(
        replace(trunk.account(password_of(trunk)), proxy=trunk.proxy)
        for trunk in settings.trunks
        if trunk.mode == "edge"
    )


def _of_worker(trunk: Trunk, settings: Settings) -> TrunkAccount:
    if trunk.mode == "edge":
        account = behind(trunk.account(), settings.edge)
        found = bool(settings.lines.port or settings.edge.desk)
    else:
        require_papers(trunk)
        account = _account(trunk, settings.lines.sip)
        found = bool(settings.lines.port or account.registrar)
    # At a port that nobody can know no call comes in: no process has to wait for one.
    return replace(account, takes_calls=found and settings.inbound.action != "refuse")


def _account(trunk: Trunk, sip: Sip) -> TrunkAccount:
    account = trunk.account(password_of(trunk))
    if not account.auth_user:
        account = replace(account, auth_user=sip.auth_user, auth_password=sip.auth_password)
    return account if account.proxy else replace(account, proxy=sip.proxy)


def require_papers(trunk: Trunk) -> None:
    """Line workers read the trunk's TLS files themselves, and could only say that they did not start.

    Raises:
        SettingsError: one cannot be read, or is no PEM file.
    """
    for key, file in trunk.tls.model_dump(include={"ca", "certificate", "key"}).items():
        if file:
            _require_pem(Path(file), f"trunks.{trunk.name}.tls.{key}")


def _require_pem(file: Path, place: str) -> None:
    remedy = "name a PEM file that the user who runs huifang may read"
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}", where=place, remedy=remedy) from error
    if b"-----BEGIN " not in content:
        raise SettingsError(f"{file} is no PEM file", where=place, remedy=remedy)


def password_of(trunk: Trunk) -> str:
    """The trunk's password, from wherever its settings say; "" without one.

    Raises:
        SettingsError: it is not there.
    """
    auth, place = trunk.auth, f"trunks.{trunk.name}.auth"
    if auth.password_env:
        secret = os.environ.get(auth.password_env, "")
        if not secret:
            raise SettingsError(f"{auth.password_env} is not set", where=f"{place}.password_env")
        return secret
    return _read(auth.password_file, f"{place}.password_file") if auth.password_file else auth.password


def _read(file: str, place: str) -> str:
    try:
        lines = Path(file).expanduser().read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}", where=place) from error
    if not lines or not lines[0]:
        raise SettingsError(f"the first line of {file} is empty", where=place)
    return lines[0]
