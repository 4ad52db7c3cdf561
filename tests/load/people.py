"""Who keeps a server busy in a soak: each is a function that does one thing, and complains if the answer is wrong."""
# SPDX-License-Identifier: BSD-3-Clause
import io
import socket
import subprocess
import threading
import time
import zipfile

from ground import CENTRE, a_list, somewhere
from serving import wait_until

ENDED = ("COMPLETED", "ABORTED", "ERROR")
PATIENCE = 240  # seconds: workers of jobs give way to whatever else the machine does


def expect(answer, *statuses):
    assert answer.status in statuses, f"{answer.status} instead of {statuses}: {answer.body[:300]!r}"
    return answer


class People:
    """`keep`: seconds after which results go by themselves."""

    def __init__(self, server, keep):
        self.server, self.keep = server, keep
        self.latencies, self.lock = [], threading.Lock()
        self.left, self.jobs = [], 0  # jobs left to the retention: (when, path)

    def take_latencies(self):
        with self.lock:
            taken, self.latencies = self.latencies, []
        return taken

    def look(self, random):
        """A cutout for somebody who waits: three in five FITS, the others pictures."""
        ra, dec = somewhere(random)
        kind = random.choices(["fits", "png", "jpeg"], [6, 3, 1])[0]
        size = random.choice([32, 64, 200])
        began = time.monotonic()
        answer = self.server.cutout(ra=ra, dec=dec, size=f"{size}px", bands="g,r,i" if kind == "png" else "g", format=kind)
        spent = time.monotonic() - began
        expect(answer, 200)
        if kind == "fits":  # the same work every time
            with self.lock:
                self.latencies.append(spent)

    def err(self, random):
        """What is refused, or lies elsewhere."""
        wrong, status = random.choice([({"size": "64"}, 400), ({"survey": "dmo"}, 404), ({"ra": 100, "dec": -45}, 404), ({"ra": "x"}, 400),
                                       ({"bands": "u"}, 404), ({"size": "10deg"}, 413)])
        expect(self.server.cutout(**wrong), status)

    def read(self, random):
        expect(self.server.get(random.choice(["/", "/docs", "/availability", "/capabilities", "/metrics", "/healthz", "/api/v1/surveys",
                                              "/openapi.json", "/api/v1/surveys/demo"])), 200)

    def break_off(self, random):
        """Asks for much, reads little and goes, half of the time with a reset."""
        with self.server.connect() as client:
            client.sendall(f"GET /api/v1/cutout?survey=demo&ra={CENTRE[0]}&dec={CENTRE[1]}&size=600px HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            client.recv(random.choice([1, 5000]))
            if random.random() < 0.5:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    def dawdle(self, random):
        """Sends a request a few bytes at a time, within the server's patience, and reads the answer as slowly."""
        request = b"GET /api/v1/cutout?survey=demo&ra=0.055&dec=10.005&size=200px&bands=g HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        with self.server.connect() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            for at in range(0, len(request), 20):
                client.sendall(request[at:at + 20])
                time.sleep(0.5)
            assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
            while client.recv(16384):
                time.sleep(0.1)

    def uws(self, random):
        """A job of some regions by the other face; its results are read, and it is taken away."""
        circles = [("CIRCLE", "{:.6f} {:.6f} 0.002".format(*somewhere(random))) for _ in range(3)]
        from jobbing import create, phase
        job = create(self.server, [("ID", "demo"), ("FILTER", "g"), *circles])
        wait_until(lambda: phase(self.server, job) == "COMPLETED", f"the end of {job}", PATIENCE)
        expect(self.server.get(job + "/results/1"), 200)
        expect(self.server.request("DELETE", job), 303)

    def batch(self, random):
        """A list, which ends in one of the ways in which lists end."""
        count = random.randint(20, 120)
        answer = expect(self.server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "32px", "bands": "g"},
                                            a_list(random, count), {"Content-Type": "text/csv"}), 201)
        job = "/api/v1/jobs/" + answer.json["id"]
        self.jobs += 1
        random.choice([self._fetch, self._fetch, self._leave, self._cancel, self._pause, self._forget])(job, count)

    def clean_up(self):
        """Deletes jobs of which only the record is left."""
        old, self.left = self.left, []
        for when, job in old:
            if time.monotonic() < when + self.keep + 70:  # the janitor's own pace
                self.left.append((when, job))
                continue
            assert self.server.get(job).json["phase"] == "ARCHIVED", "results that are past their time are there"
            expect(self.server.request("DELETE", job), 204)

    def _ended(self, job):
        return wait_until(lambda: (now := expect(self.server.get(job), 200).json)["phase"] in ENDED and now,
                          f"the end of {job}", PATIENCE)

    def _fetch(self, job, count):
        state = self._ended(job)
        assert state["phase"] == "COMPLETED" and state["done"] == count, state
        with zipfile.ZipFile(io.BytesIO(expect(self.server.get(job + "/products.zip"), 200).body)) as archive:
            assert archive.testzip() is None
        assert expect(self.server.get(job + "/manifest.csv"), 200).text.count("\n") == count + 1
        expect(self.server.request("DELETE", job), 204)

    def _leave(self, job, count):
        self._ended(job)
        self.left.append((time.monotonic(), job))

    def _cancel(self, job, count):
        expect(self.server.request("POST", job + "/cancel"), 200, 303, 400, 409)  # may have ended
        self._ended(job)
        expect(self.server.request("DELETE", job), 204)

    def _pause(self, job, count):
        expect(self.server.request("POST", job + "/pause"), 200, 303, 400, 409)
        expect(self.server.request("POST", job + "/resume"), 200, 303, 400, 409)
        self._fetch(job, count)

    def _forget(self, job, count):
        expect(self.server.request("DELETE", job), 204)

    def operate(self, *words):
        """A command of the operator."""
        from harness import RECORTE
        done = subprocess.run([RECORTE, *words, "--data", self.server.directory / "data", "--config", self.server.directory / "recorte.toml"],
                              capture_output=True, text=True)
        assert done.returncode == 0, f"recorte {' '.join(words)}: {done.returncode}: {done.stderr}"
