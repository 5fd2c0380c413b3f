"""Trunks: where calls go out and how, in which form numbers are dialed, which number is shown (D5). Pure."""

from __future__ import annotations

import re
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from dialer.dialplan import Dialed, DialPlan, Form, Home, MobileZero, dial, nobody_knows
from dialer.line.settings import TrunkAccount
from dialer.pacing import Pace
from dialer.trunk_parts import Auth, Breaker, Codec, Health, Prack, Section, Srtp, Tls
from records.model import LineLimits

NUMBER = "{number}"
_URI = re.compile(
    r"^(?P<scheme>sips?):[^@\s]*\{number\}[^@\s]*@"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?P<port>:\d{1,5})?(;[^\s?]*)?$"
)
_PEER = re.compile(r"^sips?:[^\s@]+$")
_ASKED = re.compile(r";transport=(\w+)", re.IGNORECASE)
_DIGITS = r"^[0-9+*#]*$"


class Trunk(Section):
    """A line to the telephone network."""

    name: str = Field("main", min_length=1, description="Name in reports, and of the trunk's limits.")
    uri: str = Field(description="Request URI with {number} in it: sip:{number}@HOST:PORT.")
    role: Literal["main", "fallback"] = Field(
        "main", description="fallback: used only when every main one has failed, or see unanswered (D5)."
    )
    weight: int = Field(1, ge=1, le=100, description="Its share of the calls among trunks of its role.")
    unanswered: int = Field(
        0,
        ge=0,
        le=20,
        description="Of a fallback: takes over a customer after so many unanswered attempts; 0 never (D5).",
    )
    records: bool = Field(True, description="Every line records; false is refused (D5).")

    caller_id: str = Field(
        "", pattern=_DIGITS, description="The dedicated callback number, shown verbatim (D5)."
    )
    asserted_id: str = Field(
        "", pattern=_DIGITS, description="Number in P-Asserted-Identity (RFC 3325); empty sends none."
    )
    from_host: str = Field(
        "", pattern=r"^[^\s@;]*$", description="HOST or HOST:PORT in From; empty: that of uri."
    )

    channels: int = Field(4, ge=1, le=400, description="Calls at once.")
    cps: float = Field(5.0, gt=0, le=1000, description="Calls begun per second.")
    per_hour: int | None = Field(None, ge=1, description="Calls begun in any hour; empty is any number.")
    per_day: int | None = Field(None, ge=1, description="Calls begun on a day; empty is any number.")
    longest_s: float = Field(
        0.0, ge=0, description="Longest call in seconds; 0: the profile's talk_s, which holds anyway."
    )

    form: Form = Field("national", description="Dial form: 13800000000 and 02161234567, or +8613800000000.")
    prefix: str = Field("", pattern=r"^[0-9*#]*$", description="Digits dialed before the number.")
    local_area: str = Field("", pattern=r"^(0\d{2,3})?$", description='The trunk\'s own area code, "021".')
    drop_area: bool = Field(False, description="Landlines of local_area are dialed without it.")
    mobile_zero: MobileZero = Field(
        "never", description="0 before mobiles: never, always, or by_area: before those of other areas."
    )
    user_phone: bool = Field(False, description="Mark numbers with ;user=phone (RFC 3261 section 19.1.1).")
    extension_pause_s: float = Field(
        2.0, ge=0, le=10, description="Pause before and after the keys of an extension, once answered."
    )

    mode: Literal["direct", "edge"] = Field(
        "direct",
        description="direct: line workers speak to the far end; edge: through our edge (docs/edge.md).",
    )
    transport: Literal["udp", "tcp", "tls"] = Field("udp", description="How SIP travels.")
    port: int = Field(0, ge=0, le=65535, description="Local port of tcp and tls; 0: any.")
    proxy: str = Field("", description="Outbound proxy as sip:HOST:PORT;lr; empty takes lines.sip.proxy.")
    registrar: str = Field(
        "", description="Registrar as sip:HOST; empty: the far end knows our address (IP trust)."
    )
    register_s: int = Field(300, ge=30, le=86400, description="Seconds a registration is to last.")
    aor: str = Field("", description="Our address of record, sip:USER@HOST; empty: user and registrar.")
    prack: Prack = Field("optional", description="100rel (RFC 3262): off, optional, mandatory.")
    session_s: int = Field(1800, ge=0, le=86400, description="Session timer (RFC 4028); 0 has none.")
    srtp: Srtp = Field("off", description="RTP encrypted (RFC 4568): off, optional, mandatory.")
    codecs: tuple[Codec, ...] = Field(("PCMA", "PCMU"), min_length=1, description="Offered, in this order.")
    dtmf_payload: int = Field(101, ge=96, le=127, description="RTP payload type of keys (RFC 4733).")
    dscp_sip: int = Field(0, ge=0, le=63, description="DSCP of SIP packets (24 is CS3); 0 leaves them.")
    dscp_rtp: int = Field(0, ge=0, le=63, description="DSCP of RTP packets (46 is EF); 0 leaves them.")

    auth: Auth = Auth()
    tls: Tls = Tls()
    health: Health = Health()
    breaker: Breaker = Breaker()

    @model_validator(mode="before")
    @classmethod
    def _transport_of_uri(cls, given: Any) -> Any:
        """A uri that names its transport says it for the trunk."""
        if not isinstance(given, dict) or "transport" in given:
            return given
        uri = str(given.get("uri", ""))
        asked = _ASKED.search(uri)
        named = asked[1].lower() if asked else ("tls" if uri.startswith("sips:") else "udp")
        return {**given, "transport": named}

    @field_validator("uri")
    @classmethod
    def _is_a_form(cls, uri: str) -> str:
        found = _URI.match(uri)
        if uri.count(NUMBER) != 1 or found is None:
            raise ValueError("write it as sip:{number}@HOST:PORT")
        if not 0 < int((found["port"] or ":5060")[1:]) < 65536:
            raise ValueError("there is no such port")
        return uri

    @field_validator("proxy", "registrar")
    @classmethod
    def _is_a_peer(cls, uri: str) -> str:
        if uri and _PEER.match(uri) is None:
            raise ValueError("write it as sip:HOST or sip:HOST:PORT")
        return uri

    @field_validator("records")
    @classmethod
    def _records(cls, records: bool) -> bool:
        if not records:
            raise ValueError("a line that does not record is not used (D5)")
        return records

    @field_validator("codecs")
    @classmethod
    def _each_once(cls, codecs: tuple[Codec, ...]) -> tuple[Codec, ...]:
        if len(set(codecs)) < len(codecs):
            raise ValueError("a codec is named twice")
        return codecs

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        complaint = _clash_of_numbers(self) or _clash_of_ways(self)
        if complaint:
            raise ValueError(complaint)
        return self

    @property
    def pace(self) -> Pace:
        """The trunk's limits on this node."""
        return Pace(self.channels, self.cps)

    @property
    def limits(self) -> LineLimits:
        """The same as the ledger keeps them, caps included."""
        return LineLimits(self.name, self.channels, self.cps, self.per_hour, self.per_day)

    @property
    def plan(self) -> DialPlan:
        """How numbers are dialed."""
        return DialPlan(self.form, self.prefix, self.local_area, self.drop_area, self.mobile_zero)

    def dial(
        self,
        phone: str,
        extension: str = "",
        misdialled: int = 0,
        home: Home = nobody_knows,
    ) -> Dialed:
        """What is dialed for a number (E.164) whose follow-up was misdialled so often already."""
        return dial(self.plan, phone, extension=extension, misdialled=misdialled, home=home)

    def request_uri(self, dialed: Dialed) -> str:
        """Whom the INVITE is for."""
        uri = self.uri.replace(NUMBER, dialed.user)
        return f"{uri};user=phone" if self.user_phone else uri

    @property
    def from_uri(self) -> str:
        """From with the number shown; "" leaves it to the account."""
        return f"sip:{_escaped(self.caller_id)}@{self._from_host}" if self.caller_id else ""

    @property
    def headers(self) -> dict[str, str]:
        """Further headers of an INVITE."""
        if not self.asserted_id:
            return {}
        return {"P-Asserted-Identity": f"<sip:{_escaped(self.asserted_id)}@{self._from_host}>"}

    @property
    def peer(self) -> str:
        """The far end without a number: whom OPTIONS asks."""
        found = self._parts
        return f"{found['scheme']}:{found['host']}{found['port'] or ''}"

    def account(self, password: str = "") -> TrunkAccount:
        """What line workers must know. `password`: what `auth` names, read by whoever puts parts together."""
        return TrunkAccount(
            name=self.name,
            peer=self.peer,
            transport=self.transport,
            srtp=self.srtp,
            registrar=self.registrar,
            register_s=self.register_s,
            aor=self.aor or self._own_aor,
            auth_user=self.auth.user,
            auth_password=password or self.auth.password,
            realm=self.auth.realm,
            proxy=self.proxy,
            codecs=self.codecs,
            dtmf_payload=self.dtmf_payload,
            prack=self.prack,
            session_s=self.session_s,
            dscp_sip=self.dscp_sip,
            dscp_rtp=self.dscp_rtp,
            port=self.port,
            tls_ca=self.tls.ca,
            tls_certificate=self.tls.certificate,
            tls_key=self.tls.key,
            tls_verify=self.tls.verify,
        )

    @property
    def _own_aor(self) -> str:
        if not self.registrar or not self.auth.user:
            return ""
        return f"sip:{self.auth.user}@{self.registrar.partition(':')[2].partition(';')[0]}"

    @property
    def _from_host(self) -> str:
        return self.from_host or f"{self._parts['host']}{self._parts['port'] or ''}"

    @property
    def _parts(self) -> re.Match[str]:
        found = _URI.match(self.uri)
        assert found is not None
        return found


