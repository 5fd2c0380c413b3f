"""Sound files as recorders of many makes write them."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from base.audio import RATE, Samples

CODECS = {".wav": "pcm_s16le", ".mp3": "libmp3lame", ".opus": "libopus", ".amr": "libopencore_amrnb"}


def write(path: Path, *channels: Samples, codec: str = "") -> Path:
    """The channels, equally long, in the form that the name's suffix says."""
    layout = {1: "mono", 2: "stereo", 4: "quad"}[len(channels)]
    form = {".opus": "ogg"}.get(path.suffix)
    with av.open(str(path), "w", format=form) as file:
        stream = file.add_stream(codec or CODECS[path.suffix], rate=RATE, layout=layout)
        assert isinstance(stream, av.AudioStream)
        samples = np.ascontiguousarray(np.column_stack(channels).reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.rate = RATE
        for part in (frame, None):
            file.mux(stream.encode(part))
    return path
