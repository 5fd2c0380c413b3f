"""Prompts stopped in the moment they end: PJSIP must not call a player that is gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from base.audio import write_wav

ROUNDS, PLAYERS = 40, 24

PROGRAM = """
import gc, random, sys, time
from pathlib import Path
import pjsua2 as pj
from dialer.line.media import LegMedia

prompt, folder, rounds, players = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
endpoint, config = pj.Endpoint(), pj.EpConfig()
config.uaConfig.threadCnt, config.uaConfig.mainThreadOnly = 0, True
config.medConfig.clockRate = config.medConfig.sndClockRate = 8000
config.medConfig.sndAutoCloseTime, config.logConfig.consoleLevel = -1, 1
endpoint.libCreate()
endpoint.libInit(config)
endpoint.audDevManager().setNullDev()
endpoint.libStart()
idle = pj.ToneGenerator()
idle.createToneGenerator(8000, 1)
legs = [LegMedia(idle) for _ in range(players)]
for n, leg in enumerate(legs):
    far = pj.AudioMediaRecorder()
    far.createRecorder(str(folder / f"far-{n}.wav"))
    leg.connect(far)
del far
for _ in range(rounds):
    for leg in legs:
        leg.play((prompt,))
    until = time.monotonic() + random.uniform(0.2, 0.32)
    while time.monotonic() < until:
        endpoint.libHandleEvents(1)
    for leg in random.sample(legs, players):
        leg.stop()
        time.sleep(0.001)
for leg in legs:
    leg.close()
del idle
gc.collect()
endpoint.libDestroy()
print("whole")
"""


def test_a_player_dropped_at_its_end_is_not_called(tmp_path: Path) -> None:
    prompt = tmp_path / "prompt.wav"
    write_wav(prompt, np.full(2400, 1000, np.int16))
    program = [sys.executable, "-c", PROGRAM, str(prompt), str(tmp_path), str(ROUNDS), str(PLAYERS)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.split()[-1:]) == (0, ["whole"]), done.stderr
