"""What the packaged model needs to recognise one short answer: what a conversation costs beside its line."""

from __future__ import annotations

from base.audio import RATE, Samples
from bench.measuring import processor_s
from huifang.settings import Speech
from transcribe.live import LiveEar
from transcribe.models import ensure_packaged

ANSWERS = 8
ANSWER_S = 1.5


async def answer_cpu_ms(speech: Samples) -> float:
    """Processor ms per answer of 1.5 s."""
    ear = await LiveEar.start(ensure_packaged(Speech().directory), threads=1)
    try:
        length = int(ANSWER_S * RATE)
        await ear.hear(speech[:length].tobytes())
        before = processor_s(ear.pids)
        for n in range(ANSWERS):
            await ear.hear(speech[n * length : (n + 1) * length].tobytes())
        return (processor_s(ear.pids) - before) / ANSWERS * 1000
    finally:
        await ear.close()
