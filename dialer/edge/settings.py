"""What a site sets of its edge."""

from __future__ import annotations

import ipaddress
import re
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_HOST_PORT = re.compile(r"^(?P<host>[0-9A-Za-z.-]+):(?P<port>\d{1,5})$")


class EdgeSettings(BaseModel):
    """The proxy that trunks of `mode: edge` go through."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inner: str = Field(
        "127.0.0.1:5060", description="HOST:PORT where the line workers hand over their calls (UDP)."
    )
    outer: str = Field(
        "127.0.0.1", description="Address towards the trunks: the one source that they see, at one port each."
    )
    udp_port: int = Field(5080, ge=1, le=65535, description="Port towards trunks over UDP.")
    tcp_port: int = Field(5080, ge=1, le=65535, description="Port towards trunks over TCP.")
    tls_port: int = Field(5081, ge=1, le=65535, description="Port towards trunks over TLS.")
    public_address: str = Field(
        "", description="Address that trunks see in front of a NAT; empty for the outer one."
    )
    workers: tuple[str, ...] = Field(
        ("127.0.0.1",), min_length=1, description="Addresses or networks of the line workers."
    )
    desk: str = Field(
        "", description="HOST:PORT of the worker that takes inbound calls; empty refuses them with 480."
    )
    ping_s: int = Field(15, ge=1, le=3600, description="Seconds between OPTIONS to each trunk.")
    tls_certificate: str = Field("", description="PEM file with the edge's own certificate; empty for none.")
    tls_key: str = Field("", description="PEM file with its key.")

    @field_validator("inner", "desk")
    @classmethod
    def _is_host_and_port(cls, value: str) -> str:
        found = _HOST_PORT.match(value)
        if value and (found is None or not 0 < int(found["port"]) < 65536):
            raise ValueError("write it as HOST:PORT")
        return value

    @field_validator("outer", "public_address")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value:
            ipaddress.ip_address(value)
        return value

    @field_validator("workers")
    @classmethod
    def _are_networks(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            ipaddress.ip_network(value)
        return values

    @model_validator(mode="after")
    def _sides_differ(self) -> Self:
        if self.inner == f"{self.outer}:{self.udp_port}":
            raise ValueError("the inner and the outer side cannot share one address and port")
        return self

    def port(self, transport: Literal["udp", "tcp", "tls"]) -> int:
        """The port outward of a transport."""
        return {"udp": self.udp_port, "tcp": self.tcp_port, "tls": self.tls_port}[transport]
