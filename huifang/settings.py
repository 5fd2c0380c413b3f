"""What a site sets: `DATA/config/settings.yaml`, else the shipped file, which says the same as the defaults.

Every setting is described in docs/settings.md, which is written from the descriptions below.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from base import yamlfile
from base.clock import ShiftedClock
from base.errors import SettingsError
from dialer.edge.settings import EdgeSettings
from dialer.handing_over import HandoverSettings
from dialer.inbound_rules import InboundSettings
from dialer.line.settings import SipSettings
from dialer.pacing import NO_PACE, Pace
from dialer.trunk import Trunk
from huifang import resources

FILE = "settings.yaml"

_LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
_HOST_NAME = re.compile(rf"(?=.*[A-Za-z]){_LABEL}(\.{_LABEL})*")
"""RFC 1123 section 2.1; digits alone are a mistyped address."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Firm(_Section):
    """Who calls: words that fill the script's gaps."""

    name: str = Field("本公司", min_length=1, description="The firm's name as it is said to the customer.")
    hotline: str = Field("", description="The hotline that closing words name (S8).")
    seat: str = Field(
        "8001",
        pattern=r"^\d{1,8}$",
        description="The virtual seat: the staff number said (S2), and in each recording's name (R2).",
    )

    say_level: bool = Field(
        False, description="Whether the risk questionnaire tells the customer the level that it found (S12)."
    )

    @field_validator("name", "hotline")
    @classmethod
    def _can_be_said(cls, words: str) -> str:
        if not words.isprintable() or set("{}") & set(words):
            raise ValueError("write words that can be said: no braces, no control characters")
        return words


class Speech(_Section):
    """Which ears transcribe."""

    engine: Literal["auto", "whisper", "vosk", "sherpa", "none"] = Field(
        "auto",
        description="`auto`: as each model is; `whisper`, `vosk` or `sherpa`: models of another one are "
        "refused; `none` hears nothing: to try lines.",
    )
    model: str = Field(
        "whisper-base",
        description="Name of a model in models_dir, or the path of a directory; whisper-base is packaged. "
        "`huifang models use` sets it.",
    )
    live_model: str = Field(
        "", description="The same for answers in a call, a Vosk model for one; empty: the same model."
    )
    models_dir: str = Field(
        "", description="Where models lie; empty: $XDG_CACHE_HOME/huifang/models (~/.cache/huifang/models)."
    )

    live_processes: int = Field(
        0,
        ge=0,
        description="Processes that recognise live answers, of 400 MB each with whisper-base; 0: one a core, "
        "four at most.",
    )

    @property
    def processes(self) -> int:
        """How many processes recognise live answers on this machine."""
        return self.live_processes or min(4, os.cpu_count() or 1)

    @property
    def directory(self) -> Path:
        """The directory of all models."""
        if self.models_dir:
            return Path(self.models_dir).expanduser()
        cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
        return Path(cache).expanduser() / "huifang" / "models"

    @property
    def path(self) -> Path:
        """The directory of the model that transcribes."""
        return self.at(self.model)

    @property
    def live_path(self) -> Path:
        """The directory of the model that hears answers in a call."""
        return self.at(self.live_model or self.model)

    def at(self, model: str) -> Path:
        """The directory of a model, named as in the settings."""
        return self.directory / Path(model).expanduser()


class Prompts(_Section):
    """How prompts sound that no person has recorded."""

    voice: str = Field(
        "jm_kumo@1.1",
        min_length=1,
        description="Voice of shipped and synthesised prompts, with its pace: NAME@SPEED. "
        "`espeak` is quick and robotic, for tests (needs espeak-ng).",
    )


class Sip(_Section):
    """How our SIP endpoints behave."""

    user: str = Field("huifang", description="User part of our own address.")
    auth_user: str = Field("", description="User for digest authentication; empty for none.")
    auth_password: str = Field("", description="Its password.")
    proxy: str = Field(
        "", description="Outbound proxy as sip:HOST:PORT;lr; empty sends straight to the trunk."
    )
    public_address: str = Field(
        "", description="Address for Contact and SDP behind NAT; empty for the bound one."
    )
    rtp_first: int = Field(
        20000, ge=1024, le=60000, description="First RTP port; each worker takes 100 above, or four a call."
    )
    log_level: int = Field(0, ge=0, le=6, description="PJSIP's own messages up to this level; 0 is quiet.")

    def for_workers(self) -> SipSettings:
        """The same as a line worker takes it; calls that come in are refused: they would hold slots."""
        return SipSettings(**self.model_dump(), takes_calls=False)


