"""Faults of processes: workers, servers, and those who ask them."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import signal
import socket
import time

from breaking import Breaking, signalled
from serving import wait_until


class ProcessFaults(Breaking):
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
        self.lasting.add("worker stopped", seconds, lambda: signalled([pid], signal.SIGSTOP),
                         lambda: signalled([pid], signal.SIGCONT))
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

    def drained(self):
        """And let in again, unless it was started anew meanwhile."""
        server = self.server()
        if "drained" in self.lasting:
            return None
        answer, seconds = self.asked(server, "POST", "drain", {}), self.seconds(0.2, 2)
        if not answer or answer.status >= 300:
            return None
        self.lasting.add("drained", seconds, lambda: None, lambda: wait_until(
            lambda: (a := self.asked(server, "DELETE", "drain", {})) and a.status in (200, 404), "the end of a drain"))
        return f"{server.name}, for {seconds} s"
