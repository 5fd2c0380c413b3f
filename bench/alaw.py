"""G.711 A-law (ITU-T G.711): what our workers ask the far end to speak."""

from __future__ import annotations

import numpy as np

from base.audio import Samples

RTP_TYPE = 8
"""Payload type (RFC 3551)."""


def encode(samples: Samples) -> bytes:
    """One byte per sample."""
    size = np.minimum(np.abs(samples.astype(np.int32)) >> 3, 4095)
    segment = np.where(size < 32, 0, np.log2(np.maximum(size, 1)).astype(np.int32) - 4)
    code = (segment << 4) | ((size >> np.maximum(segment, 1)) & 15)
    return bytes((code ^ np.where(samples >= 0, 0xD5, 0x55)).astype(np.uint8))


def _linear(code: int) -> int:
    bits = code ^ 0x55
    segment, step = (bits >> 4) & 7, (bits & 15) << 4
    size = step + 8 if segment == 0 else (step + 0x108) << (segment - 1)
    return size if bits & 0x80 else -size


LINEAR = np.array([_linear(code) for code in range(256)], np.int16)
"""The sample that each byte stands for."""
