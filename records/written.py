"""A call's written record (R1): who, when, whom, kind, answers, transcript, problems, result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from records import heard, transcripts
from records.calls import CallRecord, call_of
from records.database import Database
from records.heard import Heard
from records.model import AnswerRow, Customer, Kind, SpokenRow
from records.post_call import Utterance


@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """All that a person reads of a call. `heard`: None before it is transcribed."""

    call: CallRecord
    customer: Customer
    kind: Kind
    spoken: tuple[SpokenRow, ...]
    answers: tuple[AnswerRow, ...]
    heard: Heard | None

    @property
    def said(self) -> tuple[Utterance, ...]:
        """Everything that was said; before it is transcribed what the system said."""
        if self.heard is not None:
            return self.heard.utterances
        return tuple(Utterance("system", one.start_s, one.end_s, one.text, 1.0) for one in self.spoken)

    def asked(self, question: str) -> str:
        """A question's wording as it was first said; its name where nobody has said it."""
        return next((one.text for one in self.spoken if one.node == question), question)


async def record_of(db: Database, attempt_id: int, today: date) -> WrittenRecord:
    """The written record of a call.

    Raises:
        InputError: there is no such call.
    """
    call = await call_of(db, attempt_id, today)
    material = await transcripts.material(db, attempt_id)
    return WrittenRecord(
        call=call,
        customer=material.customer,
        kind=material.kind,
        spoken=material.spoken,
        answers=material.answers,
        heard=await heard.of_call(db, attempt_id),
    )
