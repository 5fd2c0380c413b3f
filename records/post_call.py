"""What follows a call, as frozen values: jobs, transcripts, flags, search hits.

`start_s` and `end_s` are seconds from the start of the recording.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from records.model import AnswerRow, Customer, Kind, SpokenRow

FAINT = "faint"
"""The tier of flags that people are not shown (F7)."""


@dataclass(frozen=True, slots=True)
class Job:
    """A post-call job under lease."""

    id: int
    kind: str
    attempt_id: int
    tries: int


@dataclass(frozen=True, slots=True)
class ParkedJob:
    """A job that was given up: its last reason, since when, and whose call it is."""

    job: Job
    reason: str
    since: datetime
    campaign: str
    customer: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of speech.

    Attributes:
        party: "system", "customer", "agent" (a person of ours), or "echo": our own prompt, come back on the
            customer's track and set aside (F4).
        chars: start seconds of each character.
        held: other texts that the recogniser held possible, each with the mean log-probability of a token.
    """

    party: str
    start_s: float
    end_s: float
    text: str
    confidence: float
    chars: tuple[float, ...] = ()
    held: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A lead (线索), never a verdict (F7).

    Attributes:
        rule: id of the keyword rule. category: what F1, F2, F6 call it.
        text: the words that matched, as transcribed. negation: negated, affirmed or unclear.
        why: what made it match, for people.
        phrase: the rule's wording that it was taken for; "" for a closed answer.
        features: what a verifier weighed (docs/flags.md); empty where none did.
        weights: version of the verifier's weights; "" where none did.
    """

    rule: str
    rule_version: str
    category: str
    severity: str
    party: str
    start_s: float
    end_s: float
    text: str
    score: float
    tier: str
    negation: str
    why: str
    phrase: str = ""
    features: dict[str, float] = field(default_factory=dict, hash=False)
    weights: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A finished transcript of one attempt, or of one recording made elsewhere, by one engine and model.

    Attributes:
        doubt: why the call cannot be judged by its flags; "" when it can.
        attempt_id, recording_id: one of them is None.
        guessed: who spoke was guessed from the voices.
        corrected_by: who corrected it by hand; "" for a machine's.
    """

    attempt_id: int | None
    engine: str
    model_sha256: str
    utterances: tuple[Utterance, ...]
    flags: tuple[Flag, ...]
    doubt: str = ""
    recording_id: int | None = None
    guessed: bool = False
    corrected_by: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """All that a post-call worker needs of one attempt. `recording`: stem relative to the data directory."""

    attempt_id: int
    recording: str
    talked_s: float
    kind: Kind
    script: str
    script_version: str
    script_sha256: str
    customer: Customer
    spoken: tuple[SpokenRow, ...]
    answers: tuple[AnswerRow, ...]

    def asked(self, question: str) -> str:
        """The question's wording as it was last said to this customer; "" when it was not said."""
        said = [row.text for row in self.spoken if row.node == question]
        return said[-1] if said else ""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording made elsewhere.

    Attributes:
        sha256: of the file's bytes: the same file is kept once.
        name: the file's own name. path: where our copy lies, relative to the data directory.
        extension, began_at: by the file's name (R2); "" and None where it doesn't tell.
    """

    id: int
    sha256: str
    name: str
    path: str
    extension: str
    began_at: datetime | None
    length_s: float
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """What a search looked for in a text: indices, the second one behind the last character, and seconds."""

    start: int
    end: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One search hit; `audio` is the track or the recording, relative to the data directory.

    `start_s` is where the first words looked for begin, as far as the transcript knows; `spans` of several
    terms may overlap. In a recording made elsewhere, `recording_id` says which; nothing is known of attempt,
    follow-up, campaign and customer: None and "".
    """

    attempt_id: int | None
    follow_up_id: int | None
    campaign: str
    customer_id: int | None
    customer: str
    started_at: datetime
    party: str
    start_s: float
    end_s: float
    text: str
    audio: str
    recording_id: int | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; `total`: how many there are in all."""

    total: int
    hits: tuple[Hit, ...]