def _escaped(number: str) -> str:
    """A number as the user part of an address: # stands in none (RFC 3261 section 25.1)."""
    return number.replace("#", "%23")


def _clash_of_numbers(trunk: Trunk) -> str:
    """What does not go together in the dial form; "" when all does."""
    national_only = {
        "a prefix": trunk.prefix,
        "local_area": trunk.local_area,
        "drop_area": trunk.drop_area,
        "mobile_zero": trunk.mobile_zero != "never",
    }
    wrong = next((name for name, is_set in national_only.items() if is_set), "")
    if trunk.form == "e164" and wrong:
        return f"{wrong} goes with the national form only"
    if not trunk.local_area and (trunk.drop_area or trunk.mobile_zero == "by_area"):
        return f"{'drop_area' if trunk.drop_area else 'mobile_zero: by_area'} needs local_area"
    if trunk.unanswered and trunk.role != "fallback":
        return "unanswered is for a trunk whose role is fallback"
    return ""


def _clash_of_ways(trunk: Trunk) -> str:
    """What does not go together in transport and registration; "" when all does."""
    asked = _ASKED.search(trunk.uri)
    if asked and asked[1].lower() != trunk.transport:
        return f"uri says transport={asked[1]}, transport says {trunk.transport}"
    if trunk.uri.startswith("sips:") and trunk.transport != "tls":
        return "a sips: uri needs transport: tls"
    if trunk.tls != Tls() and trunk.transport != "tls":
        return "tls is set, but transport is not tls"
    if trunk.port and trunk.transport == "udp":
        return "port is for tcp and tls; lines.port is that of udp"
    if trunk.aor and not trunk.registrar:
        return "aor needs a registrar"
    return ""
