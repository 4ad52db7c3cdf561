"""A private `recorte serve` for a test, and requests to it."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import hashlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.parse

from harness import DEMO_SURVEYS, EXAMPLE, RECORTE

PATIENCE = 60  # seconds that a condition may take to come true


class Answer:
    """Status, headers (case-insensitive, as http.client has them) and body."""

    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """The running server; `url` is where it listens."""

    def __init__(self, process, url, log):
        self.process, self.url, self.log = process, url, log
        self.host, port = re.match(r"http://(.*):(\d+)$", url).groups()
        self.port = int(port)

    def connect(self, timeout=PATIENCE):
        return socket.create_connection((self.host, self.port), timeout)

    def request(self, method, path, parameters=None, body=None, headers=None):
        """`parameters`: a dict or a list of pairs, for the query."""
        if parameters:
            path += "?" + urllib.parse.urlencode(parameters)
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response, response.read())

    def get(self, path, parameters=None, **headers):
        return self.request("GET", path, parameters, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def sync(self, *pairs, **parameters):
        """GET /sync; pairs for what is repeated."""
        return self.get("/sync", [*pairs, *parameters.items()])

    def cutout(self, **parameters):
        """GET /api/v1/cutout, of the demo sky's example unless told otherwise."""
        given = {"survey": "demo", "ra": EXAMPLE[0], "dec": EXAMPLE[1], "size": "64px", **parameters}
        return self.get("/api/v1/cutout", {k: v for k, v in given.items() if v is not None})

    def metric(self, name):
        """The sum of a metric over its labels."""
        lines = [l for l in self.get("/metrics").text.splitlines() if re.match(rf"{name}(\{{| )", l)]
        assert lines, f"no metric {name}"
        return sum(float(l.rsplit(" ", 1)[1]) for l in lines)

    def descriptors(self):
        """What each of its descriptors is, but those of the SQLite file, which it keeps for the next: a few for each store."""
        def target(number):
            with contextlib.suppress(FileNotFoundError):
                return os.readlink(f"/proc/{self.process.pid}/fd/{number}")
        every = [target(number) for number in os.listdir(f"/proc/{self.process.pid}/fd")]
        return sorted(what for what in every if what and "/recorte.sqlite" not in what)

    def resident(self):
        """MiB of the server process."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def log_lines(self):
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


def wait_until(condition, what, patience=PATIENCE):
    """What the condition gives once it holds; so many seconds, of programs under sanitizers three times that."""
    if os.environ.get("RECORTE_SANITIZE"):
        patience *= 3
    end = time.monotonic() + patience
    while not (value := condition()):
        assert time.monotonic() < end, f"not in {patience} s: {what}"
        time.sleep(0.02)
    return value


def _on_postgresql(tmp, config):
    """The configuration with a database of the test's own, where the suite is run on PostgreSQL
    (tests/endurance/on_postgresql): RECORTE_TEST_POSTGRES is the directory of its socket."""
    sockets = os.environ.get("RECORTE_TEST_POSTGRES")
    if not sockets or "[database]" in config:
        return config
    name = "t" + hashlib.sha256(str(tmp).encode()).hexdigest()[:16]
    command = ["psql", "-h", sockets, "-U", "postgres", "-d", "postgres", "-Atqc"]
    if not subprocess.run([*command, f"select 1 from pg_database where datname = '{name}'"], check=True,
                          capture_output=True).stdout.strip():
        subprocess.run([*command, f"create database {name}"], check=True)
    url = f"postgresql://postgres@{urllib.parse.quote(sockets, safe='')}/{name}"
    config += f'\n[database]\nurl = "{url}"\n'
    (tmp / "migrate.toml").write_text(f'[database]\nurl = "{url}"\n')
    subprocess.run([RECORTE, "db", "migrate", "--config", tmp / "migrate.toml"], check=True, capture_output=True)
    return config


@contextlib.contextmanager
def serving(tmp, *arguments, surveys=DEMO_SURVEYS, config="", status=0, env=None, under=()):
    """Serves until the block ends, then ends it with SIGTERM and checks its exit status. `under`: a command in front."""
    data = tmp / "data"
    config = _on_postgresql(tmp, config)
    options = ["--data", data, "--listen", "127.0.0.1:0"]
    if surveys:
        options += ["--surveys", surveys]
    if config:
        (tmp / "recorte.toml").write_text(config)
        options += ["--config", tmp / "recorte.toml"]
    log = tmp / "server.log"
    with open(log, "wb") as errors:
        process = subprocess.Popen([*under, RECORTE, "serve", *map(str, options), *map(str, arguments)],
                                   stdout=subprocess.PIPE, stderr=errors, env={**os.environ, **(env or {})})
    try:
        line = process.stdout.readline().decode()
        assert line.startswith("recorte: listening on http://"), f"{line}\n{log.read_text()[-4000:]}"
        yield Server(process, line.split()[-1], log)
    except BaseException:
        process.kill()
        process.wait()
        print(log.read_text()[-4000:])
        raise
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    ended = process.wait(PATIENCE)
    assert ended == status, f"the server ended with {ended}\n{log.read_text()[-4000:]}"
