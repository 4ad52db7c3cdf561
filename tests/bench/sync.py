"""Rows of `/sync` over HTTP on the loopback: 200 x 200 pixels, warm, at random positions."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import http.client
import os
import re
import socket
import statistics
import subprocess
import time

import data
from bench_context import HERE, need
from measure import Failed, Measured, answer

WORKERS = 2  # of us and of the peer
RADIUS = 99.5 * data.SCALE  # of a circle that touches 200 x 200 pixels; 199 or 201 for one in fifty, as the scale varies
CONFIG = """data = "{work}/server"
surveys = "{work}/surveys.d"
[server]
listen = "127.0.0.1:0"
[server.limits]
requests_per_second = 0
[workers]
count = {workers}
[log]
level = "warn"
[plugins]
directories = ["{build}/plugins"]
"""


@contextlib.contextmanager
def running(command, log, env=None):
    """A server, until the block ends."""
    with open(log, "wb") as complaints:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints,
                                   text=True, env=env)
        try:
            yield process
        finally:
            process.terminate()
            process.communicate()


def port_said(process, log):
    """The port in the URL that a server says it listens on."""
    found = re.search(r":(\d+)/?\s*$", process.stdout.readline())
    if not found:
        raise Failed(f"a server did not start: {log.read_text()[-500:]}")
    return int(found[1])


@contextlib.contextmanager
def recorte_server(context):
    config, log = context.work / "recorte.toml", context.work / "server.log"
    config.write_text(CONFIG.format(work=context.work, build=context.build, workers=WORKERS))
    with running([context.program("recorte"), "serve", "--config", config], log) as process:
        yield port_said(process, log)


@contextlib.contextmanager
def fastapi_server(context):
    need("uvicorn")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = context.work / "uvicorn.log"
    command = ["uvicorn", "--app-dir", HERE, "--port", port, "--workers", WORKERS, "--no-access-log", "--log-level", "warning",
               "fastapi_service:app"]
    with running(command, log, {**os.environ, "BENCH_IMAGE": str(context.image("plain"))}) as process:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"uvicorn did not start: {log.read_text()[-500:]}")
            time.sleep(0.1)
        yield port


def write_paths(context, name, path_of, places):
    path = context.work / name
    path.write_text("".join(path_of(ra, dec) + "\n" for ra, dec in places))
    return path


def sync_path(ra, dec):
    return f"/sync?ID=plain&CIRCLE={ra!r}+{dec!r}+{RADIUS!r}"


def fastapi_path(ra, dec):
    return f"/cutout?ra={ra!r}&dec={dec!r}&size=200"


def places(context, count):
    _, _, ra, dec = data.positions(count, context.next_seed())
    return list(zip(ra.tolist(), dec.tolist()))


def check(port, path):
    """Bytes of one answer, which must be 200 and a FITS of 200 x 200 pixels."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200 or not re.search(rb"NAXIS1  = +200 .*NAXIS2  = +200 ", body[:100_000], re.DOTALL):
        raise Failed(f"{path}: {response.status}, {body[:200]!r}")
    return len(body)


def wrk(port, paths, seconds, connections=8):
    run = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", HERE / "random_paths.lua", f"http://127.0.0.1:{port}"],
                         capture_output=True, text=True, env={**os.environ, "BENCH_PATHS": str(paths)})
    rate = re.search(r"Requests/sec: +([\d.]+)", run.stdout)
    if not rate or "Non-2xx" in run.stdout or "Socket errors" in run.stdout:
        raise Failed(f"wrk: {run.stdout[-500:]}{run.stderr[-500:]}")
    return float(rate[1])


def against_fastapi(context):
    need("wrk", "uvicorn")
    where = places(context, 2000)
    our_paths = write_paths(context, "sync.paths", sync_path, where)
    their_paths = write_paths(context, "fastapi.paths", fastapi_path, where)
    seconds, ours, theirs = 2 if context.quick else 5, [], []
    with recorte_server(context) as our_port, fastapi_server(context) as their_port:
        sizes = check(our_port, sync_path(*where[0])), check(their_port, fastapi_path(*where[0]))
        for port, paths in ((our_port, our_paths), (their_port, their_paths)):
            wrk(port, paths, 1)  # warms every worker
        for _ in range(context.count(5, 2)):
            ours.append(wrk(our_port, our_paths, seconds))
            theirs.append(wrk(their_port, their_paths, seconds))
    return Measured(ours, theirs, "1/s", {"bytes": sizes[0], "theirs_bytes": sizes[1]})


def overhead(context):
    """Differences to a route that does no work, pair by pair: the time of a cutout less that of as many bytes of nothing."""
    paths = write_paths(context, "sync.paths", sync_path, places(context, context.count(2000, 300)))
    log = context.work / "edge.log"
    with recorte_server(context) as port, running([context.program("bench_edge"), 0, 1], log) as edge:
        found = answer([context.program("latency_bench"), port, paths, port_said(edge, log), "/bytes/{}"])
    first, second = statistics.median(found["first"]), statistics.median(found["second"])
    return Measured([a - b for a, b in zip(found["first"], found["second"])], [150e-6],
                    extra={"sync": first, "no_work": second, "bytes": found["bytes"]})
