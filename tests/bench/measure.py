"""How things are measured: processes with all that they start, medians, memory."""
# SPDX-License-Identifier: BSD-3-Clause
import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import threading
import time


class Missing(Exception):
    """The peer of a row is not on this machine."""


class Failed(Exception):
    """What was to be measured went wrong."""


@dataclasses.dataclass
class Spent:
    """Seconds of one process: on the clock, and of processors, its descendants included (as far as they were waited for)."""
    wall: float
    cpu: float


@dataclasses.dataclass
class Measured:
    """What a row found: samples of ours and theirs (None: nobody to compare with), and more for the JSON."""
    ours: list
    theirs: list | None
    unit: str = "s"  # or "1/s"
    extra: dict = dataclasses.field(default_factory=dict)


def spend(command, env=None, stdout=None):
    """Runs a command to its end. Its standard output goes to `stdout`, a path, or nowhere; its complaints are told if it fails."""
    command = [str(word) for word in command]
    with open(stdout or os.devnull, "wb") as out, open(os.devnull) as nothing:
        begin = time.monotonic()
        process = subprocess.Popen(command, stdin=nothing, stdout=out, stderr=subprocess.PIPE, env=env)
        complaints = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)  # reaped here, not by subprocess
        process.stderr.close()
    if process.returncode != 0:
        raise Failed(f"{' '.join(command)[:300]} failed with {process.returncode}: {complaints.decode(errors='replace')[-500:]}")
    return Spent(wall, usage.ru_utime + usage.ru_stime)


def spend_many(commands):
    """The wall seconds of many short processes, one after another, started as cheaply as there is."""
    commands = [[str(word) for word in command] for command in commands]
    with open(os.devnull, "wb") as nothing:
        quiet = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), 1), (os.POSIX_SPAWN_DUP2, nothing.fileno(), 2)]
        begin = time.monotonic()
        for command in commands:
            pid = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
            if os.waitpid(pid, 0)[1] != 0:
                raise Failed(f"{' '.join(command)} failed")
        seconds = time.monotonic() - begin
    return seconds


def answer(command, env=None):
    """The JSON that a command prints."""
    run = subprocess.run([str(word) for word in command], env=env, capture_output=True, text=True)
    if run.returncode != 0:
        raise Failed(f"{command[0]} failed with {run.returncode}: {run.stderr[-500:]}")
    return json.loads(run.stdout)


def quartiles(samples):
    """(first quartile, median, third)."""
    if len(samples) < 2:
        return samples[0], samples[0], samples[0]
    return tuple(statistics.quantiles(samples, n=4, method="inclusive"))


def descendants(pid):
    """A process and all below it."""
    found = [pid]
    for parent in found:
        try:
            for task in pathlib.Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            pass  # it has ended
    return found


def memory_of(pids):
    """Bytes that processes hold together: anonymous memory, and shared memory once, whether mapped or only open (memfd)."""
    anonymous = mapped = 0
    files = {}
    for pid in pids:
        try:
            for line in open(f"/proc/{pid}/smaps_rollup"):
                name, value = line.split()[:2]
                if name == "Pss_Anon:":
                    anonymous += 1024 * int(value)
                elif name == "Pss_Shmem:":
                    mapped += 1024 * int(value)
            for entry in os.scandir(f"/proc/{pid}/fd"):
                if os.readlink(entry.path).startswith("/memfd:"):
                    status = os.stat(entry.path)
                    files[status.st_ino] = 512 * status.st_blocks
        except (OSError, ValueError):
            pass  # it has ended
    return anonymous + max(mapped, sum(files.values()))


class PeakMemory:
    """With PeakMemory(pid) as memory: … ; memory.peak: the most bytes that a process and its descendants held, looked at every 50 ms."""

    def __init__(self, pid):
        self.peak = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self):
        while not self._ended.wait(0.05):
            self.peak = max(self.peak, memory_of(descendants(self._pid)))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()
