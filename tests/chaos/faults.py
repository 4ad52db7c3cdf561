"""The faults, and how often each comes. A fault returns what it did, or None where it cannot be had now."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time

from harness import BUILD
from lasting import Lasting
from notes import Credential
from reload import called, library
from serving import wait_until
from world import USERS

DAY = 86400
DISK_FAULTS = ("disk full", "disk frozen")
DATABASE_FAULTS = ("database away", "database frozen", "connections dropped")


def signalled(pids, number):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def kind_of(fault):
    return fault.__name__.replace("_", " ")


class Faults:
    def __init__(self, world, notes, chooser, only=None):
        self.world, self.notes, self.chooser = world, notes, chooser
        self.lasting, self.version = Lasting(notes), 0
        self.table = {
            self.worker_killed: 14, self.worker_stopped: 9, self.server_killed: 8, self.server_ended: 4,
            self.file_damaged: 8, self.file_truncated: 6, self.file_gone: 4,
            self.plugin_upgraded: 6, self.bad_plugin: 4, self.hang_up: 4,
            self.token_rotated: 8, self.secret_changed: 2, self.clients_vanish: 6, self.drained: 3}
        if world.own_disk:
            self.table |= {self.disk_full: 6, self.disk_frozen: 8}
        if world.clock_moves:
            self.table |= {self.clock_moved: 6}
        if world.postgres:
            self.table |= {self.all_servers_killed: 2, self.database_killed: 4, self.database_crashed: 4,
                           self.database_frozen: 5, self.connections_dropped: 10}

        if only:
            self.table = {fault: weight for fault, weight in self.table.items() if kind_of(fault) in only}
            assert self.table, f"there are no faults called {', '.join(only)} here"

    def one(self):
        """Does one that can be had; its kind, and what it was."""
        while True:
            fault = self.chooser.choices(list(self.table), list(self.table.values()))[0]
            said = fault()
            if said:
                return kind_of(fault), said

    def settle(self):
        self.lasting.settle()

    def instant(self, kind):
        self.notes.end(self.notes.begin(kind))

    def seconds(self, least, most):
        return round(self.chooser.uniform(least, most), 2)

    def server(self):
        return self.chooser.choice(self.world.servers)

    # Processes.

    def worker_killed(self):
        server = self.server()
        pids = server.workers()
        if not pids:
            return None
        pid = self.chooser.choice(pids)
        self.instant("worker killed")
        signalled([pid], signal.SIGKILL)
        return f"of {server.name}, {pid}"

    def worker_stopped(self):
        """Now and then for longer than a cutout may take."""
        server = self.server()
        pids = server.workers()
        if not pids or "worker stopped" in self.lasting:
            return None
        pid = self.chooser.choice(pids)
        seconds = self.seconds(12, 15) if self.chooser.random() < 0.1 else self.seconds(0.1, 3)
        self.lasting.add("worker stopped", seconds, lambda: signalled([pid], signal.SIGCONT))
        signalled([pid], signal.SIGSTOP)
        return f"of {server.name}, {pid}, for {seconds} s"

    def server_killed(self):
        server, away = self.server(), self.seconds(0, 1)
        self.restart([server], away, lambda s: s.kill())
        return f"{server.name}, away for {away} s"

    def all_servers_killed(self):
        self.restart(self.world.servers, 0, lambda s: s.kill())
        return "together"

    def server_ended(self):
        server = self.server()
        self.restart([server], 0, self.stop)
        return f"{server.name}, by SIGTERM"

    def stop(self, server):
        status = server.stop()
        if status != 0:
            self.notes.wrong(f"{server.name} ended with {status} after SIGTERM")

    def restart(self, servers, away, end, between=lambda: None):
        window = self.notes.begin("server away")
        for server in servers:
            end(server)
        between()
        time.sleep(away)
        for server in servers:
            server.start()
        self.notes.end(window)

    def hang_up(self):
        server = self.server()
        server.process.send_signal(signal.SIGHUP)
        return f"of {server.name}"

    def clients_vanish(self):
        """Thirty at once, each in the middle of a request."""
        server = self.server()
        heads = ["GET /", "GET /api/v1/cutout?survey=demo&ra=0.05&dec=10&size=64px HTTP/1.1\r\nHost: x\r\n",
                 "POST /api/v1/jobs?survey=demo&size=64px HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                 "Content-Length: 100000\r\n\r\nid,ra,dec\n"]
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for number in range(30):
                connection = stack.enter_context(socket.create_connection((server.host, server.port), 5))
                connection.sendall(heads[number % len(heads)].encode())
        return f"of {server.name}, thirty"

    # The database.

    def database(self, seconds, break_it):
        if "database away" in self.lasting or "database frozen" in self.lasting:
            return None
        self.lasting.add("database away", seconds, self.world.postgres.start)
        break_it()
        return f"for {seconds} s"

    def database_killed(self):
        return self.database(self.seconds(0.1, 3), self.world.postgres.kill)

    def database_crashed(self):
        return self.database(self.seconds(0.1, 3), self.world.postgres.crash)

    def database_frozen(self):
        if "database away" in self.lasting or "database frozen" in self.lasting:
            return None
        main = self.world.postgres.process.pid
        children = subprocess.run(["pgrep", "-P", str(main)], capture_output=True).stdout.split()
        pids, seconds = [main, *map(int, children)], self.seconds(0.2, 4)
        self.lasting.add("database frozen", seconds, lambda: signalled(pids, signal.SIGCONT))
        signalled(pids, signal.SIGSTOP)
        return f"for {seconds} s"

    def connections_dropped(self):
        if "database away" in self.lasting or "database frozen" in self.lasting:
            return None
        self.instant("connections dropped")
        dropped = self.world.postgres.query(
            "postgres", "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = 'recorte'")
        return f"{dropped} of them"

    # The disk, and files.

    def disk_full(self):
        """Now and then for longer than a job waits."""
        if "disk full" in self.lasting or "disk frozen" in self.lasting:
            return None
        ballast = self.world.disk / "ballast"
        seconds = self.seconds(33, 36) if self.chooser.random() < 0.1 else self.seconds(0.5, 5)
        self.lasting.add("disk full", seconds, lambda: ballast.unlink())
        with open(ballast, "wb") as file:
            free = os.statvfs(self.world.disk)
            step = free.f_bavail * free.f_bsize
            while step >= free.f_bsize:  # others write, too: down to the last block
                try:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), step)
                except OSError:
                    step //= 2
        return f"for {seconds} s"

    def disk_frozen(self):
        """Nothing is written any more, and whoever wants to waits."""
        if "disk frozen" in self.lasting or "disk full" in self.lasting:
            return None
        seconds = self.seconds(0.2, 3)
        self.lasting.add("disk frozen", seconds, lambda: subprocess.run(["fsfreeze", "-u", self.world.disk], check=True))
        subprocess.run(["fsfreeze", "-f", self.world.disk], check=True)
        return f"for {seconds} s"

    def of_frail(self, kind, spoil):
        """One of its files, until it is put back: over what is there, or as another file."""
        if any(k in self.lasting for k in ("file damaged", "file truncated", "file gone")):
            return None
        path = self.chooser.choice(sorted(self.world.frail.glob("*.fits")))
        seconds, in_place = self.seconds(0.3, 4), self.chooser.random() < 0.5
        good = self.world.directory / "sky" / path.name

        def restore():
            if in_place:
                shutil.copyfile(good, path)
            else:
                fresh = path.with_suffix(".fresh")
                shutil.copy2(good, fresh)
                fresh.rename(path)

        self.lasting.add(kind, seconds, restore)
        spoil(path)
        return f"{path.name}, for {seconds} s"

    def file_damaged(self):
        def spoil(path):
            with open(path, "r+b") as file:
                for _ in range(200):
                    file.seek(self.chooser.randrange(path.stat().st_size))
                    file.write(self.chooser.randbytes(16))
        return self.of_frail("file damaged", spoil)

    def file_truncated(self):
        return self.of_frail("file truncated", lambda path: os.truncate(path, self.chooser.randrange(path.stat().st_size)))

    def file_gone(self):
        return self.of_frail("file gone", lambda path: path.unlink())

    # Plugins, keys, the clock.

    def put(self, name, code):
        fresh = self.world.plugins / "fresh"
        fresh.write_bytes(code)
        fresh.rename(self.world.plugins / name)

    def asked(self, server, method, path, body=None):
        """An admin's act; None where the server does not answer."""
        try:
            return server.admin(method, path, body)
        except (OSError, http.client.HTTPException):
            return None

    def reloaded(self, server, status, what):
        begin = time.time()
        answer = self.asked(server, "POST", "reload")
        excused = self.notes.any_during((*DISK_FAULTS, *DATABASE_FAULTS, "worker stopped", "worker killed", "file gone",
                                         "file damaged", "file truncated"), begin, time.time())
        if answer is None or answer.status == status or (excused and answer.status >= 400):
            return
        self.notes.wrong(f"a reload of {what} was answered {answer.status}: {answer.text[:500]}")

    def plugin_upgraded(self):
        name = self.chooser.choice(["cut", "mosaic", "lupton", "tiles"])
        self.version += 1
        self.put(f"{name}.so", called(library(name), name, f"0.{self.version}.0"))
        for server in self.world.servers:
            self.reloaded(server, 200, f"{name} 0.{self.version}.0")
        return f"{name} 0.{self.version}.0"

    def bad_plugin(self):
        name = self.chooser.choice(["cut", "tiles"])
        good = (self.world.plugins / f"{name}.so").read_bytes()
        what = self.chooser.choice(["garbage", "half", "crash"])
        self.put(f"{name}.so", {
            "garbage": b"no library", "half": good[:len(good) // 2],
            "crash": (BUILD / "vices" / "vice-segfault-constructor.so").read_bytes()}[what])
        server = self.server()
        self.reloaded(server, 400, f"a bad {name} ({what})")
        self.put(f"{name}.so", good)
        return f"{name}, {what}, at {server.name}"

    def new_token(self, user):
        answer = self.asked(self.server(), "POST", "tokens", {"user": user, "scopes": ["read", "submit"]})
        if not answer or answer.status != 201:
            return None
        self.act("token", answer.json["id"])
        return Credential(user, answer.json["token"], answer.json["id"])

    def act(self, what, object):
        with self.notes.lock:
            self.notes.acts.append((time.time(), what, object))

    def use(self, credential):
        with self.notes.lock:
            old = self.notes.credentials.get(credential.user)
            self.notes.credentials[credential.user] = credential
            if old:
                self.notes.old_credentials.append(old)
        return old

    def token_rotated(self):
        user = self.chooser.choice(USERS)
        fresh = self.new_token(user)
        if not fresh:
            return None
        old = self.use(fresh)
        old.ending = time.monotonic()
        answer = self.asked(self.server(), "DELETE", f"tokens/{old.id}")
        if answer and answer.status < 300:
            old.ended = time.monotonic()
            self.act("token", old.id)
        return f"of {user}" + ("" if old.ended < float("inf") else "; the old one may still be good")

    def secret_changed(self):
        """All tokens end with it."""
        now = time.monotonic()
        with self.notes.lock:
            every = [*self.notes.credentials.values(), *self.notes.old_credentials]
        for credential in every:
            credential.ending = min(credential.ending, now)
        self.restart(self.world.servers, 0, self.stop, self.world.new_secret)
        for credential in every:
            credential.ended = min(credential.ended, time.monotonic())
        self.sign_in()
        return "and all tokens with it"

    def sign_in(self):
        """Tokens for all users, once it can be had."""
        for user in USERS:
            self.use(wait_until(lambda: self.new_token(user), f"a token for {user}"))

    def clock_moved(self):
        seconds = self.chooser.choice([-DAY, -3600, -30, 0, 30, 3600, DAY, 2 * DAY])
        self.world.move_clock(seconds)
        return f"to {seconds:+} s"

    def drained(self):
        """And let in again, unless it was started anew meanwhile."""
        server = self.server()
        if "drained" in self.lasting:
            return None
        answer, seconds = self.asked(server, "POST", "drain", {}), self.seconds(0.2, 2)
        if not answer or answer.status >= 300:
            return None
        self.lasting.add("drained", seconds, lambda: wait_until(
            lambda: (a := self.asked(server, "DELETE", "drain", {})) and a.status in (200, 404), "the end of a drain"))
        return f"{server.name}, for {seconds} s"
