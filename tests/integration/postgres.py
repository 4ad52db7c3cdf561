"""A private PostgreSQL in a directory of its own, on a Unix socket: for tests, never beside others."""
# SPDX-License-Identifier: BSD-3-Clause
import glob
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile

from harness import Skip


def programs():
    """Where initdb and pg_ctl are, or a skip."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    if not found:
        raise Skip("postgresql is not installed")
    return pathlib.Path(found[-1]).parent


class Postgres:
    """Runs from construction to close(). `url` is for Recorte's [database]."""

    def __init__(self):
        self.bin = programs()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="recorte-pg-"))
        self.user = None
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            self.user = "postgres"
            owner = pwd.getpwnam(self.user)
            os.chown(self.directory, owner.pw_uid, owner.pw_gid)
        self.data = self.directory / "data"
        self._run("initdb", "-D", self.data, "-U", "recorte", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        self.url = f"postgresql://recorte@/recorte?host={self.directory}"
        self.start()
        self._run("createdb", "-h", self.directory, "-U", "recorte", "recorte")

    def _run(self, program, *arguments):
        command = [str(self.bin / program), *map(str, arguments)]
        if self.user:
            command = ["runuser", "-u", self.user, "--", *command]
        done = subprocess.run(command, capture_output=True, cwd="/")
        assert done.returncode == 0, f"{command}\n{done.stdout.decode()}{done.stderr.decode()}"

    def start(self):
        options = f"-c listen_addresses='' -c unix_socket_directories={self.directory} -c max_connections=50"
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.directory / "log", "-o", options, "start")

    def processes(self):
        """Its postmaster first, then what that has started."""
        try:
            postmaster = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return []
        children = subprocess.run(["pgrep", "-P", str(postmaster)], capture_output=True).stdout.split()
        return [postmaster, *map(int, children)]

    def kill(self):
        """kill -9 of all its processes at once, as when the machine takes its memory back."""
        for process in self.processes():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def close(self):
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)
