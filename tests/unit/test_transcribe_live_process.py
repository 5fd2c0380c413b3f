"""The recogniser process's protocol: what is asked and what is answered."""

from __future__ import annotations

import json
from io import BytesIO

from base.audio import Samples
from transcribe.engine import Capabilities, Recognised
from transcribe.live_process import request, serve


class Repeats:
    """An engine that tells how much sound it got, and takes every expected phrase for likely."""

    name = "repeats"
    model_sha256 = "0" * 64
    capabilities = Capabilities(scores=True)

    def answer(self, samples: Samples, expected: tuple[str, ...] = ()) -> Recognised:
        return Recognised(str(len(samples)), 0.5, likely=tuple((phrase, -1.25) for phrase in expected))

    def transcribe(self, samples: Samples) -> Recognised:
        return self.answer(samples)


def test_requests_are_answered_in_their_order() -> None:
    asked = request(b"\1\0" * 800, ("满意", "不满意")) + request(b"", ())
    answers = BytesIO()
    serve(Repeats(), BytesIO(asked), answers)
    first, second = (json.loads(line) for line in answers.getvalue().splitlines())
    assert (first["text"], first["likely"]) == ("800", [["满意", -1.25], ["不满意", -1.25]])
    assert (second["text"], second["likely"]) == ("0", [])


def test_a_request_cut_short_is_not_answered() -> None:
    answers = BytesIO()
    serve(Repeats(), BytesIO(request(b"", ())[:5]), answers)
    assert answers.getvalue() == b""
