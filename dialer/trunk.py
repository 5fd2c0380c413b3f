"""Trunks: where calls go out, in which form numbers are dialed, and which number is shown (D5). Pure."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from base.phones import national
from dialer.pacing import Pace

NUMBER = "{number}"
_HOST = re.compile(r"^sips?:[^@\s]*@(?P<host>[^;?\s]+)")


class Trunk(BaseModel):
    """A line to the telephone network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("main", min_length=1, description="Name in reports, and of the trunk's limits.")
    uri: str = Field(description="Request URI with {number} in it: sip:{number}@HOST:PORT.")
    caller_id: str = Field(
        "", pattern=r"^[0-9+*#]*$", description="The dedicated callback number, shown verbatim (D5)."
    )
    channels: int = Field(4, ge=1, le=400, description="Calls at once.")
    cps: float = Field(5.0, gt=0, le=100, description="Calls begun per second.")
    form: Literal["national", "e164"] = Field(
        "national", description="Dial form: 13800000000 and 02161234567, or +8613800000000."
    )
    prefix: str = Field("", pattern=r"^[0-9*#]*$", description="Digits dialed before the number.")

    @field_validator("uri")
    @classmethod
    def _is_a_form(cls, uri: str) -> str:
        if uri.count(NUMBER) != 1 or _HOST.match(uri) is None:
            raise ValueError("write it as sip:{number}@HOST:PORT")
        return uri

    @model_validator(mode="after")
    def _prefix_fits(self) -> Self:
        if self.prefix and self.form == "e164":
            raise ValueError("a prefix goes with the national form only")
        return self

    @property
    def pace(self) -> Pace:
        """The trunk's limits."""
        return Pace(self.channels, self.cps)

    def dialed(self, e164: str) -> str:
        """The number as this trunk wants it dialed."""
        return e164 if self.form == "e164" else self.prefix + national(e164)

    def request_uri(self, e164: str) -> str:
        """Whom the INVITE is for."""
        return self.uri.replace(NUMBER, self.dialed(e164))

    @property
    def from_uri(self) -> str:
        """From with the number shown; "" leaves it to the endpoint."""
        found = _HOST.match(self.uri)
        return f"sip:{self.caller_id}@{found['host']}" if self.caller_id and found else ""
