"""Pages of the documentation, followed as a reader would: `pages.py NAME` takes docs/*/NAME.md, with _ for -.

What a page may do, and how it says so, is in page.py. It is followed in an empty directory, by one shell, so that `cd` and
`export` last. The programs are in PATH; /opt/recorte, where pages have Recorte installed, is a prefix of the case's own;
port 8080 is one that is free, and a block that starts `recorte serve … &` is over when it listens. What is still running at the
end is ended."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import page
from harness import BUILD, DATA, RECORTE, SOURCE, Skip
from serving import wait_until

PATIENCE = 300  # seconds for a block
PREFIX = "/opt/recorte"


def install(prefix):
    """The SDK as `cmake --install` leaves it, and the programs and plugins of the build tree, in a prefix."""
    subprocess.run(["cmake", "--install", BUILD, "--component", "sdk", "--prefix", prefix], check=True, capture_output=True)
    (prefix / "bin").mkdir()
    (prefix / "lib/recorte/plugins").mkdir(parents=True)
    for program in pathlib.Path(RECORTE).parent.glob("recorte*"):
        try:
            os.link(program, prefix / "bin" / program.name)
        except OSError:  # another file system
            shutil.copy2(program, prefix / "bin")
    for plugin in (BUILD / "plugins").glob("*.so"):
        (prefix / "lib/recorte/plugins" / plugin.name).symlink_to(plugin)


def free_port():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return listener.getsockname()[1]


class Shell:
    """One bash, which ends at the first command that fails."""

    def __init__(self, directory, notes, environment):
        self.notes, self.blocks = notes, 0
        status, theirs = os.pipe()
        self.status = os.fdopen(status, "rb")
        self.process = subprocess.Popen(["bash", "--norc"], stdin=subprocess.PIPE, cwd=directory, env=environment,
                                        pass_fds=[theirs], start_new_session=True)
        os.close(theirs)
        self._say(f"exec 9>&{theirs} {theirs}>&-; set -eo pipefail")

    def _say(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def run(self, text):
        """Runs the lines in the shell; returns whether none failed, and what they printed. After a failure it is over."""
        self.blocks += 1
        script, output = self.notes / f"{self.blocks}.sh", self.notes / f"{self.blocks}.txt"
        script.write_text(text)
        self._say(f"source '{script}' </dev/null >'{output}' 2>&1 9>&-; echo >&9")
        assert select.select([self.status], [], [], PATIENCE)[0], f"not done in {PATIENCE} s:\n{text}\n{output.read_text()}"
        good = self.status.readline() == b"\n"
        return good, output.read_text(errors="replace")

    def directory(self):
        return pathlib.Path(os.readlink(f"/proc/{self.process.pid}/cwd"))

    def end(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.stdin.close()
        self.process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.status.close()


def wait_for(port):
    def listens():
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return True
    wait_until(listens, f"a server on port {port}")


def text_files(directory):
    for path in directory.rglob("*"):
        if path.is_file() and path.stat().st_size < 1 << 20 and "CMakeFiles" not in path.parts:
            with contextlib.suppress(UnicodeDecodeError):
                yield path.read_text()


def follow(file, tmp):
    """Takes every step of a page."""
    prefix, home, notes, port = tmp / "opt", tmp / "home", tmp / "notes", free_port()
    for directory in (home, notes):
        directory.mkdir()
    install(prefix)
    environment = {k: v for k, v in os.environ.items() if k not in ("DESTDIR", "RECORTE_PLUGIN_PATH", "RECORTE_SURVEYS")}
    environment |= {"PATH": f"{prefix}/bin:/usr/bin:{environment['PATH']}", "HOME": str(home),
                    "PYTHONPATH": str(SOURCE / "tests/integration"), "RECORTE_TEST_DATA": str(DATA), "CMAKE_GENERATOR": "Ninja"}
    if shutil.which("ccache"):
        environment |= {"CMAKE_C_COMPILER_LAUNCHER": "ccache", "CMAKE_CXX_COMPILER_LAUNCHER": "ccache",
                        "CCACHE_DIR": os.environ.get("CCACHE_DIR", os.path.expanduser("~/.cache/ccache"))}
    shell, printed = Shell(home, notes, environment), ""
    with contextlib.closing(contextlib.ExitStack()) as ending:
        ending.callback(shell.end)
        for step in page.steps(file.read_text()):
            where = f"{file}:{step.line}"
            text = step.text.replace(PREFIX, str(prefix)).replace("8080", str(port))
            if step.kind == page.NEEDS and not DATA.is_dir():
                raise Skip(f"no survey data in {DATA}; set RECORTE_TEST_DATA")
            if step.kind == page.FILE:
                path = shell.directory() / step.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            if step.kind == page.SHELL:
                good, printed = shell.run(f"if (\n{text}\n); then false; fi\n" if step.fails else text)
                assert good, f"{where}: {'this was to fail' if step.fails else 'this failed'}\n{text}\n{printed}"
                if "recorte serve" in text and text.rstrip().endswith("&"):
                    wait_for(port)
            if step.kind == page.OUTPUT:
                missing = page.agrees(text, printed)
                assert not missing, f"{where}: not printed: {missing}\n--- but\n{printed}"
            if step.kind == page.QUOTE:
                assert any(page.quoted(text, f) for f in text_files(home)), f"{where}: no file has these lines\n{text}"


def main():
    try:
        for name in sys.argv[1:]:
            found = list(SOURCE.glob(f"docs/*/{name.replace('_', '-')}.md"))
            assert len(found) == 1, f"pages of that name: {found}"
            with tempfile.TemporaryDirectory(prefix="recorte-") as directory:
                follow(found[0], pathlib.Path(directory))
    except Skip as reason:
        print(f"SKIPPED: {reason}")


if __name__ == "__main__":
    main()
