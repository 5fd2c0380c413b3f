"""The rows that are kept of campaigns and calls, as frozen values; what follows a call: `records.post_call`.

Phone numbers are E.164; times are aware, in Asia/Shanghai.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from base.clock import gap_of


class PhoneKind(StrEnum):
    """S2 opens differently on a landline, where somebody else may answer."""

    MOBILE = "mobile"
    LANDLINE = "landline"


class Kind(StrEnum):
    """Kinds of follow-up; a merged call carries several (D7)."""

    NEW_ACCOUNT = "new_account"
    PERIODIC = "periodic"
    ABNORMAL = "abnormal"
    ADVISER_SIGNUP = "adviser_signup"
    ADVISER_CONTINUING = "adviser_continuing"
    SPECIAL = "special"
    CHECK = "check"
    RISK_QUESTIONNAIRE = "risk_questionnaire"
    AFTER_SALES = "after_sales"
    MERGED = "merged"


class CampaignStatus(StrEnum):
    """Made as a draft, it runs, may be paused, and is finished when all its follow-ups are closed."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class FollowUpState(StrEnum):
    """A follow-up waits for its time, is on the line, or is closed with a disposition."""

    WAITING = "waiting"
    CALLING = "calling"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A good row of a contacts file.

    Attributes:
        name, phone: say who it is.
        extension: keys behind a switchboard.
        words: (slot, text) of what only some scripts say, by slot name.
    """

    name: str
    phone: str
    phone_kind: PhoneKind
    opened_on: date | None
    manager: str
    branch: str
    extension: str = ""
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as kept."""

    id: int
    name: str
    phone: str
    phone_kind: PhoneKind
    opened_on: date | None
    manager: str
    branch: str
    extension: str = ""
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import changed. Importing the same file again gives added = updated = 0."""

    added: int
    updated: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign (批次). Script version and hash are those approved when it was made (S1)."""

    id: int
    name: str
    kind: Kind
    script: str
    script_version: str
    script_sha256: str
    profile: str
    status: CampaignStatus
    created_at: datetime
    deadline: datetime | None = None
    rank: int = 5
    """Campaigns of a smaller rank are served first."""
    status_why: str = ""
    """Why it was paused or cancelled."""


@dataclass(frozen=True, slots=True)
class Lane:
    """What a node may claim from: a running campaign's due appointments, or all of it."""

    campaign: Campaign
    appointments: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a campaign stands. `dispositions` counts closed follow-ups by their disposition.

    `next_due`: of all that wait; `next_agreed`: of those among them that have an appointment.
    """

    total: int
    waiting: int
    calling: int
    closed: int
    next_due: datetime | None
    dispositions: dict[str, int] = field(default_factory=dict)
    next_agreed: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """What the policy needs to know of an attempt.

    `rung`: an INVITE left and nothing proves that the phone stayed silent (D2). `valid`: meets D1. `trunk`:
    the line that carried it.
    """

    n: int
    invited_at: datetime | None
    ended_at: datetime | None
    disposition: str
    rung: bool
    valid: bool
    trunk: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A follow-up taken for one attempt: its row is committed, its lease runs, nothing was dialed yet."""

    attempt_id: int
    follow_up_id: int
    campaign: Campaign
    customer: Customer
    n: int
    trunk: str
    slot: int
    past: tuple[PastAttempt, ...]
    appointment: datetime | None
    apologise: bool
    """The last call ended in silence (D8): the opening apologises for it."""
    deadline: datetime | None = None
    """Of the follow-up; its campaign's unless it was given another one."""


@dataclass(frozen=True, slots=True)
class LineLimits:
    """What a line may carry, over all nodes.

    Attributes:
        channels: calls at once. cps: calls begun per second; infinity for no pace.
        per_hour: calls in any 60 minutes. per_day: calls in one day of Shanghai. None: no cap.
            Carriers suspend caller ids that call too often (D5).
    """

    name: str
    channels: int
    cps: float
    per_hour: int | None = None
    per_day: int | None = None

    @property
    def gap(self) -> timedelta:
        """Least time between two calls."""
        return gap_of(self.cps)


