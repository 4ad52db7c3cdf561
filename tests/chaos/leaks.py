"""What the service holds of the machine: processes, descriptors, memory, files that should be gone."""
# SPDX-License-Identifier: BSD-3-Clause
import collections
import contextlib
import os
import pathlib
import re

PACKS = 64     # that a server may keep open
SPARE = 12     # descriptors of one kind that may be more than to begin with: connections of the database and the like
MEMORY = 700   # MiB that a server may take
WORKER = 600   # and a worker


def processes(marker):
    """Ids of all processes in whose environment the marker stands."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if marker.encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
    return sorted(found)


def parent(pid):
    with contextlib.suppress(OSError):
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return 0


def command(pid):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return ""


def descriptors(pid):
    """How many of each kind."""
    kinds = collections.Counter()
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(OSError):
            target = os.readlink(f"/proc/{pid}/fd/{number}")
            kinds["pack" if ".pack" in target else re.sub(r"[0-9a-f]{32}|\[?\d+\]?", "N", target)] += 1
    return kinds


def memory(pid):
    """MiB in use. Sanitizers have their own, which say nothing."""
    if os.environ.get("RECORTE_SANITIZE"):
        return 0.0
    with contextlib.suppress(OSError):
        found = re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())
        return int(found.group(1)) / 1024 if found else 0.0
    return 0.0


class Base:
    """As it is in peace: what each server and worker holds when nobody asks."""

    def __init__(self, servers):
        self.servers = {s.name: descriptors(s.process.pid) for s in servers}
        self.workers = collections.Counter()
        for server in servers:
            for pid in server.workers():
                self.workers |= descriptors(pid)


def more_than(base, now, spare):
    """Sentences on kinds of which there are more than that."""
    for kind, count in sorted(now.items()):
        most = PACKS if kind == "pack" else base[kind] + spare
        if count > most:
            yield f"{count} descriptors of {kind}, where {base[kind]} were to begin with"


def leaks_of(world, base):
    servers = {s.process.pid: s for s in world.servers if s.process.poll() is None}
    wrong = []
    for pid in processes(str(world.directory)):
        if pid not in servers and parent(pid) not in servers:
            wrong.append(f"a process was left behind: {pid}, {command(pid)}")
    for pid, server in servers.items():
        wrong += [f"server {server.name} has {s}" for s in more_than(base.servers[server.name], descriptors(pid), SPARE)]
        if memory(pid) > MEMORY:
            wrong.append(f"server {server.name} takes {memory(pid):.0f} MiB, more than {MEMORY}")
        workers = server.workers()
        if len(workers) > 4:
            wrong.append(f"server {server.name} has {len(workers)} workers, where 2 + 2 are configured")
        for worker in workers:
            # A worker keeps up to 64 images open; all else is as it was.
            held = collections.Counter({k: n for k, n in descriptors(worker).items() if ".fits" not in k})
            wrong += [f"worker {worker} of {server.name} has {s}" for s in more_than(base.workers, held, SPARE)]
            if memory(worker) > WORKER:
                wrong.append(f"worker {worker} of {server.name} takes {memory(worker):.0f} MiB, more than {WORKER}")
    for path in (world.directory / "tmp").iterdir():
        wrong.append(f"a temporary file was left behind: {path}")
    return wrong
