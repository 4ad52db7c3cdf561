"""A private PostgreSQL for a test, on a socket in a temporary directory; it ends with the test."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import glob
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import urllib.parse

from harness import Skip
from serving import PATIENCE, wait_until


class Postgres:
    def __init__(self):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
        if not found:
            raise Skip("PostgreSQL is not installed: apt-get install postgresql")
        self.programs = pathlib.Path(found[-1]).parent
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="recorte-pg-", dir="/tmp"))
        self.user = []
        if os.geteuid() == 0:
            who = pwd.getpwnam("postgres")
            os.chown(self.directory, who.pw_uid, who.pw_gid)
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=SIGQUIT"]
        self.run("initdb", "-D", self.directory / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale")
        self.process = None
        self.start()

    def run(self, program, *arguments):
        return subprocess.run([*self.user, self.programs / program, *arguments], check=True, capture_output=True, text=True,
                              timeout=PATIENCE, cwd=self.directory).stdout

    def start(self):
        with open(self.directory / "log", "a") as log:
            self.process = subprocess.Popen(
                [*self.user, self.programs / "postgres", "-D", self.directory / "data", "-k", self.directory, "-c",
                 "listen_addresses="], stdout=log, stderr=log, cwd=self.directory)
        wait_until(lambda: subprocess.run([self.programs / "pg_isready", "-q", "-h", self.directory]).returncode == 0,
                   "PostgreSQL starts")

    def crash(self):
        """At once, as `pg_ctl stop -m immediate`."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(PATIENCE)

    def kill(self):
        """kill -9 of all its processes, as when the machine takes its memory back."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True).stdout.split()
        for process in [self.process.pid, *map(int, children)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def database(self, name="recorte"):
        """The URL of a new, empty database."""
        self.query("postgres", f"create database {name}")
        return f"postgresql://postgres@{urllib.parse.quote(str(self.directory), safe='')}/{name}"

    def query(self, database, sql):
        """What psql prints of it, without heads."""
        return self.run("psql", "-h", self.directory, "-U", "postgres", "-d", database, "-Atqc", sql).strip()


@contextlib.contextmanager
def postgres():
    server = Postgres()
    try:
        yield server
    finally:
        if server.process:
            server.crash()
        shutil.rmtree(server.directory, ignore_errors=True)
