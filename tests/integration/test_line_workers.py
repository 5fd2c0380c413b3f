"""What happens when processes die, stop or start in odd places."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest

from base.audio import read_wav, seconds, write_wav
from base.errors import LineError
from dialer.line.protocol import (
    Answered,
    Ended,
    EndedBy,
    Incoming,
    Invited,
    Listen,
    Originate,
    Play,
    Provisional,
    Ready,
    Respond,
    SpeechBegan,
)
from dialer.line.settings import WorkerSettings
from dialer.line.wire import Channel
from dialer.line.worker_process import ROOT
from dialer.line.workers import WorkerPool
from tests.linekit import PATIENCE_S, Pair, Watched, hang_up
from tests.sipp import free_port
from tests.speechlike import speech

pytestmark = pytest.mark.sip

PARENT = """
import asyncio, sys
from dialer.line.protocol import Answered, Originate
from dialer.line.workers import WorkerPool

async def main():
    pool = await WorkerPool.start(workers=1)
    leg = pool.originate(Originate("leg", sys.argv[1]))
    while not isinstance(await leg.next_event(), Answered):
        pass
    print(pool.pids[0], flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def until_gone(pid: int) -> None:
    """Wait until a process that is not our child is gone."""
    async with asyncio.timeout(10):
        while Path(f"/proc/{pid}").exists():  # noqa: ASYNC110, ASYNC240
            await asyncio.sleep(0.02)


async def until_up(pool: WorkerPool, workers: int) -> None:
    async with asyncio.timeout(20):
        while len(pool.ports) < workers:  # noqa: ASYNC110 (the pool tells nobody)
            await asyncio.sleep(0.05)


async def test_a_killed_worker_costs_its_calls_and_comes_back_on_its_port(tmp_path: Path) -> None:
    async with await WorkerPool.start(workers=1) as caller, await WorkerPool.start(workers=1) as phone:
        pair, ports = Pair(caller, phone), caller.ports
        ours, theirs = await pair.talk(tmp_path)
        await asyncio.sleep(0.8)
        os.kill(caller.pids[0], signal.SIGKILL)
        ended = await ours.until(Ended)
        assert (ended.by, ended.status) == (EndedBy.FAILURE, 0)
        assert None not in (ended.invited_at, ended.ringing_at, ended.answered_at)
        assert seconds(read_wav(tmp_path / "ours_customer.wav")) > 0.4
        assert caller.free == 0
        with pytest.raises(LineError):
            pair.dial()
        await until_up(caller, 1)
        assert (caller.ports, caller.free) == (ports, 4)
        again, answered = await pair.talk()
        assert again.all(Answered)
        await phone.close()
        assert (await answered.over()).by is EndedBy.US
        assert (await again.over()).by is EndedBy.THEM
        assert (await theirs.over()).by is EndedBy.US


async def test_a_worker_killed_while_the_phone_rings_tells_that_it_rang_and_frees_nothing() -> None:
    """D10: the far end rings on, and nobody can say for how long."""
    async with await WorkerPool.start(workers=1) as caller, await WorkerPool.start(workers=1) as phone:
        ours, theirs, _ = await Pair(caller, phone).ring()
        rang = await ours.until(Provisional)
        os.kill(caller.pids[0], signal.SIGKILL)
        ended = await ours.until(Ended)
        [invited] = ours.all(Invited)
        assert (ended.by, ended.invited_at, ended.ringing_at) == (EndedBy.FAILURE, invited.at, rang.at)
        await until_up(caller, 1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ours.leg.next_event(), 0.2)
        assert not theirs.leg.ended


async def test_a_worker_that_hangs_is_killed_and_replaced_and_its_calls_end() -> None:
    async with (
        await WorkerPool.start(workers=1, hangs_s=2.0) as caller,
        await WorkerPool.start(workers=1) as phone,
    ):
        ours, _ = await Pair(caller, phone).talk()
        (pid,), ports = caller.pids, caller.ports
        os.kill(pid, signal.SIGSTOP)
        ended = await ours.until(Ended)
        assert (ended.by, ended.status) == (EndedBy.FAILURE, 0)
        await until_gone(pid)
        await until_up(caller, 1)
        assert caller.ports == ports


async def test_draining_takes_no_new_calls_and_waits_for_those_that_are_up() -> None:
    async with await WorkerPool.start(workers=1) as caller, await WorkerPool.start(workers=1) as phone:
        pair = Pair(caller, phone)
        ours, theirs = await pair.talk()
        assert (caller.free, caller.talking) == (3, 1)
        assert await caller.drain(0.0) == 1
        assert caller.free == 0
        draining = asyncio.create_task(caller.drain(PATIENCE_S))
        ended, _ = await hang_up(ours, theirs)
        assert ended.by is EndedBy.US
        assert await draining == 0


async def test_signals_that_are_meant_for_the_parent_cost_no_call() -> None:
    async with await WorkerPool.start(workers=1) as caller, await WorkerPool.start(workers=1) as phone:
        pair = Pair(caller, phone)
        ours, theirs = await pair.talk()
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(caller.pids[0], number)
        await asyncio.sleep(0.3)
        ended, seen = await hang_up(ours, theirs)
        assert (ended.by, seen.by) == (EndedBy.US, EndedBy.THEM)
        assert len(caller.pids) == 1


async def test_workers_of_a_killed_parent_hang_up_and_go() -> None:
    async with await WorkerPool.start(workers=1) as phone:
        uri = f"sip:100@127.0.0.1:{phone.ports[0]}"
        parent = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PARENT, uri, stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        incoming = await phone.next_incoming()
        incoming.send(Respond(incoming.id, 200))
        assert parent.stdout is not None
        worker = int(await parent.stdout.readline())
        parent.kill()
        await parent.wait()
        ended = await Watched(incoming).over()
        assert (ended.by, ended.status) == (EndedBy.THEM, 200)
        assert ended.ladder[-2].endswith("< BYE")
        await until_gone(worker)


async def test_a_worker_whose_control_socket_closes_exits_0() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "dialer.line.worker", str(theirs.fileno()), pass_fds=(theirs.fileno(),),
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    channel = Channel(ours)
    channel.send(WorkerSettings())
    ready = None
    while ready is None:
        await asyncio.sleep(0.02)
        ready = next(channel.receive(), None)
    assert isinstance(ready, Ready)
    assert ready.pid == process.pid
    channel.send(Originate("leg", f"sip:nobody@127.0.0.1:{free_port()}"))
    channel.close()
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_closing_with_calls_in_every_state_ends_all_of_them() -> None:
    caller = await WorkerPool.start(workers=1)
    phone = await WorkerPool.start(workers=1)
    pair = Pair(caller, phone)
    legs = [*(await pair.talk()), *(await pair.ring())[:2]]
    legs.append(pair.dial())
    legs.append(Watched(await phone.next_incoming()))
    legs.append(Watched(caller.originate(Originate("hole", f"sip:nobody@127.0.0.1:{free_port()}"))))
    await asyncio.gather(caller.close(), phone.close())
    ends = [await leg.until(Ended) for leg in legs]
    assert caller.exit_statuses + phone.exit_statuses == (0, 0)
    assert {ended.by for ended in ends} <= {EndedBy.US, EndedBy.THEM, EndedBy.FAILURE}


async def test_two_workers_get_consecutive_ports_and_share_the_calls() -> None:
    first = free_port()
    async with (
        await WorkerPool.start(workers=2, calls_per_worker=1, port=first) as phones,
        await WorkerPool.start(workers=2, calls_per_worker=1) as callers,
    ):
        assert phones.ports == (first, first + 1)
        assert callers.free == 2
        for n, port in enumerate(phones.ports):
            callers.originate(Originate(f"leg-{n}", f"sip:{n}@127.0.0.1:{port}"))
        assert callers.free == 0
        calls = [(await phones.next_incoming()).incoming for _ in range(2)]
        assert {call.number for call in calls if isinstance(call, Incoming)} == {"0", "1"}


async def test_a_port_in_use_is_one_clear_error() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(LineError, match="ready"):
            await WorkerPool.start(workers=1, port=taken.getsockname()[1])


async def test_workers_start_from_a_directory_whose_name_has_a_space(tmp_path: Path) -> None:
    home = tmp_path / "a place"
    for room in ("base", "dialer"):
        shutil.copytree(ROOT / room, home / room, ignore=shutil.ignore_patterns("__pycache__"))
    program = (
        "import asyncio\nfrom dialer.line.worker_process import ROOT\n"
        "from dialer.line.workers import WorkerPool\n"
        "async def main():\n    pool = await WorkerPool.start(workers=1)\n    await pool.close()\n"
        "    print(ROOT.name, pool.exit_statuses)\nasyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=home, stdout=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )  # fmt: skip
    said, _ = await process.communicate()
    assert said.decode().strip() == "a place (0,)"


async def test_a_worker_whose_replacement_cannot_start_is_tried_again_by_one_alone() -> None:
    """Its port is taken meanwhile: each failed start doubles the pause, and no second replacer joins in."""
    async with await WorkerPool.start(workers=1) as pool:
        (port,), (pid,) = pool.ports, pool.pids
        os.kill(pid, signal.SIGKILL)
        await until_gone(pid)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", port))
            async with asyncio.timeout(20):
                while pool._deaths[0] < 2:  # noqa: ASYNC110 (the pool tells nobody)
                    await asyncio.sleep(0.02)
            assert len(pool._tasks) == 2
        await until_up(pool, 1)
        assert pool.ports == (port,)


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


async def test_a_worker_that_listens_has_no_more_threads_than_before(tmp_path: Path) -> None:
    """The detector's library takes four threads that spin, unless the worker is started with a limit."""
    sound = tmp_path / "speech.wav"
    write_wav(sound, speech(3.0))
    async with await WorkerPool.start(workers=1) as caller, await WorkerPool.start(workers=1) as phone:
        ours, theirs = await Pair(caller, phone).talk()
        before = threads(caller.pids[0])
        ours.leg.send(Listen(ours.id, "answer"))
        theirs.leg.send(Play(theirs.id, "answer", (str(sound),)))
        await ours.until(SpeechBegan)
        assert threads(caller.pids[0]) == before
        await hang_up(ours, theirs)


async def test_many_calls_that_are_refused_at_once_do_not_end_the_worker() -> None:
    """PJSIP has 64 sockets, and gives them back late: a hundred calls a second would end the process."""
    async with await WorkerPool.start(workers=1) as caller, await WorkerPool.start(workers=2) as phone:
        pids, ports = caller.pids, phone.ports

        async def refuse() -> None:
            while True:
                incoming = await phone.next_incoming()
                incoming.send(Respond(incoming.id, 486))

        refusing = asyncio.create_task(refuse())
        for n in range(150):
            await asyncio.sleep(0.01)
            if caller.free:
                caller.originate(Originate(f"refused-{n}", f"sip:1@127.0.0.1:{ports[n % 2]}"))
        refusing.cancel()
        assert caller.pids == pids
