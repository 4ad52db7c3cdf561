#!/usr/bin/python3
"""How much longer one who waits for a cutout waits while a batch of 100,000 runs.

    tests/bench/realtime.py --build build/release

Two hundred cutouts of 200² one after another, on an idle server, then with the batch running; prints
median and 99th percentile of both, and their ratios, which may be 1.5 and 3; beyond, it exits with 1.
"""
# SPDX-License-Identifier: BSD-3-Clause
import argparse
import http.client
import io
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CUTOUTS = 200
BOUNDS = 1.5, 3.0  # of the median, and of the 99th percentile


def cutouts(server, count):
    """Seconds of each, over one connection."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    out = []
    for _ in range(count):
        ra, dec = (0.055 + random.uniform(-.03, .03)) % 360, 10.005 + random.uniform(-.03, .03)
        began = time.perf_counter()
        connection.request("GET", f"/api/v1/cutout?survey=demo&ra={ra:.6f}&dec={dec:.6f}&size=200px&bands=g")
        answer = connection.getresponse()
        body = answer.read()
        out.append(time.perf_counter() - began)
        assert answer.status == 200 and body.startswith(b"SIMPLE"), answer.status
    return sorted(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--positions", type=int, default=100_000)
    given = parser.parse_args()
    sys.path.insert(0, str(ROOT / "tests" / "integration"))
    for name, value in {"RECORTE": given.build / "bin" / "recorte", "RECORTE_DEMO": "", "RECORTE_SOURCE": ROOT,
                        "RECORTE_BUILD": given.build}.items():
        os.environ.setdefault(name, str(value))
    from serving import serving

    random.seed(5)
    body = io.StringIO()
    body.write("id,ra,dec\n")
    for i in range(given.positions):
        body.write(f"o{i},{(0.055 + random.uniform(-.05, .05)) % 360:.7f},{10.005 + random.uniform(-.05, .05):.7f}\n")
    with tempfile.TemporaryDirectory(prefix="recorte-realtime-") as name:
        tmp = pathlib.Path(name)
        subprocess.run([os.environ["RECORTE"], "demo", tmp / "demo"], check=True, stdout=subprocess.DEVNULL)
        with serving(tmp, surveys=tmp / "demo" / "surveys.d", config="[server.limits]\nrequests_per_second = 0.0\n") as server:
            cutouts(server, 50)
            idle = cutouts(server, CUTOUTS)
            answer = server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "200px", "bands": "g"},
                                    body.getvalue().encode(), {"Content-Type": "text/csv"})
            assert answer.status == 201, answer.text
            job = f"/api/v1/jobs/{answer.json['id']}"
            while server.get(job).json["done"] < 1000:  # several tasks: both kinds of workers are at it
                time.sleep(0.05)
            busy = cutouts(server, CUTOUTS)
            phase = server.get(job).json
            assert phase["phase"] == "EXECUTING", f"the batch ended too early: {phase['phase']}"
            server.request("DELETE", job)
    for label, times in (("idle", idle), ("with a batch", busy)):
        print(f"{label:13} median {statistics.median(times) * 1e3:6.2f} ms   99 % {times[int(len(times) * .99)] * 1e3:6.2f} ms")
    last = int(CUTOUTS * .99)
    ratios = statistics.median(busy) / statistics.median(idle), busy[last] / idle[last]
    good = all(ratio <= bound for ratio, bound in zip(ratios, BOUNDS))
    print(f"{'ratio':13} median {ratios[0]:6.2f} (at most {BOUNDS[0]})   99 % {ratios[1]:6.2f} (at most {BOUNDS[1]})   "
          f"done meanwhile: {phase['done']} of {given.positions}   {'good' if good else 'TOO SLOW'}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