class Lines(_Section):
    """The line workers: processes that carry the calls."""

    calls_per_worker: int = Field(
        4, ge=1, le=400, description="Calls a process carries; the packaged PJSIP holds 4."
    )
    spare_workers: int = Field(
        1,
        ge=0,
        le=50,
        description="Workers beyond what the trunks' channels need: ended calls free their slot late.",
    )
    channels: int | None = Field(
        None, ge=1, le=4000, description="Calls at once on this node; empty: as many as its trunks have."
    )
    cps: float | None = Field(
        None,
        gt=0,
        le=1000,
        description="Calls begun per second on this node; empty: the trunks' cps alone.",
    )
    drain_s: float = Field(
        60.0, ge=0, le=3600, description="On SIGTERM calls under way go on for so long, then are hung up."
    )
    host: str = Field("127.0.0.1", min_length=1, description="Address that SIP and RTP are bound to.")
    port: int = Field(
        0, ge=0, le=65535, description="SIP port of the first worker, the next follow; 0: any free."
    )
    sip: Sip = Sip()

    @field_validator("host")
    @classmethod
    def _is_an_address(cls, host: str) -> str:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            if len(host) > 253 or not _HOST_NAME.fullmatch(host):
                raise ValueError("write an IP address or a host name, without port") from None
        return host

    @property
    def pace(self) -> Pace:
        """This node's limits."""
        return Pace(self.channels or NO_PACE.channels, self.cps or NO_PACE.cps)

    def workers(self, channels: int, kept: int = 0) -> int:
        """How many workers carry so many calls at once, spares included; `kept` slots of each carry none."""
        return -(-channels // (self.calls_per_worker - kept)) + self.spare_workers


class Custody(_Section):
    """How recordings are kept (docs/custody.md)."""

    key_file: str = Field(
        "",
        description="The keys by which recordings are encrypted, outside the data directory; "
        "`huifang keys new` makes them and sets this. Empty: recordings are not encrypted.",
    )

    @field_validator("key_file")
    @classmethod
    def _is_whole(cls, path: str) -> str:
        if path and not Path(path).expanduser().is_absolute():
            raise ValueError("write the whole path: commands are run from anywhere")
        return path


class Mail(_Section):
    """How mail goes out to listeners (docs/api.md)."""

    host: str = Field("", description="The firm's mail server; empty: no mail is sent.")
    port: int = Field(587, ge=1, le=65535, description="Its port for submission.")
    tls: bool = Field(True, description="Whether the line is encrypted (STARTTLS) before anything is said.")
    sender: str = Field("", description="The address that mail comes from.")
    user: str = Field("", description="User to sign in as; empty: without signing in.")
    password_file: str = Field("", description="A file with the user's password.")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.host and "@" not in self.sender:
            raise ValueError("write the sender's mail address: mail.sender")
        if self.user and not (self.password_file and self.tls):
            raise ValueError(
                "a user needs password_file, and tls: no password crosses the network in the clear"
            )
        return self


class Clock(_Section):
    """Business time. Empty is real time; a demonstration begins on a day of its own."""

    business_start: AwareDatetime | None = Field(None, description="Business time that ...")
    machine_start: AwareDatetime | None = Field(None, description="... this machine time stands for.")

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.business_start is None) != (self.machine_start is None):
            raise ValueError("business_start and machine_start are set together or not at all")
        return self

    def clock(self) -> ShiftedClock:
        """The clock of all business."""
        if self.business_start is None or self.machine_start is None:
            return ShiftedClock(timedelta(0))
        return ShiftedClock.starting(self.business_start, self.machine_start)


class Log(_Section):
    """What is logged to stderr."""

    json_lines: bool = Field(False, description="One JSON object a line instead of text.")
    level: Literal["debug", "info", "warning", "error"] = Field(
        "warning", description="The least level logged."
    )


class Settings(_Section):
    """All settings."""

    firm: Firm = Firm()
    database: str = Field(
        "",
        description="`postgresql://USER@HOST/NAME` or `sqlite:///FILE`; empty: huifang.db beside the rest.",
    )
    node: str = Field("", description="Name of this machine among several; empty: its host name.")
    lease_s: float = Field(
        60.0,
        ge=8,
        le=600,
        description="Seconds without a sign of life after which other machines close this one's calls.",
    )
    speech: Speech = Speech()
    prompts: Prompts = Prompts()
    lines: Lines = Lines()
    trunks: tuple[Trunk, ...] = Field((), description="Where calls go out, each by its role and weight (D5).")
    inbound: InboundSettings = InboundSettings()
    edge: EdgeSettings = EdgeSettings()
    handover: HandoverSettings = HandoverSettings()
    custody: Custody = Custody()
    mail: Mail = Mail()
    clock: Clock = Clock()
    log: Log = Log()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [trunk.name for trunk in self.trunks]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two trunks are called {twice[0]}")
        if self.trunks and all(trunk.role == "fallback" for trunk in self.trunks):
            raise ValueError("every trunk is a fallback: one must be the main line (D5)")
        return self

    @model_validator(mode="after")
    def _people_can_be_rung(self) -> Self:
        known = {trunk.name for trunk in self.trunks}
        for group, people in self.handover.groups.items():
            unknown = next((one.trunk for one in people if one.trunk and one.trunk not in known), None)
            if unknown is not None:
                raise ValueError(f"handover.groups.{group}: no trunk is called {unknown}")
        for number, phone in self.handover.clerks.items():
            if phone.trunk and phone.trunk not in known:
                raise ValueError(f"handover.clerks.{number}: no trunk is called {phone.trunk}")
        if self.handover.kept >= self.lines.calls_per_worker:
            raise ValueError(
                "handover.slots_per_worker leaves no call of lines.calls_per_worker to customers"
            )
        return self

    def database_url(self, data: Path) -> str:
        """The database's URL; SQLite in the data directory unless set."""
        return self.database or f"sqlite:///{data / 'huifang.db'}"

    def node_name(self) -> str:
        """This machine's name among several."""
        return self.node or socket.gethostname()


def load(data: Path) -> Settings:
    """The site's settings, else the shipped ones.

    Raises:
        SettingsError: unreadable, unknown key or value out of range, with file:line.
    """
    path = resources.find(data, FILE)
    return Settings() if path is None else yamlfile.load(path, Settings, SettingsError)