@dataclass(frozen=True, slots=True)
class Caps:
    """Further limits of a claim; None: no cap.

    Attributes:
        number_per_day: rings at one number in one day of Shanghai, over all campaigns (D2); an appointment,
            which the customer asked for, is kept nevertheless (D6).
        campaign_channels: calls of the campaign at once, over all nodes.
        node_channels: calls of the node at once.
    """

    number_per_day: int | None = None
    campaign_channels: int | None = None
    node_channels: int | None = None


NO_CAPS = Caps()


FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when a trunk is paused that only somebody's word resumes."""


@dataclass(frozen=True, slots=True)
class TrunkState:
    """What the ledger keeps of a trunk. `next_at`: when its pace allows the next call.

    `paused_until`: nothing is claimed on it before, but for probes; None if it is not paused. The pause and
    its reason stay in sight when its time is over, until somebody resumes the trunk.
    """

    name: str
    next_at: datetime
    paused_until: datetime | None
    paused_why: str

    @property
    def needs_a_person(self) -> bool:
        """Whether the pause does not end by itself, only by `huifang trunk resume`."""
        return self.paused_until == FOR_GOOD


@dataclass(frozen=True, slots=True)
class LineHealth:
    """How a node found a trunk.

    Attributes:
        up: "up", "down", or "unknown" where it never answered OPTIONS.
        status: of its answer, 0 for none. took_s: the round trip in seconds.
        registered: status of the registration; None where there is none, or no answer yet.
    """

    node: str
    trunk: str
    up: str
    status: int
    took_s: float
    registered: int | None
    at: datetime


UNSENT = "unsent"
"""Kind of the event of an attempt whose INVITE our own transport refused to send on its trunk."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A call that a trunk was to carry, as a circuit breaker needs it.

    `alerted`: a 18x or an answer came. `failed`: our own side failed (it may not even have sent
    the INVITE), and no final response came.
    """

    phone: str
    alerted: bool
    failed: bool
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """One thing that happened in an attempt; `detail` is JSON-ready."""

    at: datetime
    kind: str
    detail: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SpokenRow:
    """One prompt as it was said; seconds from the start of the recording."""

    node: str
    prompt: str
    text: str
    private: bool
    start_s: float
    end_s: float
    whole: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One filed answer; seconds from the start of the recording."""

    question: str
    value: str
    label: str
    how: str
    heard: str
    score: float
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class KindRow:
    """What a call did for one kind: its mandatory questions were all answered, or not (D7, P9)."""

    kind: str
    completed: bool


@dataclass(frozen=True, slots=True)
class NoteRow:
    """Something that a call leaves for people to do. `due_on`: the last day for it; None: any day will do."""

    code: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of the follow-up: due again at a time (an appointment goes before all else), or closed.

    `rule`: the id of the rule that decided, with its words.
    """

    due_at: datetime | None
    appointment: bool
    disposition: str
    rule: str


@dataclass(frozen=True, slots=True)
class Closing:
    """All that one attempt leaves: written in one transaction, with the follow-up's next step and the job.

    `hold_until`: the number stays taken until then (SlotFree has not come: the far leg may still be up).
    `do_not_call`: why the number is never to be called again (A4); "" for one that may be.
    `kinds`: of the script that was talked through, in its order. `score`, `band`: of a questionnaire (S12).
    """

    attempt_id: int
    disposition: str
    rung: bool
    valid: bool
    call_id: str
    sip_status: int
    sip_reason: str
    q850: int
    ended_by: str
    ringing_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime
    rang_s: float
    talked_s: float
    recording: str
    """Stem of the two tracks relative to the data directory; "" without an answer."""
    owner_confirmed: bool
    notes: tuple[NoteRow, ...]
    spoken: tuple[SpokenRow, ...]
    answers: tuple[AnswerRow, ...]
    ladder: tuple[str, ...]
    next: Next
    transcribe: bool
    hold_until: datetime | None = None
    do_not_call: str = ""
    kinds: tuple[KindRow, ...] = ()
    score: int | None = None
    band: str = ""
    events: tuple[LedgerEvent, ...] = ()
