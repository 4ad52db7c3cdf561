"""The world that is broken: a disk of its own, surveys, plugins, users, one or two servers, their database."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import http.client
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

from harness import BUILD, RECORTE, run
from postgres import Postgres
from serving import PATIENCE, Answer, Server

DISK = 1 << 30
MORE_PATIENCE = 5 * PATIENCE
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
GOOD_PLUGINS = ("tiles", "cut", "stitch", "mosaic", "lupton")
BLOCK = 20  # real-time cutouts leased at once
# ana and rita have room enough; bob's jobs wait for the next day again and again.
USERS = ("ana", "bob", "rita")
CONFIG = f"""
[server.limits]
requests_per_second = 0
[workers]
count = 2
batch = 2
timeout = "20s"
plugin_faults = 0
[jobs]
keep = "KEEP"
longest_keep = "LONGEST"
products_per_task = 25
active = 10000
[scheduling]
task_time = "0.5s"
[quota]
block = {BLOCK}
[quota.users.ana]
cutouts_per_day = 100000000
bytes = "1TiB"
[quota.users.bob]
cutouts_per_day = 1500
[quota.users.rita]
cutouts_per_day = 100000000
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Chaotic(Server):
    """A server that is started anew after each death, on the same port and data."""

    def __init__(self, name, world):
        self.name, self.world, self.data = name, world, world.disk / f"data-{name}"
        self.file = world.directory / f"{name}.toml"
        self.log = world.directory / f"server-{name}.log"
        super().__init__(None, f"http://127.0.0.1:{free_port()}", self.log)
        self.born = 0.0
        self.kills = 0

    def configure(self, keep="300d", longest="365d"):
        w = self.world
        database = f'[database]\nurl = "{w.database_url}"\n' if w.database_url else ""
        self.file.write_text(
            f'data = "{self.data}"\nsurveys = "{w.surveys}"\n[plugins]\ndirectories = ["{w.plugins}"]\n'
            f'[server]\nlisten = "127.0.0.1:{self.port}"\n[results]\ndirectory = "{w.results}"\n'
            f'[auth]\nsecret = {{ file = "{w.secret}" }}\n'
            + database + CONFIG.replace("KEEP", keep).replace("LONGEST", longest))

    def start(self, meanwhile=lambda: None):
        """`meanwhile`: what is done between attempts, as disks and databases come back."""
        end = time.monotonic() + MORE_PATIENCE
        while True:
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen([RECORTE, "serve", "--config", self.file], stdout=subprocess.PIPE,
                                                stderr=log, env=self.world.environment)
            if self.process.stdout.readline().startswith(b"recorte: listening"):
                self.born = time.monotonic()
                return
            self.process.wait()
            assert time.monotonic() < end, f"the server does not start: see {self.log}"
            meanwhile()
            time.sleep(0.1)

    def kill(self):
        self.kills += 1
        self.process.kill()
        self.process.wait()

    def stop(self):
        """By SIGTERM, in good order. Its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(MORE_PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} has not ended {MORE_PATIENCE} s after SIGTERM")

    def admin(self, method, path, body=None):
        """An admin's act, through its Unix socket."""
        connection = UnixConnection(self.data / "admin.sock")
        try:
            connection.request(method, "/api/v1/admin/" + path, json.dumps(body) if body is not None else None,
                               {"Content-Type": "application/json"})
            response = connection.getresponse()
            return Answer(response, response.read())
        finally:
            connection.close()

    def hurry(self):
        """Workers of jobs run where nobody else wants the processor; on a busy machine that is never."""
        for pid in self.workers():
            with contextlib.suppress(OSError):
                os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0))

    def workers(self):
        """Process ids."""
        out = subprocess.run(["pgrep", "-P", str(self.process.pid), "-f", "recorte-worker"], capture_output=True).stdout
        return sorted(map(int, out.split()))


