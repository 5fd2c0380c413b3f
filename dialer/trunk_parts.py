"""Sections of a trunk in settings.yaml: who we are there, TLS, health, and when it is given a rest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from dialer.breaker import BreakerRules
from dialer.health import HealthRules


def _off(value: Any) -> Any:
    """YAML 1.1 reads `off` as false."""
    return "off" if value is False else value


OffOr = BeforeValidator(_off)
Srtp = Annotated[Literal["off", "optional", "mandatory"], OffOr]
Prack = Annotated[Literal["off", "optional", "mandatory"], OffOr]
Codec = Literal["PCMA", "PCMU", "G722", "GSM", "iLBC", "speex"]


def _is_absolute(path: str) -> str:
    if path and not Path(path).expanduser().is_absolute():
        raise ValueError("write the whole path, from / or ~")
    return path


PemFile = Annotated[str, BeforeValidator(lambda path: _is_absolute(str(path)))]


class Section(BaseModel):
    """A part of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Auth(Section):
    """Digest credentials of a trunk (MD5 and SHA-256, RFC 8760)."""

    user: str = Field("", description="User; empty takes lines.sip.auth_user.")
    password: str = Field("", repr=False, description="Password, where it may stand in this file.")
    password_env: str = Field("", description="Environment variable that holds it instead.")
    password_file: PemFile = Field("", description="File whose first line is the password instead.")
    realm: str = Field("*", min_length=1, description="Realm that it is for; * is any.")

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        ways = [one for one in (self.password, self.password_env, self.password_file) if one]
        if len(ways) > 1:
            raise ValueError("give one of password, password_env, password_file")
        if ways and not self.user:
            raise ValueError("a password needs its user")
        return self


class Tls(Section):
    """Keys of a trunk whose transport is tls: PEM files."""

    ca: PemFile = Field("", description="Certificates that the far end's is checked against.")
    certificate: PemFile = Field("", description="Our own certificate, where the far end asks for one.")
    key: PemFile = Field("", description="Its private key.")
    verify: bool = Field(True, description="Whether the far end must prove itself.")

    @model_validator(mode="after")
    def _a_pair(self) -> Self:
        if bool(self.certificate) != bool(self.key):
            raise ValueError("certificate and key are set together or not at all")
        return self


class Health(Section):
    """How a trunk's health is watched: OPTIONS at intervals (RFC 3261 section 11)."""

    options_s: float = Field(30.0, ge=0, le=3600, description="Seconds between two OPTIONS; 0 sends none.")
    down_after: int = Field(3, ge=1, le=100, description="So many unanswered in a row: it is down, not used.")
    up_after: int = Field(2, ge=1, le=100, description="So many answered in a row: it is up again.")

    @property
    def rules(self) -> HealthRules:
        """The same as a value."""
        return HealthRules(self.down_after, self.up_after)


class Breaker(Section):
    """When a trunk is given a rest; customers wait meanwhile, and no ring of theirs is counted."""

    window: int = Field(20, ge=1, le=1000, description="So many distinct numbers are looked at.")
    silent_share: float = Field(
        0.6,
        ge=0,
        le=1,
        description="Pause when that part of them neither rang nor answered; 0 never does. "
        "Refusals (5xx) alone never count: carriers answer so for subscribers out of reach.",
    )
    failures: int = Field(3, ge=0, le=100, description="Pause after so many transport failures in a row.")
    pause_s: float = Field(
        60.0, gt=0, le=86400, description="The first pause, doubled while probe calls fail."
    )
    longest_pause_s: float = Field(1800.0, gt=0, le=86400, description="The longest pause.")
    barred: int = Field(
        1,
        ge=0,
        le=100,
        description="Pause until `huifang trunk resume` after so many calls in a row whose caller id "
        "was barred; 0 never does.",
    )

    @model_validator(mode="after")
    def _grows(self) -> Self:
        if self.longest_pause_s < self.pause_s:
            raise ValueError("longest_pause_s is below pause_s")
        return self

    @property
    def rules(self) -> BreakerRules:
        """The same as a value."""
        return BreakerRules(self.window, self.silent_share, self.failures, self.pause_s, self.longest_pause_s)