class World:
    def __init__(self, directory, database, clock=True, disk=True):
        self.directory = directory
        for name in ("disk", "tmp", "plugins", "peace"):
            (directory / name).mkdir()
        self.disk = directory / "disk"
        self.own_disk = disk and self._mount()
        self.results = self.disk / "jobs"
        self.plugins, self.secret, self.clock = directory / "plugins", directory / "secret", directory / "clock"
        self._make_surveys()
        for name in GOOD_PLUGINS:
            shutil.copy(BUILD / "plugins" / f"{name}.so", self.plugins)
        self.new_secret()
        self.move_clock(0)
        self.environment = {**os.environ, "TMPDIR": str(directory / "tmp")}
        self.clock_moves = clock and os.path.exists(FAKETIME)
        if self.clock_moves:
            self.environment |= {
                "LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(self.clock), "FAKETIME_CACHE_DURATION": "1",
                "NO_FAKE_STAT": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self.postgres = Postgres() if database == "postgres" else None
        self.database_url = self.postgres.database() if self.postgres else None
        self.servers = [Chaotic(name, self) for name in ("ab" if self.postgres else "a")]
        for server in self.servers:
            server.configure()
        if self.postgres:
            run("db", "migrate", "--config", self.servers[0].file)

    def _mount(self):
        """A file system of its own, which can be filled and frozen; only root has it."""
        image = self.directory / "disk.ext4"
        with open(image, "wb") as file:
            file.truncate(DISK)
        return os.geteuid() == 0 and all(
            subprocess.run(command, capture_output=True).returncode == 0 for command in
            (["mkfs.ext4", "-q", "-m", "0", image], ["mount", "-o", "loop", image, self.disk]))

    def _make_surveys(self):
        run("demo", self.directory)
        self.surveys, self.frail = self.directory / "surveys.d", self.directory / "frail"
        shutil.copytree(self.directory / "sky", self.frail)
        text = (self.surveys / "demo.toml").read_text().replace('"../sky"', f'"{self.frail}"')
        (self.surveys / "frail.toml").write_text(text)
        run("survey", "index", "--name", "frail", "--surveys", self.surveys)

    def new_secret(self):
        self.secret.write_text(secrets.token_hex(32))

    def move_clock(self, seconds):
        """Of the servers, by so much from the true time."""
        fresh = self.directory / "clock.new"
        fresh.write_text(f"{seconds:+d}\n")
        fresh.rename(self.clock)

    def query(self, sql):
        """Rows of it, numbers as numbers."""
        if self.postgres:
            # One JSON array a row, so that no text is taken for two.
            lines = self.postgres.query("recorte", f"select row_to_json(t) from ({sql}) t").splitlines()
            return [tuple(json.loads(line).values()) for line in lines]
        connection = sqlite3.connect(f"file:{self.servers[0].data}/recorte.sqlite?mode=ro", uri=True, timeout=PATIENCE)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def change(self, sql):
        """For those who test the audit."""
        if self.postgres:
            self.postgres.query("recorte", sql)
            return
        with sqlite3.connect(self.servers[0].data / "recorte.sqlite", timeout=PATIENCE) as connection:
            connection.execute(sql)
        connection.close()

    def start(self):
        for server in self.servers:
            server.start()

    def end(self):
        """Whatever runs is killed, and the disk is taken away; files stay where they can be studied."""
        for server in self.servers:
            if server.process and server.process.poll() is None:
                server.kill()
        if self.postgres:
            self.postgres.kill()
        if self.own_disk:
            subprocess.run(["fsfreeze", "-u", self.disk], capture_output=True)

    def remove(self):
        if self.own_disk:
            subprocess.run(["umount", "-l", self.disk], check=False)
        if self.postgres:
            shutil.rmtree(self.postgres.directory, ignore_errors=True)
        for path in pathlib.Path("/dev/shm").glob("*faketime_*"):  # its own, of processes that were killed
            if not os.path.exists(f"/proc/{path.name.rsplit('_', 1)[1]}"):
                path.unlink(missing_ok=True)
        shutil.rmtree(self.directory, ignore_errors=True)
